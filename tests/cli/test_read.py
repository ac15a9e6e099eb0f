"""The command as people and programs meet it: a real process for what only a process shows, else the runner."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from luoshi.cli import example
from luoshi.cli.main import commands, main
from luoshi.cli.wrong import translated

LUOSHI = [sys.executable, "-c", "from luoshi.cli.main import main; main()"]


def run(*arguments, data=None, **options):
    """luoshi as a process of its own."""
    return subprocess.run(
        [*LUOSHI, *map(str, arguments)], input=data, capture_output=True, check=False, timeout=60, **options
    )


def sentence(stderr: bytes) -> str:
    """The one line of complaint; fails on a traceback or on more."""
    lines = stderr.decode().strip().splitlines()
    assert len(lines) == 1, lines
    assert "Traceback" not in lines[0]
    return lines[0]


@pytest.fixture
def lanwan(tmp_path):
    file = tmp_path / "lanwan.txt"
    file.write_bytes(example.document())
    return file


@pytest.fixture
def folder(tmp_path):
    """Two documents, one below the other, beside files that are none of the command's business."""
    place = tmp_path / "in"
    (place / "2025").mkdir(parents=True)
    (place / "a.txt").write_bytes(example.document())
    (place / "2025" / "b.txt").write_bytes(example.document())
    (place / ".hidden.txt").write_text("x")
    (place / "~$a.docx").write_text("x")
    (place / "photo.jpg").write_bytes(b"\xff\xd8")
    return place


def test_into_a_pipe_goes_json(lanwan):
    done = run("read", lanwan)
    assert (done.returncode, done.stderr) == (0, b"")
    ledger = json.loads(done.stdout)
    assert ledger["schema"] == "luoshi.ledger/1"
    assert sum(len(s["tasks"]) for p in ledger["plans"] for s in p["sections"]) == 72
    assert "blocks" not in ledger


def test_standard_input_reads_like_the_file(lanwan):
    piped = json.loads(run("read", "-", data=lanwan.read_bytes()).stdout)
    filed = json.loads(run("read", lanwan).stdout)
    assert piped["plans"] == filed["plans"]


def test_blocks_come_when_asked(lanwan):
    ledger = json.loads(run("read", lanwan, "--blocks").stdout)
    at = ledger["plans"][0]["sections"][0]["tasks"][0]["targets"][0]["at"]
    target = ledger["plans"][0]["sections"][0]["tasks"][0]["targets"][0]
    assert ledger["blocks"][at["block"]]["text"][at["start"] : at["end"]] == target["quote"]


def test_on_a_terminal_comes_a_table(lanwan):
    """A pseudo-terminal: the table names units, targets and sums."""
    reader, writer = pty.openpty()
    with subprocess.Popen(
        [*LUOSHI, "read", str(lanwan)], stdout=writer, stderr=writer, env={**os.environ, "COLUMNS": "140"}
    ) as process:
        os.close(writer)
        shown = b""
        while True:
            try:
                part = os.read(reader, 65536)
            except OSError:  # Linux says so when the other end is closed
                break
            if not part:
                break
            shown += part
    text = shown.decode()
    assert process.returncode == 0
    assert "沈牧川县长牵头重点工作" in text
    assert "县发改局" in text
    assert "任务 72 项" in text
    assert not text.lstrip().startswith("{")


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("a.json", b"{"),
        ("a.xlsx", b"PK"),
        ("a.csv", b"\xef\xbb\xbf"),
        ("a.html", b"<!doctype"),
        ("a.md", b"# "),
        ("a.txt", "澜湾".encode()),
    ],
)
def test_the_suffix_says_the_format(lanwan, tmp_path, name, begins):
    done = run("read", lanwan, "-o", tmp_path / "out" / name)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert (tmp_path / "out" / name).read_bytes().startswith(begins)
    assert [p.name for p in (tmp_path / "out").iterdir()] == [name]


def test_several_documents_are_json_lines_in_order(folder):
    done = run("read", folder)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["source"]["name"] for line in lines] == ["a.txt", "b.txt"]
    assert done.returncode == 0


def test_a_folder_of_results_mirrors_the_folder_of_documents(folder, tmp_path):
    out = tmp_path / "out"
    (folder / "a.html").write_bytes(b"<p>" + example.document() + b"</p>")
    done = run("read", folder, "-o", out, "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert sorted(p.relative_to(out).as_posix() for p in out.rglob("*.csv")) == [
        "2025/b.csv",
        "a.html.csv",
        "a.txt.csv",
    ]


def test_documents_of_other_kinds_in_a_folder_are_named(folder):
    for name in ("x.pptx", "y.PPTX", "z.ods", "note.py"):
        (folder / name).write_bytes(b"x")
    done = run("read", folder)
    assert done.returncode == 0
    assert sentence(done.stderr) == "文件夹里还有 3 份目前不能识读的文件，没有读：.ods 1、.pptx 2"


def test_a_document_named_twice_is_read_once(lanwan):
    done = run("read", lanwan, lanwan, lanwan.parent)
    assert len(done.stdout.splitlines()) > 1  # one document: indented JSON
    assert json.loads(done.stdout)["source"]["name"] == "lanwan.txt"


def test_one_bad_file_does_not_stop_the_others(folder, tmp_path):
    (folder / "0.docx").write_bytes(b"PK\x03\x04 this is no document")
    done = run("read", folder, tmp_path / "missing.txt")
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 2
    complaints = done.stderr.decode().splitlines()
    assert len(complaints) == 2
    assert "0.docx" in complaints[0]
    assert complaints[1] == f"{tmp_path / 'missing.txt'}：没有这个文件或文件夹"


