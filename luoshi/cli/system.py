"""What the operating system refuses, in plain words."""

from __future__ import annotations

import errno
from pathlib import Path

from luoshi.cli.say import say

SYSTEM_SAYS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.EROFS: "磁盘只读",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EEXIST: "已有同名文件，不能建文件夹",
    errno.ELOOP: "链接绕成了圈",
}


def because(error: OSError) -> str:
    """Why the system refused, in plain words."""
    return say(SYSTEM_SAYS[error.errno]) if error.errno in SYSTEM_SAYS else (error.strerror or type(error).__name__)


def folder_there(path: Path) -> bool:
    """Whether there is such a folder; a path the system will not even look at is none."""
    try:
        return path.is_dir()
    except OSError:
        return False
