"""``luoshi account`` as people and programs meet it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from luoshi.cli.main import commands

ROOT = Path(__file__).parents[2]
REPORTS = ROOT / "tests" / "reading" / "accounts"
LEDGER = ROOT / "luoshi" / "cli" / "example" / "lanwan-2026.txt"
TABLE = REPORTS / "text" / "jiaotong-biao.txt"


def run(*arguments, data=None, command="account"):
    return CliRunner().invoke(commands, [command, *map(str, arguments)], input=data)


def test_into_a_pipe_goes_json():
    done = run(TABLE)
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert found["schema"] == "luoshi.account/1"
    assert len(found["items"]) == 5
    assert "blocks" not in found
    assert json.loads(run(TABLE, "--blocks").stdout)["blocks"]


def test_the_table_names_tasks_and_figures(monkeypatch):
    monkeypatch.setenv("COLUMNS", "170")
    done = run(TABLE, "--ledger", LEDGER, "-f", "table")
    assert done.exit_code == 0
    for words in ("六-11", "24.5 公里，占年度 64.5%", "超序时", "滞后", "计划 2026-Q3"):
        assert words in done.stdout
    assert "事项 5 项，对应到任务 5 项" in done.stdout.splitlines()[-1]


def test_the_table_in_english(monkeypatch):
    monkeypatch.setenv("LUOSHI_LANG", "en")
    assert "5 matched with tasks" in run(TABLE, "--ledger", LEDGER, "-f", "table").stdout


def test_a_ledger_may_be_json_or_the_document(tmp_path):
    ledger = tmp_path / "ledger.json"
    assert run(LEDGER, "-o", ledger, command="read").exit_code == 0
    assert run(TABLE, "--ledger", ledger).stdout == run(TABLE, "--ledger", LEDGER).stdout


def test_a_pasted_paragraph_comes_in_by_standard_input():
    text = "县经信局：截至目前，新建县级数字工厂18家。"
    found = json.loads(run("-", "--ledger", LEDGER, "--cutoff", "2026-09", data=text).stdout)
    (figure,) = found["items"][0]["figures"]
    assert (figure["value"], figure["cutoff"]["until"], figure["target"]) == (
        18, "2026-09", "plans/0/sections/2/tasks/2/targets/0",
    )  # fmt: skip


@pytest.mark.parametrize("suffix, begins", [("md", "# 县交通运输局"), ("json", "{"), ("txt", "县交通运输局")])
def test_the_suffix_sets_the_format(tmp_path, suffix, begins):
    out = tmp_path / f"out.{suffix}"
    assert run(TABLE, "-o", out).exit_code == 0
    assert out.read_text("utf-8").startswith(begins)


def test_markdown_holds_what_was_read():
    text = run(TABLE, "--ledger", LEDGER, "-f", "md").stdout
    for words in (
        "- 报送单位：县交通运输局",
        "- 截至：2026-06",
        "- 对应任务：六-11",
        "- 问题：跨河段",
        "- 下一步：力争9月开工建设。",
    ):
        assert words in text


@pytest.mark.parametrize(
    "arguments, says",
    [
        (("nowhere.txt",), "nowhere.txt"),
        ((TABLE, "--ledger", TABLE.parent.parent / "gold" / "jiaotong-biao.json"), "不是台账的 JSON"),
        ((TABLE, "--cutoff", "九月"), "--cutoff 要写成"),
        ((TABLE, "--blocks", "-f", "md"), "--blocks 只用于 json"),
        (("-", "--ledger", "-"), "标准输入只能有一份"),
        ((REPORTS / "text",), "这里只能是一份"),
        ((TABLE, "-o", "out.docx"), "--format"),
    ],
)
def test_wrong_calls_say_what_to_do(arguments, says):
    done = run(*arguments)
    assert done.exit_code == 2 or done.exception
    assert says in (done.output + str(done.exception)) or says in str(getattr(done.exception, "message", ""))


def test_strict_tells_doubts():
    text = "1.机关食堂改造。新增餐桌12张。"
    assert run("-", "--ledger", LEDGER, data=text).exit_code == 0
    assert run("-", "--ledger", LEDGER, "--strict", data=text).exit_code == 1


def test_a_result_never_replaces_what_is_read(tmp_path):
    document = tmp_path / "a.md"
    document.write_text("已建成泊位30个。", "utf-8")
    assert run(document, "-o", document).exit_code != 0
    assert document.read_text("utf-8") == "已建成泊位30个。"


def test_the_schema_is_printed():
    found = json.loads(run("--of", "account", command="schema").stdout)
    assert "AccountItem" in found["$defs"]
