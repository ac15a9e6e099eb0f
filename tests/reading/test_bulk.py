"""Bulk reading on one machine: every document once, whatever happens on the way."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import fields
from pathlib import Path

import pytest

from luoshi.cli import example
from luoshi.reading import from_json, read
from luoshi.reading.amounts import base_of, based
from luoshi.reading.bulk import BulkError, Outcome, local, read_many
from luoshi.reading.bulk.flat import TABLES, rows
from luoshi.reading.bulk.shard import Document, Reading, Shard
from luoshi.reading.bulk.store import Store
from tests.reading.deadly import Deadly

ROOT = Path(__file__).parent.parent.parent
TEXT = "责任分解\n一、重点工作\n1.新建学校{n}所,争取投资{n}亿元。(责任单位:县教育局)\n"


def corpus(folder: Path, documents: int) -> list[str]:
    """Paths of short documents, each with figures of its own."""
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{n:04}.txt" for n in range(2, documents + 2)]
    for n, path in enumerate(paths, 2):
        path.write_text(TEXT.format(n=n), "utf-8")
    return [str(path) for path in paths]


def here(work, shards):
    """An engine without processes: the shards one after the other."""
    return map(work, shards)


def run(paths, out, **options):
    """A run to its end, as JSON lines, in shards of five."""
    return list(read_many(paths, out, **{"form": "jsonl", "size": 5, "engine": here, **options}))[-1]


def table(out: Path, name: str) -> list[dict]:
    files = sorted(out.glob(f"shards/[0-9]*/{name}.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def digests(paths) -> Counter[str]:
    return Counter(hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in paths)


def found(out: Path) -> Counter[str]:
    return Counter(row["sha256"] for row in table(out, "documents"))


# What comes out


def test_every_document_is_in_the_result_once(tmp_path):
    paths = corpus(tmp_path / "in", 12)
    seen = run(paths, tmp_path / "out", engine=local(2))
    assert found(tmp_path / "out") == digests(paths)
    assert (seen.files, seen.sent, seen.total.documents, seen.total.errors) == (12, 12, 12, 0)
    assert [path.name for path in sorted((tmp_path / "out" / "shards").iterdir())] == ["000000", "000001", "000002"]
    assert not list((tmp_path / "out" / "trying").iterdir())


def test_tables_hold_what_the_ledger_holds():
    ledger = read(example.document(), name=example.NAME)
    tables: dict[str, list[dict]] = {name: [] for name in TABLES}
    for name, row in rows(ledger, "a/lanwan.txt", 9):
        assert len(row) == len(TABLES[name]), name
        tables[name].append(dict(zip(TABLES[name], row)))
    tasks = [task for *_, task in ledger.tasks()]
    (document,) = tables["documents"]
    assert (document["government"], document["year"], document["tasks"]) == ("澜湾县", 2026, len(tasks))
    for name in ("units", "targets", "deliverables", "milestones"):
        assert len(tables[name]) == sum(len(getattr(task, name)) for task in tasks)
        assert document.get(name, 0) == len(tables[name])
    for target in tables["targets"]:
        text = ledger.blocks[target["block"]].text[target["start"] : target["end"]]
        assert text == target["quote"]
    assert all(row["sha256"] == ledger.source.sha256 for listed in tables.values() for row in listed)


def test_ledgers_are_those_that_read_gives(tmp_path):
    paths = corpus(tmp_path / "in", 3)
    run(paths, tmp_path / "out")
    lines = (tmp_path / "out" / "shards" / "000000" / "ledgers.jsonl").read_bytes().splitlines()
    assert lines == [read(Path(path)).to_json(indent=0) for path in paths]
    assert from_json(lines[0]).plans


def test_parquet_and_json_lines_hold_the_same(tmp_path):
    pq = pytest.importorskip("pyarrow.parquet", reason="luoshi[bulk] is not installed")
    paths = [*corpus(tmp_path / "in", 4), str(tmp_path / "missing.txt")]
    run(paths, tmp_path / "a")
    run(paths, tmp_path / "b", form="parquet")
    for name in set(TABLES) - {"ledgers"}:
        assert pq.read_table(tmp_path / "b" / "shards" / "000000" / f"{name}.parquet").to_pylist() == table(
            tmp_path / "a", name
        )
    assert table(tmp_path / "a", "targets")


@pytest.mark.parametrize(
    ("written", "base"),
    [
        ((30, "亿元"), (3_000_000_000, "元")),
        ((2.9, "亿美元"), (290_000_000, "美元")),
        ((33.7, "万亩"), (337_000, "亩")),
        ((1.2, "万户"), (12_000, "户")),
        ((5, "万吨标煤"), (50_000, "吨标煤")),
        ((1.5, "万亿元"), (1.5e12, "元")),
        ((3, "百万千瓦"), (3_000_000, "千瓦")),
        ((2, "千瓦"), (2, "千瓦")),
        ((3, "千米"), (3, "公里")),
        ((1, "百分点"), (1, "个百分点")),
        ((6.5, "%"), (6.5, "%")),
        ((2, "万元/亩"), (20_000, "元/亩")),
        ((10, "万"), (100_000, None)),
        ((None, "亿元"), (None, "元")),
        ((3, None), (3, None)),
    ],
)
def test_multipliers_are_folded_into_the_value(written, base):
    assert based(*written) == base


def test_a_base_unit_is_its_own_base():
    for unit in ("亿元", "万亩", "百万千瓦", "千米", "㎡", "万人次", "百分点"):
        base, _ = base_of(unit)
        assert base_of(base) == (base, 1)


# What goes wrong


def test_what_cannot_be_read_is_an_error_and_stops_nothing(tmp_path):
    paths = corpus(tmp_path / "in", 6)
    (tmp_path / "broken.docx").write_bytes(b"PK\x03\x04 no more than a beginning")
    os.mkfifo(tmp_path / "pipe.txt")
    wrong = [str(tmp_path / name) for name in ("broken.docx", "pipe.txt", "missing.txt")]
    seen = run([*wrong, *paths], tmp_path / "out")
    assert found(tmp_path / "out") == digests(paths)
    errors = {row["path"]: row for row in table(tmp_path / "out", "errors")}
    assert list(errors) == wrong and seen.total.errors == 3
    assert all(row["message"].endswith("。") for row in errors.values())
    assert errors[wrong[0]]["sha256"] and errors[wrong[2]]["sha256"] is None


def test_the_same_content_is_read_once_and_all_its_paths_are_kept(tmp_path):
    paths = corpus(tmp_path / "in", 6)
    copies = [str(tmp_path / "in" / f"copy-{n}.txt") for n in range(3)]
    for copy in copies:
        Path(copy).write_bytes(Path(paths[0]).read_bytes())
    run([copies[0], *paths, copies[1]], tmp_path / "out")
    run([copies[2]], tmp_path / "out")  # found in a later run only
    assert found(tmp_path / "out") == Counter(dict.fromkeys(digests(paths), 1))
    lines = [json.loads(line) for line in (tmp_path / "out" / "files.jsonl").read_text().splitlines()]
    assert {line["path"] for line in lines} == {*paths, *copies}
    assert len({line["sha256"] for line in lines if line["path"] in {paths[0], *copies}}) == 1


def test_a_file_that_changes_under_the_readers_eyes_is_not_read_as_the_other(tmp_path):
    (tmp_path / "shards").mkdir()
    (path,) = corpus(tmp_path / "in", 1)
    outcome = Reading(str(tmp_path), "/", "jsonl")(Shard(0, (Document("0" * 64, path),)))
    assert outcome == Outcome(0, 0, 1, 0)
    assert "变了" in table(tmp_path, "errors")[0]["message"]


def test_a_name_that_is_no_text_is_read_and_found_again(tmp_path):
    name = os.fsdecode(bytes(tmp_path) + "/计划.txt".encode("gb18030"))
    Path(name).write_text(TEXT.format(n=3), "utf-8")
    assert run([name], tmp_path / "out").now.documents == 1
    assert run([name], tmp_path / "out").sent == 0
    assert "\ufffd" in table(tmp_path / "out", "documents")[0]["path"]


def test_a_document_that_kills_its_process_is_left_out_and_the_rest_is_read(tmp_path):
    paths = corpus(tmp_path / "in", 12)
    bad = tmp_path / "in" / "deadly.txt"
    bad.write_text("x", "utf-8")

    def deadly(work: Reading, shards):
        return local(2)(Deadly(**{f.name: getattr(work, f.name) for f in fields(work)}), shards)

    seen = run([*paths[:7], str(bad), *paths[7:]], tmp_path / "out", engine=deadly)
    assert found(tmp_path / "out") == digests(paths)
    (error,) = table(tmp_path / "out", "errors")
    assert error["path"] == str(bad) and "终止了 3 次" in error["message"]
    assert seen.total == Outcome(seen.total.number, 12, 1, seen.total.characters)


# Stopped and taken up again


def test_a_second_run_reads_only_what_is_new(tmp_path):
    paths = corpus(tmp_path / "in", 7)
    run(paths[:4], tmp_path / "out")
    first = tmp_path / "out" / "shards" / "000000"
    first.touch()
    before = first.stat().st_mtime_ns
    seen = run(paths, tmp_path / "out")
    assert (seen.files, seen.sent, seen.now.documents, seen.total.documents) == (7, 3, 3, 7)
    assert found(tmp_path / "out") == digests(paths)
    assert first.stat().st_mtime_ns == before
    assert run(paths, tmp_path / "out").sent == 0


def test_a_changed_file_is_a_further_document_and_a_repaired_one_is_read(tmp_path):
    (path,) = corpus(tmp_path / "in", 1)
    missing = tmp_path / "later.txt"
    run([path, str(missing)], tmp_path / "out")
    Path(path).write_text(TEXT.format(n=99), "utf-8")
    missing.write_text(TEXT.format(n=98), "utf-8")
    assert run([path, str(missing)], tmp_path / "out").now.documents == 2
    assert [row["path"] for row in table(tmp_path / "out", "documents")] == [path, path, str(missing)]


def test_what_a_run_wrote_down_and_did_not_read_the_next_one_reads(tmp_path):
    paths = corpus(tmp_path / "in", 12)

    def lazy(work, shards):
        first, *_ = shards  # all three written down, one read
        yield work(first)

    run(paths, tmp_path / "out", engine=lazy)
    log = tmp_path / "out" / "files.jsonl"
    log.write_bytes(log.read_bytes()[:-30])  # the machine lost its power in the middle of a line
    (tmp_path / "out" / "shards" / ".000001.elsewhere-1-1.tmp").mkdir()
    seen = run(paths, tmp_path / "out")
    assert (seen.now.documents, seen.total.documents) == (7, 12)
    assert found(tmp_path / "out") == digests(paths)
    assert not list((tmp_path / "out" / "shards").glob("*.tmp"))


def test_two_that_read_the_same_shard_make_one(tmp_path):
    paths = corpus(tmp_path / "in", 5)
    run(paths, tmp_path / "out")
    shard = tmp_path / "out" / "shards" / "000000"
    aside = shard.rename(shard.with_name("aside"))

    class Quicker(Reading):
        def _fill(self, *arguments):
            outcome = super()._fill(*arguments)
            aside.rename(shard)  # another worker is done first
            return outcome

    documents = tuple(Document(hashlib.sha256(Path(p).read_bytes()).hexdigest(), p) for p in paths)
    assert Quicker(str(tmp_path / "out"), "/", "jsonl")(Shard(0, documents)).documents == 5
    assert found(tmp_path / "out") == digests(paths)
    assert [path.name for path in shard.parent.iterdir()] == ["000000"]


PROGRAMME = """
import sys
from pathlib import Path
from luoshi.reading.bulk import local, read_many
if __name__ == "__main__":
    for seen in read_many(sys.argv[2:], Path(sys.argv[1]), engine=local(2), form="jsonl", size=4):
        print(seen.total.documents, flush=True)
