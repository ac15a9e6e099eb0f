"""``luoshi read --together``: a notice and its annexes in several files, a zip, an old document, as the command meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from luoshi.reading.sources.bundle import packed
from tests.cli.test_read import run, sentence

COVER = "澜政办发〔2026〕9号\n澜湾县人民政府办公室关于印发2026年重点工作责任分解的通知\n各镇人民政府：\n请落实。排在首位的为牵头单位。\n2026年2月6日\n"
WORK = "附件1\n2026年重点工作责任分解\n1.规上工业增加值增长7%。\n责任单位：县经信局、县发改局\n"
LIVELIHOOD = "附件2\n2026年民生实事项目责任分解\n1.新建公办幼儿园2所。\n责任单位：县教育局\n"
FILES = {"附件2.txt": LIVELIHOOD, "sub/附件1.txt": WORK, "关于印发的通知.txt": COVER}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "分解"
    for name, text in FILES.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, "utf-8")
    (place / "x.pptx").write_bytes(b"x")
    return place


def check(raw: bytes, name: str) -> None:
    """The one ledger of the three files, in their order."""
    ledger = json.loads(raw)
    assert ledger["source"]["name"] == name
    assert ledger["document"]["number"] == "澜政办发〔2026〕9号"
    tasks = [task for plan in ledger["plans"] for section in plan["sections"] for task in section["tasks"]]
    assert [ledger["blocks"][task["at"]["block"]]["origin"]["file"] for task in tasks] == ["sub/附件1.txt", "附件2.txt"]
    assert [unit["role"] for unit in tasks[0]["units"]] == ["lead", "support"]


def test_a_folder_is_one_document_when_asked_and_several_when_not(folder: Path) -> None:
    done = run("read", folder, "--together", "--blocks")
    assert done.returncode == 0
    check(done.stdout, "分解")
    assert sentence(done.stderr) == "文件夹里还有 1 份目前不能识读的文件，没有读：.pptx 1"
    assert len(run("read", folder).stdout.splitlines()) == 3


def test_files_named_one_by_one_are_read_together(folder: Path) -> None:
    done = run("read", "--together", "--blocks", *sorted(folder.rglob("*.txt")))
    assert len(json.loads(done.stdout)["plans"]) == 2


def test_a_zip_is_one_document(tmp_path: Path) -> None:
    data = packed({name: text.encode() for name, text in FILES.items()})
    (tmp_path / "a.zip").write_bytes(data)
    check(run("read", tmp_path / "a.zip", "--blocks").stdout, "a.zip")


def test_a_result_never_replaces_a_part(folder: Path) -> None:
    part = folder / "附件2.txt"
    done = run("read", folder, "--together", "-o", part, "--format", "json")
    assert done.returncode != 0
    assert "不能用结果覆盖它" in sentence(done.stderr)
    assert part.read_text("utf-8") == LIVELIHOOD


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    done = run("read", tmp_path, "--together")
    assert done.returncode != 0
    assert "没有认得的文件" in sentence(done.stderr)
