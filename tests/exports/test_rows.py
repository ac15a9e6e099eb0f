from luoshi.exports.rows import DeliverableRow, direction, from_ledger, required, task_key
from luoshi.reading.ledger import Plan, Section
from tests.exports.factory import example_ledger


def test_the_example_gives_a_row_a_task_with_a_key_of_its_own():
    table = from_ledger(example_ledger())
    assert len(table.rows) == 72
    keys = [row.key for row in table.rows]
    assert len(set(keys)) == 72
    assert keys[0] == "2026-GZ-1-1"
    assert keys[-1] == "2026-MS-8"


def test_a_row_says_units_leader_and_goals_in_plain_words():
    rows = {row.key: row for row in from_ledger(example_ledger()).rows}
    row = rows["2026-GZ-2-5"]
    assert row.leaders == ("顾怀璟常务副县长",)
    assert row.lead_units == ("县住建局",)
    assert row.support_units == ("望潮街道",)
    assert row.goals == (
        "老旧小区综合改造 12 个",
        "惠及居民 3500 户（力争）",
        "渔港里口袋公园：完成",
    )
    assert rows["2026-GZ-2-4"].support_units == ("望潮街道（县城投集团）",)
    assert rows["2026-GZ-1-1"].goals == ("全县生产总值 增长 约 6.5%",)


def test_a_change_says_which_way():
    rows = {row.key: row for row in from_ledger(example_ledger()).rows}
    assert rows["2026-GZ-1-3"].goals == ("“三公”经费 压减 ≥ 3%",)
    assert rows["2026-GZ-6-4"].goals[-1] == "全社会研发经费支出占比 提高 0.2 个百分点"
    assert direction("growth", "工业投资增速", "工业投资增速8%") == ""
    assert direction("quantity", "减少的报表", "减少报表3张") == ""


def test_what_is_asked_fits_a_few_characters():
    assert required("min", 1800.0, None, "亩") == "≥ 1800 亩"
    assert required("range", 1.0, 2.0, "家") == "1—2 家"
    assert required("max", 27.0, None, "微克/立方米") == "≤ 27 微克/立方米"
    assert required("exact", None, None, "前列") == "前列"
    assert required("exact", 0.1 + 0.2, None, "%") == "0.3%"
    assert required("exact", 123456789012.0, None, "元") == "123456789012 元"


def test_keys_take_chinese_numerals_and_stand_in_for_missing_numbers():
    work = Plan(year=2026, kind="work_report", sections=(Section(),))
    life = Plan(year=2026, kind="livelihood", sections=(Section(),))
    assert task_key(work, 2, 0, "十二") == "2026-GZ-3-12"
    assert task_key(work, 2, 0, "二十") == "2026-GZ-3-20"
    assert task_key(work, 2, 0, "（3）") == "2026-GZ-3-3"
    assert task_key(work, 2, 6, None) == "2026-GZ-3-7"
    assert task_key(life, 0, 4, "五") == "2026-MS-5"
    assert task_key(Plan(), 0, 0, None) == "QT-1-1"


def test_two_tasks_numbered_alike_keep_different_keys():
    import msgspec

    ledger = example_ledger()
    plan = ledger.plans[1]
    twice = msgspec.structs.replace(
        plan, sections=(msgspec.structs.replace(plan.sections[0], tasks=plan.sections[0].tasks[:1] * 2),)
    )
    keys = [row.key for row in from_ledger(msgspec.structs.replace(ledger, plans=(twice,))).rows]
    assert keys == ["2026-MS-1", "2026-MS-1.2"]


def test_what_is_striven_for_says_so_also_as_a_deliverable():
    assert str(DeliverableRow(name="县文化馆新馆", stage="建成", strength="力争")) == "县文化馆新馆：建成（力争）"
    assert str(DeliverableRow(name="县文化馆新馆", stage="建成", strength="承诺")) == "县文化馆新馆：建成"
