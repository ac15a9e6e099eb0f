"""The shared documents, where they are at hand: nothing of a task is lost, nothing of the site gets in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from luoshi.reading.sources import open_source

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "dev"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not at hand")
FILES = [
    "lanwan-docx.docx",
    "qingping-docx.docx",
    "yingning-docx.docx",
    "anxi-html.html",
    "zhonghe-html.html",
    "shangyun-html.html",
]
SITE = ["首页", "无障碍", "您当前的位置", "分享到", "相关信息", "网站标识码", "访问量", "搜索", "热点专题", "— 1 —"]


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("name", FILES)
def test_every_task_is_in_the_blocks_and_the_site_is_not(name: str) -> None:
    opened = open_source((CORPUS / "files" / name).read_bytes(), name)
    body = squeezed("".join(block.text for block in opened.blocks if block.kind != "chrome"))
    gold = json.loads((CORPUS / "gold" / f"{name.partition('.')[0]}.json").read_text())
    tasks = [(s["heading"], t) for plan in gold["plans"] for s in plan["sections"] for t in s["tasks"]]
    assert tasks
    assert [task["text"] for _, task in tasks if squeezed(task["text"]) not in body] == []
    assert [h for h, _ in tasks if h and squeezed(h.rpartition(" / ")[2]) not in body] == []
    assert [unit["name"] for _, task in tasks for unit in task["units"] if unit["name"] not in body] == []
    assert squeezed(gold["document"]["title"]) in body
    assert [word for word in SITE if word in body] == []


def test_automatic_numbers_are_in_the_text() -> None:
    blocks = open_source((CORPUS / "files" / "lanwan-docx.docx").read_bytes(), "a.docx").blocks
    gold = json.loads((CORPUS / "gold" / "lanwan-docx.json").read_text())
    texts = [squeezed(block.text) for block in blocks]
    sections = gold["plans"][0]["sections"]
    for section in sections:
        start = texts.index(squeezed(section["heading"]))
        for task in section["tasks"]:
            assert f"{task['number']}.{squeezed(task['text'])}" in texts[start:]


@pytest.mark.parametrize("path", sorted((CORPUS / "text").glob("*.txt")), ids=lambda path: path.stem)
def test_texts_are_verbatim_in_every_encoding(path: Path) -> None:
    text = path.read_text()
    wanted = [line for line in text.split("\n") if line.strip()]
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"):
        assert [block.text for block in open_source(text.encode(encoding), path.name).blocks] == wanted