def test_strict_tells_doubts_by_the_exit_code(lanwan, tmp_path):
    doubtful = tmp_path / "doubtful.txt"
    doubtful.write_text("一、重点工作\n1.推进老旧路灯入地12街（路）。\n责任单位：\n2.修建桥梁。\n", "utf-8")
    doubts = len(json.loads(run("read", doubtful).stdout)["doubts"])
    assert doubts
    strict = run("read", doubtful, "--strict")
    assert strict.returncode == 1
    assert sentence(strict.stderr) == f"有 {doubts} 处存疑"
    assert run("read", doubtful).returncode == 0


def test_the_input_is_never_overwritten(lanwan, tmp_path):
    before = lanwan.read_bytes()
    link = tmp_path / "link.json"
    link.symlink_to(lanwan)
    for out in (lanwan, link):
        done = run("read", lanwan, "-o", out)
        assert done.returncode == 2
        assert "不能用结果覆盖它" in sentence(done.stderr)
    assert run("read", lanwan, "-o", tmp_path / "lanwan.json").returncode == 0
    assert lanwan.read_bytes() == before


def test_a_result_of_before_is_replaced(lanwan, tmp_path):
    out = tmp_path / "out.csv"
    out.write_text("last month's")
    assert run("read", lanwan, "-o", out).returncode == 0
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_document_named_twice_has_one_result(lanwan, tmp_path):
    """However it is named: the result is a file, as for one document, and no folder."""
    (tmp_path / "x").mkdir()
    done = run("read", lanwan, tmp_path / "x" / ".." / "lanwan.txt", "-o", tmp_path / "out.json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads((tmp_path / "out.json").read_bytes())["source"]["name"] == "lanwan.txt"


def test_what_cannot_be_written_is_one_sentence(lanwan, tmp_path):
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file" / "x.json", Path("/proc/nowhere/x.json"), tmp_path / ("长" * 200 + ".json")):
        done = run("read", lanwan, "-o", out)
        assert done.returncode == 2
        assert sentence(done.stderr).startswith("luoshi: 写不进 ")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_one_sentence(lanwan):
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*LUOSHI, "read", str(lanwan)], stdout=full, stderr=subprocess.PIPE, check=False, timeout=60
        )
    assert done.returncode == 2
    assert "磁盘已满" in sentence(done.stderr)
    assert "磁盘已满" in sentence(run("read", lanwan, "-o", "/dev/full", "--format", "json").stderr)


def test_a_closed_pipe_ends_quietly(lanwan):
    process = subprocess.Popen(
        [*LUOSHI, "read", str(lanwan), "--blocks"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(60) in (0, 141)
    process.stderr.close()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["read"], "FILE"),
        (["read", "a.txt", "--format", "pdf"], "pdf"),
        (["read", "a.txt", "-o", "out.pdf"], "看不出"),
        (["read", "a.txt", "--blocks", "--format", "csv"], "--blocks"),
        (["read", "a.txt", "b.txt", "--format", "html"], "-o"),
        (["explain", "a.txt"], "--at"),
        (["nonsense"], "nonsense"),
    ],
)
def test_a_wrong_call_is_one_sentence_and_points_to_the_help(arguments, says):
    done = run(*arguments)
    assert done.returncode == 2
    assert says in sentence(done.stderr)
    assert "-h" in sentence(done.stderr)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("read", "缺少参数 FILE…"),
        ("explain a", "缺少选项 --at"),
        ("read a -x", "没有选项 -x"),
        ("read a --stric", "没有选项 --stric，是不是 '--strict'"),
        ("read a -o", "选项 -o 后面缺一个值"),
        ("read a --strict=1", "选项 --strict 后面不带值"),
        ("read a -f pdf", "'-f' / '--format' 的值不对：“pdf”不在 'table', 'json', 'xlsx', 'csv', 'html', 'md' 之中"),
        ("serve --port 99999", "'--port' 的值不对：99999 不在 1<=x<=65535 之内"),
        ("serve --port x", "'--port' 的值不对：“x”不是数"),
        ("schema a b", "多出了参数 a b"),
        ("nonsense", "没有命令 nonsense"),
    ],
)
def test_what_click_says_is_said_in_chinese(arguments, says, monkeypatch, capsys):
    monkeypatch.delenv("LUOSHI_LANG", raising=False)
    monkeypatch.setattr(sys, "argv", ["luoshi", *arguments.split()])
    with pytest.raises(SystemExit):
        main()
    said = capsys.readouterr().err.partition("（用法见")[0].strip()
    assert said == f"luoshi: {says}"


def test_what_click_never_said_before_passes_as_it_is():
    assert translated("Something new.") == "Something new."


def test_an_empty_folder_says_what_it_looked_for(tmp_path):
    done = run("read", tmp_path)
    assert done.returncode == 2
    assert ".docx" in sentence(done.stderr)


def test_reading_loads_neither_the_site_nor_the_table(lanwan):
    code = f"import sys; sys.argv = ['luoshi', 'read', {str(lanwan)!r}]; sys.stdout = open('/dev/null', 'w')\n"
    code += "from luoshi.cli.main import main\ntry: main()\nexcept SystemExit as end: assert not end.code\n"
    code += "found = {m.split('.')[0] for m in sys.modules} & {'django', 'rich', 'xlsxwriter', 'docx'}\nassert not found, found"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()


def test_the_schema_is_json_schema_of_the_ledger():
    result = CliRunner().invoke(commands, ["schema"])
    schema = json.loads(result.output)
    assert schema["$schema"].endswith("2020-12/schema")
    assert "luoshi.ledger/1" in result.output


def test_help_states_the_exit_codes():
    assert "退出码" in CliRunner().invoke(commands, ["--help"]).output
    assert "退出码" in CliRunner().invoke(commands, ["read", "--help"]).output