"""


def test_after_kill_9_the_same_call_completes_the_result(tmp_path):
    paths = corpus(tmp_path / "in", 240)
    programme = tmp_path / "programme.py"
    programme.write_text(PROGRAMME)
    out, env = tmp_path / "out", {**os.environ, "PYTHONPATH": str(ROOT)}
    call = [sys.executable, str(programme), str(out), *paths]
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True, env=env) as process:
        for line in process.stdout:
            if int(line) >= 20:
                break
        os.kill(process.pid, signal.SIGKILL)
    before = found(out)
    assert 20 <= before.total() < 240, "killed too late to show anything"
    deadline = time.monotonic() + 30
    while True:  # the workers of the killed run follow it, and with them its lock on the folder goes
        ran = subprocess.run(call, capture_output=True, text=True, env=env, check=False)
        if not ran.returncode or time.monotonic() > deadline:
            break
    assert ran.returncode == 0, ran.stderr
    assert found(out) == digests(paths)
    assert not list((out / "shards").glob("*.tmp"))


# Refused in a sentence


def test_one_run_at_a_time_and_one_form_a_folder(tmp_path):
    paths = corpus(tmp_path / "in", 1)
    run(paths, tmp_path / "out")
    with Store(tmp_path / "out", "jsonl"), pytest.raises(BulkError, match="另一次批量识读"):
        run(paths, tmp_path / "out")
    with pytest.raises(BulkError, match="请换一个结果文件夹"):
        run(paths, tmp_path / "out", form="parquet")
    with pytest.raises(BulkError, match="是一个文件"):
        run(paths, Path(paths[0]))


def test_a_worker_of_another_version_or_without_the_folder_says_so(tmp_path):
    with pytest.raises(BulkError, match="同一版本"):
        Reading(str(tmp_path), "/", "jsonl", "0.0.9")(Shard(0, ()))
    with pytest.raises(BulkError, match="共用的磁盘"):
        Reading(str(tmp_path), "/", "jsonl")(Shard(0, ()))


def test_a_full_disk_stops_the_run_and_blames_no_document(tmp_path, monkeypatch):
    paths = corpus(tmp_path / "in", 3)

    def fail(self, table, row):
        raise OSError(28, "No space left on device")

    for _ in range(4):  # more often than a document may be at hand when a process dies
        with monkeypatch.context() as full, pytest.raises(OSError, match="No space"):
            full.setattr("luoshi.reading.bulk.sinks.JsonLines.add", fail)
            run(paths, tmp_path / "out")
    assert run(paths, tmp_path / "out").total.errors == 0
    assert found(tmp_path / "out") == digests(paths)


MANY = """
from luoshi.reading.bulk.flat import rows
from luoshi.reading.reader import read
def held():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmRSS")).split()[1]) // 1024
def work(first, last):
    for n in range(first, last):
        ledger = read(f"澜湾县{n}年重点工作责任分解\\n1.改造农村公路{n}公里，新建公园{n % 7 + 1}个。\\n责任单位：县住建局\\n".encode(), name="a.txt")
        assert list(rows(ledger, "a.txt", 1)) and ledger.to_json(indent=0)
work(0, 500)
before = held()
work(500, 3000)
print(held() - before)
"""


@pytest.mark.skipif(
    not os.path.exists("/proc/self/status"), reason="this system does not say what memory a process holds"
)
def test_a_process_that_reads_many_documents_stays_as_small():
    said = subprocess.run([sys.executable, "-c", MANY], capture_output=True, text=True, check=True, timeout=300).stdout
    assert int(said) < 12, "megabytes in 2,500 documents"
