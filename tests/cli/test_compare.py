"""``luoshi compare`` as people and programs meet it."""

import json

import pytest
from click.testing import CliRunner

from luoshi.cli.main import commands
from tests.last_year import last_year, this_year


@pytest.fixture
def years(tmp_path):
    """Last year's and this year's document."""
    old, new = tmp_path / "2025.txt", tmp_path / "2026.txt"
    old.write_text(last_year(), "utf-8")
    new.write_text(this_year(), "utf-8")
    return str(old), str(new)


def run(*arguments, data=None):
    return CliRunner().invoke(commands, ["compare", *map(str, arguments)], input=data)


def test_into_a_pipe_goes_json(years):
    done = run(*years)
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert found["schema"] == "luoshi.comparison/1"
    assert (found["summary"]["kept"], found["summary"]["new"], found["summary"]["dropped"]) == (71, 1, 1)


def test_the_table_names_what_changed(years):
    done = run(*years, "-f", "table")
    for words in (
        "目标调低",
        "增长 ≥ 15%",
        "增长 ≥ 12%",
        "承诺减弱",
        "牵头改变",
        "县综合执法局",
        "取消任务",
        "社区食堂",
    ):
        assert words in done.stdout
    assert "原句再用" in done.stdout.splitlines()[-1]


def test_the_table_in_english(years, monkeypatch):
    monkeypatch.setenv("LUOSHI_LANG", "en")
    assert "71 tasks kept" in run(*years, "-f", "table").stdout


@pytest.mark.parametrize(
    "suffix, begins", [("html", "<!doctype html>"), ("md", "# 两份文件对照"), ("json", "{"), ("txt", "旧")]
)
def test_the_suffix_sets_the_format(years, tmp_path, suffix, begins):
    out = tmp_path / f"out.{suffix}"
    assert run(*years, "-o", out).exit_code == 0
    assert out.read_text("utf-8").startswith(begins)


def test_exit_code_tells_whether_they_differ_when_asked(years):
    old, new = years
    assert run(old, new, "--exit-code").exit_code == 1
    assert run(new, new, "--exit-code").exit_code == 0
    assert run(old, new).exit_code == 0


def test_one_side_may_come_from_standard_input(years):
    done = run(years[0], "-", data=this_year())
    assert done.exit_code == 0
    assert json.loads(done.stdout)["summary"]["kept"] == 71


def test_what_cannot_be_opened_ends_in_one_sentence(years, tmp_path):
    done = run(years[0], tmp_path / "none.txt")
    assert done.exit_code == 2
    assert done.stderr.strip().endswith("没有这个文件或文件夹")
    assert not done.stdout


@pytest.mark.parametrize(
    "arguments, words",
    [(("-", "-"), "标准输入"), (("{folder}", "{new}"), "2 份文件"), (("{old}", "{new}", "-o", "a.pdf"), "a.pdf")],
)
def test_a_wrong_call_is_told_what_is_wrong(years, tmp_path, arguments, words):
    filled = [a.format(folder=tmp_path, old=years[0], new=years[1]) for a in arguments]
    done = run(*filled)
    assert done.exit_code == 2
    assert words in done.stderr


def test_a_document_is_never_overwritten(years):
    done = run(*years, "-o", years[0], "-f", "json")
    assert done.exit_code != 0
    assert "正在读的文件" in done.stderr


def test_the_schema_of_the_comparison():
    found = CliRunner().invoke(commands, ["schema", "--of", "comparison"])
    schema = json.loads(found.output)
    assert schema["$ref"].endswith("/Comparison")
    assert schema["$defs"]["Comparison"]["properties"]["schema"]["enum"] == ["luoshi.comparison/1"]
