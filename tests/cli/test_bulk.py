"""``luoshi bulk`` and ``luoshi query``, and the examples of the guide on a small nation of invented governments."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from luoshi.cli.bulk import progress
from luoshi.cli.main import commands
from luoshi.reading.bulk import Outcome, Seen

ROOT = Path(__file__).parent.parent.parent
GUIDE = ROOT / "docs" / "guide" / "analysis.md"
DOCUMENT = """{name}人民政府办公室关于印发政府工作报告2026年重点工作责任分解的通知
各镇人民政府，县政府各部门：
现将《政府工作报告2026年重点工作责任分解》印发给你们，请认真抓好落实。
{name}人民政府办公室
2026年2月10日
政府工作报告2026年重点工作责任分解
一、重点工作
1.{all}生产总值增长{gdp}%左右。
责任单位：发改局
2.{estates}。
责任单位：住建局
3.力争引进亿元以上项目{projects}个。
责任单位：商务局
"""
NATION = {
    "东省/canglan.txt": ("沧澜市", "全市", 6, "改造老旧小区120个", 40),
    "东省/lanwan.txt": ("澜湾县", "全县", 6.5, "改造老旧小区12个", 8),
    "东省/xizhou.txt": ("汐洲县", "全县", 7, "改造老旧小区1.2万户", 9),
    "西省/shiqiao.txt": ("石桥县", "全县", 5.5, "改造老旧小区30个", 5),
}


@pytest.fixture(scope="module")
def nation(tmp_path_factory):
    """Four governments' documents in two folders, one of them twice, and a file that is none."""
    place = tmp_path_factory.mktemp("nation")
    for path, (name, everything, gdp, estates, projects) in NATION.items():
        file = place / "in" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        text = DOCUMENT.format(name=name, all=everything, gdp=gdp, estates=estates, projects=projects)
        file.write_text(text, "utf-8")
    (place / "in" / "西省" / "z-copy.txt").write_bytes((place / "in" / "东省" / "lanwan.txt").read_bytes())
    (place / "in" / "broken.docx").write_bytes(b"PK\x03\x04")
    return place


@pytest.fixture(scope="module")
def result(nation):
    """The folder as ``luoshi bulk`` reads it, a process of its own."""
    pytest.importorskip("pyarrow", reason="luoshi[bulk] is not installed")
    pytest.importorskip("duckdb", reason="luoshi[bulk] is not installed")
    call = [
        sys.executable,
        "-m",
        "luoshi.cli.main",
        "bulk",
        str(nation / "in"),
        "-o",
        str(nation / "out"),
        "--workers",
        "1",
    ]
    call[1:3] = ["-c", "from luoshi.cli.main import main; main()"]
    ran = subprocess.run(call, capture_output=True, text=True, check=False, cwd=ROOT)
    assert ran.returncode == 0, ran.stderr
    assert "文件 4 份" in ran.stderr and "打不开 1 份" in ran.stderr and "Traceback" not in ran.stderr
    return nation / "out"


def invoke(*arguments):
    return CliRunner().invoke(commands, [str(argument) for argument in arguments])


def query(sql, out) -> list[list[str]]:
    ran = invoke("query", sql, "--on", out, "-f", "csv")
    assert ran.exit_code == 0, ran.output
    return list(csv.reader(ran.output.splitlines()))[1:]


RECIPES = re.findall(r"```sql\n(.*?)```", GUIDE.read_text("utf-8"), re.S)


def test_spread_of_gdp_targets(result):
    assert query(RECIPES[0], result) == [["东省", "3", "6.0", "6.5", "7.0"], ["西省", "1", "5.5", "5.5", "5.5"]]


def test_estates_promised_in_the_same_unit(result):
    listed = [(row[0], row[1], float(row[2])) for row in query(RECIPES[1], result)]
    assert sorted(listed) == sorted(
        [("沧澜市", "个", 120), ("石桥县", "个", 30), ("澜湾县", "个", 12), ("汐洲县", "户", 12000)]
    )


def test_parent_and_child_side_by_side(result):
    assert query(RECIPES[2], result) == [
        ["汐洲县", "2026", "生产总值", "6.0", "7.0", "1.0"],
        ["澜湾县", "2026", "生产总值", "6.0", "6.5", "0.5"],
    ]


def test_share_of_what_is_only_striven_for(result):
    assert {tuple(row[1:]) for row in query(RECIPES[3], result)} == {("3", "1", "33.3")}


