"""Progress documents: what is read of the documents of this folder, and what holds for any."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.reading import from_json as ledger_from_json
from luoshi.reading.accounts import Account, account_schema, from_json, read_account
from luoshi.reading.accounts.account import AccountItem, Figure
from luoshi.reading.ledger import Span
from luoshi.reading.rule import fold
from tests.reading.accounts.scoring import Score, account_of, documents, gold_of, ledger, report, score_into

NAMES = [path.stem for path in documents()]
TEXTS = [path for path in documents() if path.suffix == ".txt"]
# Below these no change may bring the whole folder: precision and recall, per cent.
FLOORS = {
    "items": (99, 99), "figures": (96, 97), "subject": (96, 96), "share": (96, 96), "growth": (96, 96), "basis": (95, 95),
    "cutoff": (96, 96), "stages": (86, 86), "states": (94, 94), "problems": (90, 90), "next": (94, 94),
    "expected": (94, 94), "match": (95, 95),
}  # fmt: skip


def account(text: str, **more: object) -> Account:
    return read_account(text.encode(), name="a.txt", **{"year": 2026, **more})  # type: ignore[arg-type]


def figures(text: str, **more: object) -> list[Figure]:
    return [figure for item in account(text, **more).items for figure in item.figures]


def test_the_folder_is_read_as_people_read_it() -> None:
    score = Score()
    for path in documents():
        score_into(score, path, account_of(path), gold_of(path))
    print(report(score))
    low = {k: (c.precision, c.recall) for k, c in score.counts.items() if (c.precision, c.recall) < FLOORS[k] or c.recall < FLOORS[k][1]}  # fmt: skip
    assert not low, "\n".join([str(low), *score.differences])
    assert set(score.counts) == set(FLOORS)


@pytest.mark.parametrize("path", documents(), ids=NAMES)
def test_every_value_quotes_its_place(path: Path) -> None:
    read = account_of(path)
    seen = 0
    for quote, at in quotes(read):
        assert read.quote(at) == quote
        seen += 1
    assert seen
    for item in read.items:
        for figure in item.figures:
            for part in (figure.share, figure.growth):
                if part:
                    assert f"{part.value:g}" in fold(read.quote(part.at)).replace(",", "")
            if figure.cutoff and figure.cutoff.at:
                assert read.quote(figure.cutoff.at) == figure.cutoff.text


def quotes(read: Account) -> Iterator[tuple[str, Span]]:
    """Every quote of an account with the place it gives."""
    for item in read.items:
        for figure in item.figures:
            yield figure.quote, figure.at
        for claim in item.stages:
            yield claim.quote, claim.at
        for word in (
            *item.states,
            *item.progress,
            *item.problems,
            *item.next_steps,
            *item.expected,
            *item.task,
            *item.units,
        ):
            yield word.text, word.at


@pytest.mark.parametrize("path", documents(), ids=NAMES)
def test_an_account_survives_its_json(path: Path) -> None:
    read = account_of(path)
    again = from_json(read.to_json(blocks=True))
    assert again == read
    assert account_of(path).to_json() == read.to_json()


def test_the_schema_names_every_field() -> None:
    schema = account_schema()
    assert set(schema["$defs"]["AccountItem"]["properties"]) == set(AccountItem.__struct_fields__)


# --- where the meaning stays, the account stays ---

HALF = str.maketrans("，；：（）", ",;:()")


def gist(read: Account) -> list[object]:
    """What an account says, without places, white space and width."""

    def plain(text: str | None) -> str:
        return re.sub(r"\s", "", fold(text or ""))

    return [
        (
            plain(item.title), item.match and item.match.path,
            [(plain(f.subject), f.value, plain(f.unit), f.claim, f.basis, f.cutoff and f.cutoff.until, f.share and f.share.value, f.growth and (f.growth.value, f.growth.direction)) for f in item.figures],
            [(plain(s.name), s.stage) for s in item.stages], [s.state for s in item.states],
            [plain(w.text) for w in (*item.problems, *item.next_steps)], [e.due for e in item.expected],
        )
        for item in read.items
    ]  # fmt: skip


def wide(text: str) -> str:
    """Digits and per cent signs behind words made full width."""
    pattern = re.compile(r"(?<=[\u4e00-\u9fa5])\d[\d.]*%?")
    return pattern.sub(lambda m: "".join(chr(ord(c) + 0xFEE0) if c in "0123456789%" else c for c in m.group()), text)


def wrapped(text: str, width: int) -> str:
    """Long lines broken as a copy from a page breaks them; tables and headings stay."""
    lines = []
    for line in text.split("\n"):
        if "|" in line or not re.search("[。；]", line):
            lines.append(line)
        else:
            lines += [line[i : i + width] for i in range(0, len(line), width)]
    return "\n".join(lines)


CHANGES: dict[str, Callable[[str], bytes]] = {
    "gb18030": lambda text: text.encode("gb18030"),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "blank lines": lambda text: text.replace("\n", "\n\n").encode(),
    "indented": lambda text: text.replace("\n", "\n　　").encode(),
    "full-width digits": lambda text: wide(text).encode(),
    "half-width punctuation": lambda text: text.translate(HALF).encode(),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_the_account_stays_where_the_meaning_stays(path: Path, change: str) -> None:
    text = path.read_text("utf-8")
    assert gist(account_of(path, CHANGES[change](text))) == gist(account_of(path))


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_broken_lines_cost_no_figure(path: Path) -> None:
    """Lines broken within a sentence are mended; where a break falls on a full stop the figures are the same still."""
    text = path.read_text("utf-8")

    def numbers(read: Account) -> list[object]:
        return [(f.value, f.unit, f.claim, f.share and f.share.value) for item in read.items for f in item.figures]

    for width in (29, 38):
        assert numbers(account_of(path, wrapped(text, width).encode())) == numbers(account_of(path))


# --- sentences ---


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("截至9月底，已完成老旧小区改造10个。", [(10, "个", "reached")]),
        ("全年计划改造12个，已完成10个。", [(12, "个", "aimed"), (10, "个", "reached")]),
        ("力争年底前完成改造12个。", [(12, "个", "aimed")]),
        ("预计全年完成投资15亿元。", [(15, "亿元", "forecast")]),
        ("剩余2个小区正在扫尾。", []),
        ("完成投资3.2亿元，总投资8亿元。", [(3.2, "亿元", "reached")]),
        ("下一步，新增泊位300个。", [(300, "个", "aimed")]),
    ],
)
def test_done_and_aimed_are_told_apart(text: str, wanted: list[tuple[float, str, str]]) -> None:
    assert [(f.value, f.unit, f.claim) for f in figures(text)] == wanted


@pytest.mark.parametrize(
    "text, until",
    [
        ("截至2026年9月底，建成泊位30个。", "2026-09"),
        ("1—9月建成泊位30个。", "2026-09"),
        ("前三季度建成泊位30个。", "2026-Q3"),
        ("上半年建成泊位30个。", "2026-06"),
        ("截至10月15日，建成泊位30个。", "2026-10-15"),
        ("截至目前，建成泊位30个。", None),
        ("建成泊位30个，较计划提前1个月。", None),
    ],
)
def test_cut_offs(text: str, until: str | None) -> None:
    (figure,) = figures(text)
    assert (figure.cutoff.until if figure.cutoff else None) == until


def test_until_now_is_the_periods_cut_off() -> None:
    (figure,) = figures("截至目前，建成泊位30个。", cutoff="2026-08")
    assert figure.cutoff and figure.cutoff.until == "2026-08"


def test_until_now_without_a_period_is_a_doubt() -> None:
    assert [doubt.code for doubt in account("截至目前，建成泊位30个。").doubts] == ["cutoff-unclear"]


def test_estimates_and_official_figures() -> None:
    (estimated,) = figures("1—9月规上工业增加值预计增长7.4%。")
    (official,) = figures("县域就诊率89.2%（医保部门反馈数）。")
    (plain,) = figures("新建数字工厂18家。")
    assert (estimated.basis, official.basis, plain.basis) == ("estimated", "official", None)


def test_share_and_growth_belong_to_their_figure() -> None:
    (figure,) = figures("完成一般公共预算收入18.6亿元，占年度预算的76%，同比下降5.2%。")
    assert figure.share and figure.share.value == 76
    assert figure.growth and (figure.growth.value, figure.growth.direction) == (5.2, "down")


def test_shares_are_dealt_out() -> None:
    found = figures("培训6850人次，新增高技能人才1122人，分别完成年度任务的85.6%、74.8%。")
    assert [f.share and f.share.value for f in found] == [85.6, 74.8]


def test_a_share_alone_is_a_figure_of_its_own() -> None:
    (figure,) = figures("目前已完成年度目标任务的62%。")
    assert (figure.kind, figure.value, figure.claim) == ("share", 62, "reached")


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("县体育馆已开工建设。", [("县体育馆", "break_ground")]),
        ("县体育馆将于12月开工建设。", []),
        ("项目尚未开工。", []),
        ("项目已完成立项审批。", [(None, "prepare")]),
        ("环湾快速路一期已于6月30日建成通车。", [("环湾快速路一期", "in_use")]),
        ("目前正在进行内部装修。", [(None, "advance")]),
        ("力争年底竣工投用。", []),
    ],
)
def test_stages_are_claims_only_when_reached(text: str, wanted: list[tuple[str | None, str]]) -> None:
    (item,) = account(text).items or (AccountItem(at=Span(0, 0, 0)),)
    assert [(claim.name, claim.stage) for claim in item.stages] == wanted


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("项目进度滞后。", ["behind"]),
        ("防止项目滞后。", []),
        ("目前亮黄灯。", ["yellow"]),
        ("推动绿色发展，建成公园2个。", []),
        ("完成年度任务的64.5%，超序时进度。", ["ahead"]),
        ("整治销号62个。", []),
        ("该项工作已完成。", ["done"]),
    ],
)
def test_words_of_state(text: str, wanted: list[str]) -> None:
    assert [word.state for item in account(text).items for word in item.states] == wanted


def test_contradicting_states_are_a_doubt() -> None:
    assert "states-disagree" in [d.code for d in account("1.甲项目。已完成投资2亿元，正常推进，进度滞后。").doubts]


@pytest.mark.parametrize(
    "text, due, certainty, stage",
    [
        ("主体已结顶，预计11月底完工。", "2026-11", "expected", "complete"),
        ("主体已结顶，力争2027年6月投用。", "2027-06", "aimed", "in_use"),
        ("主体已结顶，有望明年一季度建成。", "2027-Q1", "expected", "complete"),
    ],
)
def test_days_ahead(text: str, due: str, certainty: str, stage: str) -> None:
    (found,) = account(text).items[0].expected
    assert (found.due, found.certainty, found.stage) == (due, certainty, stage)


# --- the ledger's tasks ---


def test_a_paragraph_on_several_tasks_answers_each_target() -> None:
    text = "县经信局：新建县级数字工厂18家；腾退低效工业用地1130亩；规上工业增加值增长7.4%。"
    read = account(text, ledger=ledger())
    tasks = [
        figure.target and figure.target.split("/targets")[0][-7:] for item in read.items for figure in item.figures
    ]
    assert tasks == ["tasks/2", "tasks/5", "tasks/0"]
    assert [item.match and item.match.path[-7:] for item in read.items] == tasks and not read.doubts


def test_what_no_task_asks_for_is_a_doubt_and_no_match() -> None:
    read = account("1.机关食堂改造。食堂已完成粉刷，新增餐桌12张。", ledger=ledger())
    assert read.items[0].match is None
    assert [doubt.code for doubt in read.doubts] == ["task-unmatched"]


def test_a_begun_count_does_not_answer_a_finished_one() -> None:
    read = account("1.老旧小区综合改造。12个老旧小区综合改造已全部开工。", ledger=ledger())
    assert [figure.target for figure in read.items[0].figures] == [None]


def test_a_share_that_does_not_add_up_is_a_doubt() -> None:
    read = account("1.城镇燃气管网更新改造。已完成燃气管网更新改造14公里，完成年度任务的70%。", ledger=ledger())
    assert "share-differs" in [doubt.code for doubt in read.doubts]


def test_a_goal_told_again_is_a_doubt() -> None:
    text = "1.数字工厂建设。新建县级数字工厂{}家。"
    again = account(text.format(20), ledger=ledger())
    assert "goal-restated" in [doubt.code for doubt in again.doubts]
    assert "goal-restated" not in [doubt.code for doubt in account(text.format(18), ledger=ledger()).doubts]


def test_a_part_whose_share_fits_shows_the_whole_to_be_the_goal() -> None:
    found = figures("改造老旧供水管道25公里；管道完成14公里，占56%，进度滞后。")
    assert [(f.value, f.claim, f.share and f.share.value) for f in found] == [(25, "aimed", None), (14, "reached", 56)]


def test_what_is_dated_behind_the_cut_off_has_not_happened() -> None:
    text = "截至9月底，县体育馆{}月竣工。"
    stages = [[claim.stage for claim in account(text.format(n)).items[0].stages] for n in (8, 12)]
    assert stages == [["complete"], []]


def test_matching_needs_no_blocks_of_the_ledger() -> None:
    bare = ledger_from_json(ledger().to_json())
    path = documents()[0]
    assert [i.match for i in read_account(path, ledger=bare).items] == [
        i.match for i in read_account(path, ledger=ledger()).items
    ]


# --- anything ---


def test_an_empty_document_is_a_doubt() -> None:
    read = account("（此页无正文）\n")
    assert (read.items, [doubt.code for doubt in read.doubts]) == ((), ["account-empty"])


def test_a_table_without_a_column_of_progress_is_named() -> None:
    read = account("序号 | 任务 | 责任单位\n1 | 新建学校2所 | 县教育局\n")
    assert "table-unread" in [doubt.code for doubt in read.doubts]


PIECES = st.sampled_from(
    ["一、", "（二）", "1.", "已完成", "改造", "10个", "3.2亿元", "占年度任务的85%", "，", "。", "；", "\n", "截至9月底", "存在问题：", "下一步，",
     "预计11月底", "完工", "滞后", "同比增长5%", "县住建局", "|", "老旧小区", "（", "）", "“", "\t", "。\n", "1—9月", "分别", "、", "全年计划"]
)  # fmt: skip


@given(st.lists(PIECES, min_size=1, max_size=60).filter(lambda parts: "".join(parts).strip()).map("".join))
def test_any_text_gives_an_account_whose_places_hold(text: str) -> None:
    read = account(text, ledger=ledger())
    for quote, at in quotes(read):
        assert read.quote(at) == quote
    json.loads(read.to_json())


def test_cost_grows_with_length_only() -> None:
    """One long paragraph, and many short reports: eight times the text takes no more than some eight times the time."""
    sentence = "截至9月底，已完成老旧小区改造10个，占年度任务的85%，县体育馆已开工建设，预计11月底完工；"
    report_of = "{}.老旧小区改造。已完成改造10个，完成年度任务的83.3%。\n存在问题：资金紧张。\n"

    def took(text: str) -> float:
        spent = []
        for _ in range(3):
            start = time.process_time()
            read_account(text.encode(), name="a.txt", ledger=ledger(), year=2026)
            spent.append(time.process_time() - start)
        return min(spent)

    odd = ["1.甲。" + unit * 60 for unit in ("5%", "8月", "，占5%", "完成5个", "预计11月")]  # no stops, or nothing else
    many = "".join(report_of.format(n) for n in range(1, 41))
    for text in (sentence * 20, many, *odd):
        took(text)
        assert took(text * 8) < 8 * 2.5 * took(text) + 0.05
