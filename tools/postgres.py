"""Run a command with DATABASE_URL set to a private PostgreSQL server, which ends with the command.

The server lives in a temporary folder on a free port of this machine only, with durability off (it is for tests).
PostgreSQL refuses to run as root, so root hands it to the ``postgres`` user that Debian's package made.
Where no server is installed the command is not run: that is said, and the exit code is 0.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# zh text needs a UTF-8 locale: in "C" the trigram index finds no Chinese. fsync off: nothing here outlives the tests.
INIT = ["--username=luoshi", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
OPTIONS = "-c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def server_folder() -> Path | None:
    """The newest installed server's bin folder."""
    found = [initdb.parent for initdb in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not found and (on_path := shutil.which("initdb")):
        found = [Path(on_path).resolve().parent]
    return max(found, key=lambda folder: folder.parent.name.zfill(4), default=None)


def unprivileged() -> list[str] | None:
    """Words to put before a server command so that it does not run as root; None when there is no way."""
    if os.getuid() != 0:
        return []
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        return None
    return ["runuser", "-u", "postgres", "--"]


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(binaries: Path, prefix: list[str], kept: Path | None = None, options: str = OPTIONS) -> Iterator[str]:
    """A server with an empty database; yields its address, stops it and removes its folder.

    ``kept``: a folder that stays, with what an earlier run left in it.
    """
    home = kept or Path(tempfile.mkdtemp(prefix="luoshi-pg-"))
    home.mkdir(parents=True, exist_ok=True)
    if prefix:
        shutil.chown(home, "postgres")
    data, port = str(home / "data"), free_port()
    control = [*prefix, str(binaries / "pg_ctl"), "-D", data, "-s", "-w"]

    def do(words: list[str], check: bool = True) -> None:
        subprocess.run(words, check=check, cwd=home, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    try:
        if not Path(data, "PG_VERSION").exists():
            do([*prefix, str(binaries / "initdb"), "-D", data, *INIT])
        options = f"-p {port} -c unix_socket_directories={home} {options}"
        do([*control, "-l", str(home / "log"), "-o", options, "start"])
        try:
            yield f"postgresql://luoshi@127.0.0.1:{port}/postgres"
        finally:
            do([*control, "-m", "fast" if kept else "immediate", "stop"], check=False)
    finally:
        if kept is None:
            shutil.rmtree(home, ignore_errors=True)


def main(command: list[str]) -> int:
    """Exit code of the command, or 0 where there is no server to run it on."""
    binaries, prefix = server_folder(), unprivileged()
    if binaries is None:
        print("PostgreSQL is not installed on this machine: the tests did not run on it.")
        return 0
    if prefix is None:
        print("PostgreSQL does not run as root and there is no user `postgres`: the tests did not run on it.")
        return 0
    with running(binaries, prefix) as address:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