def test_the_guide_has_four_examples_and_names_every_table(result):
    from luoshi.reading.bulk import TABLES

    assert len(RECIPES) == 4
    assert not {name for name in [*TABLES, "files"] if f"`{name}`" not in GUIDE.read_text("utf-8")}
    assert query("SELECT count(*) FROM files", result) == [["6"]]  # both paths of the copy, and the broken one's


def test_a_second_call_reads_nothing_again(nation, result):
    ran = invoke("bulk", nation / "in", "-o", result)
    assert ran.exit_code == 0 and "文件 4 份" in ran.stderr
    assert len(list((result / "shards").iterdir())) == 1


def test_query_as_json_and_as_table(result):
    ran = invoke("query", "SELECT government, year FROM documents ORDER BY path LIMIT 1", "--on", result, "-f", "json")
    assert json.loads(ran.output) == {"government": "沧澜市", "year": 2026}
    assert "石桥县" in invoke("query", "SELECT government FROM documents", "--on", result, "-f", "table").output


@pytest.mark.parametrize("sql", ["SELECT nothing FROM documents", "", "/* a remark */", "INSTALL spatial"])
def test_a_wrong_query_gets_one_sentence(result, sql):
    ran = invoke("query", sql, "--on", result)
    assert ran.exit_code == 1 and isinstance(ran.exception, SystemExit)
    assert "查询有误" in ran.output and len(ran.output.strip().splitlines()) == 1


def test_duckdb_fetches_nothing_from_outside(result):
    import duckdb

    from luoshi.reading.bulk.query import connect

    with connect(result) as connection:
        settings = dict(connection.execute("SELECT name, value FROM duckdb_settings()").fetchall())
        assert settings["autoinstall_known_extensions"] == settings["autoload_known_extensions"] == "false"
        with pytest.raises(duckdb.Error):  # from a folder that holds none, not from an address
            connection.execute("INSTALL spatial")
        assert settings["custom_extension_repository"] == str(result)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["bulk", "-o", "out", "-"], "不读标准输入"),
        (["bulk", "-o", "out", "--engine", "local", "--scheduler", "tcp://a:1", "."], "只用于 --engine dask"),
        (["bulk", "-o", "out", "--workers", "2", "--scheduler", "tcp://a:1", "."], "--workers"),
        (["query", "SELECT 1", "--on", "."], "不是 luoshi bulk 的结果文件夹"),
    ],
)
def test_a_wrong_call_gets_one_sentence(tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    ran = invoke(*arguments)
    assert ran.exit_code != 0 and said in ran.output and "Traceback" not in ran.output


WITHOUT = """if True:
    import sys
    class Without:
        def find_spec(self, name, path=None, target=None):
            if name.split(".")[0] in {"pyarrow", "duckdb", "dask", "distributed"}:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    if __name__ == "__main__":
        sys.meta_path.insert(0, Without())
        import luoshi.cli.bulk as bulk
        bulk.find_spec = lambda name: None
        from luoshi.cli.main import main
        main()
"""


def test_without_the_extra_json_lines_work_and_the_rest_says_what_to_install(nation, tmp_path):
    def without(*arguments):
        call = [sys.executable, "-c", WITHOUT, *map(str, arguments)]
        return subprocess.run(call, capture_output=True, text=True, check=False, cwd=ROOT)

    ran = without("bulk", nation / "in", "-o", tmp_path / "out", "--format", "jsonl", "--workers", "1")
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "out" / "shards" / "000000" / "targets.jsonl").stat().st_size
    for arguments in (
        ["bulk", nation / "in", "-o", tmp_path / "other"],
        ["bulk", nation / "in", "-o", tmp_path / "other", "--format", "jsonl", "--engine", "dask"],
        ["query", "SELECT 1", "--on", tmp_path / "out"],
    ):
        ran = without(*arguments)
        assert ran.returncode == 2 and 'pip install "luoshi[bulk]"' in ran.stderr
        assert len(ran.stderr.strip().splitlines()) == 1


def test_progress_says_how_much_how_fast_how_long():
    seen = Seen(2000, 1500, Outcome(0, 995, 5, 0), Outcome(0, 0, 0, 0))
    assert progress(seen, 10000, 10) == "已读 1,000 份，还有 8,500 份；每秒 100.0 份，约需 1 分 25 秒；打不开 5 份"
    assert "约需" not in progress(Seen(1, 1, Outcome(0, 0, 0, 0), Outcome(0, 0, 0, 0)), 10, 1)
