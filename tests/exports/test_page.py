"""The one-page ledger: every field leads to its words and back, nothing is fetched, nothing hostile runs."""

import re
from html.parser import HTMLParser

import msgspec
import pytest

from luoshi.exports import write
from luoshi.reading.ledger import Block, Coverage, Origin, Span
from tests.exports.factory import example_ledger
from tests.exports.test_writers import EVIL, poisoned


class Seen(HTMLParser):
    """Ids, links and tags of a page."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append((tag, found))
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a" and found.get("href", "").startswith("#"):
            self.links.append(found["href"][1:])

    def handle_data(self, data):
        self.text.append(data)


def test_every_link_leads_to_one_place_and_every_field_has_its_words():
    seen = Seen(write(example_ledger(), "html"))
    assert len(seen.ids) == len(set(seen.ids))
    assert set(seen.links) <= set(seen.ids)
    fields = {name[1:] for name in seen.ids if re.fullmatch(r"f\d+", name)}
    words = {name[1:] for name in seen.ids if re.fullmatch(r"s\d+", name)}
    assert fields == words
    assert len(fields) > 200


def test_the_whole_document_is_on_the_left():
    ledger = example_ledger()
    page = write(ledger, "html").decode()
    left = Seen(page[page.index('<article class="sheet">') : page.index("</article>")].encode())
    shown = "".join(left.text).replace("\n", "")
    assert shown == "".join(block.text for block in ledger.blocks)


def test_a_document_without_line_breaks_is_laid_out_by_what_was_read():
    ledger = example_ledger()
    text = "".join(block.text for block in ledger.blocks)
    starts = [0]
    for block in ledger.blocks:
        starts.append(starts[-1] + len(block.text))

    def moved(value):
        if isinstance(value, Span):
            return Span(0, value.start + starts[value.block], value.end + starts[value.block])
        if isinstance(value, tuple):
            return tuple(map(moved, value))
        if isinstance(value, msgspec.Struct):
            return msgspec.structs.replace(value, **{f: moved(getattr(value, f)) for f in value.__struct_fields__})
        return value

    one = msgspec.structs.replace(ledger, plans=moved(ledger.plans), blocks=(Block(kind="paragraph", text=text),))
    page = write(one, "html").decode()
    assert "<p><span>1.</span>" in page or "<p>1." in page
    assert page.count("<p>责任单位：") == 64


def test_tables_keep_their_grid():
    cells = [
        Block(kind="cell", text="序号", origin=Origin(table=0, row=0, column=0)),
        Block(kind="cell", text="任务", origin=Origin(table=0, row=0, column=1, column_span=2)),
        Block(kind="cell", text="1", origin=Origin(table=0, row=1, column=0, row_span=2)),
        Block(kind="cell", text="甲", origin=Origin(table=0, row=1, column=2)),
        Block(kind="cell", text="乙", origin=Origin(table=0, row=2, column=1)),
    ]
    ledger = msgspec.structs.replace(example_ledger(), plans=(), blocks=(*cells, Block(kind="paragraph", text="后文")))
    page = write(ledger, "html").decode()
    table = page[page.index("<table>") : page.index("</table>")]
    assert '<td>序号</td><td colspan="2">任务</td>' in table
    assert '<td rowspan="2">1</td><td></td><td>甲</td>' in table
    assert "<tr><td>乙</td><td></td></tr>" in table
    assert "<p>后文</p>" in page


def test_words_not_understood_are_shown_and_linked_from_the_coverage():
    ledger = example_ledger()
    cover = Coverage(characters=100, facts=90, structure=0, prose=7, not_understood=(Span(22, 0, 3),))
    seen = Seen(write(msgspec.structs.replace(ledger, coverage=cover), "html"))
    assert "n0" in seen.ids and "n0" in seen.links


def test_nothing_hostile_becomes_markup():
    page = write(poisoned(), "html")
    seen = Seen(page)
    assert [tag for tag, _ in seen.tags].count("script") == 1
    assert b"\x00" not in page
    assert EVIL.split("\x00")[0] in "".join(seen.text)
    assert not [1 for _, found in seen.tags for name in found if name.startswith("on") or name in ("src", "style")]


def test_five_hundred_tasks_make_a_page():
    ledger = example_ledger()
    plan = ledger.plans[0]
    many = msgspec.structs.replace(ledger, plans=(msgspec.structs.replace(plan, sections=plan.sections * 8),))
    assert write(many, "html").count(b'<article class="tk"') == 512


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    """The page in a real browser, off line; fails on any request but the file itself and on any console error."""
    file = tmp_path_factory.mktemp("page") / "台账.html"
    file.write_bytes(write(example_ledger(), "html"))
    context = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True)
    tab = context.new_page()
    asked, said = [], []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.goto(file.as_uri())
    yield tab
    context.close()
    assert set(asked) == {file.as_uri()}
    assert not said, said


@pytest.mark.browser
def test_pointing_at_a_field_lights_its_words_and_scrolls_only_the_document(page):
    before = page.evaluate("document.querySelector('.led').scrollTop")
    page.dispatch_event("#t40 .f.t", "mouseover", {"bubbles": True})
    lit = page.locator(".src .on").all_inner_texts()
    assert lit and "".join(lit) in page.locator("#t40 .txt").inner_text()
    assert page.locator(".src .on").first.bounding_box()["y"] < 768
    assert page.evaluate("document.querySelector('.led').scrollTop") == before


@pytest.mark.browser
def test_pointing_at_words_lights_their_field(page):
    page.dispatch_event(".src a.sp.ku[data-f]", "mouseover", {"bubbles": True})
    assert page.locator(".led .on").count() == 1
    assert page.locator(".src .on").first.inner_text() in page.locator(".led .on").inner_text()


@pytest.mark.browser
def test_the_keyboard_walks_tasks_and_crosses_over(page):
    page.reload()
    for _ in range(3):
        page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.id") == "t1"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className").startswith("f u")
    field = page.evaluate("document.activeElement.dataset.f")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == f"s{field}"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == f"f{field}"


@pytest.mark.browser
def test_searching_leaves_only_what_fits(page):
    page.reload()
    page.keyboard.press("/")
    page.keyboard.type("县住建局")
    shown = page.locator(".tk:visible")
    assert 5 < shown.count() < 20
    assert all("县住建局" in text for text in shown.all_inner_texts())
    assert page.locator(".tools output").inner_text() == f"{shown.count()} / 72"
    page.keyboard.press("Escape")
    assert page.locator(".tk:visible").count() == 72
