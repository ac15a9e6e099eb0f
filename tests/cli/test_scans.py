"""What a person sees while the pages of a scan are read: page i of n and the time left, on standard error only."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from luoshi import reading
from luoshi.cli import example, read, scans
from luoshi.reading.sources.watching import tell

SCAN = "扫描件.pdf：扫描页已识读"


@pytest.mark.parametrize(
    ("done", "pages", "seconds", "said"),
    [
        (0, 3, 0.0, f"{SCAN} 0/3 页"),
        (1, 3, 7.0, f"{SCAN} 1/3 页，约需 14 秒"),
        (4, 100, 26.0, f"{SCAN} 4/100 页，约需 10 分 24 秒"),
        (3, 3, 21.0, f"{SCAN} 3/3 页"),
    ],
)
def test_pages_read_and_the_time_left_by_their_pace(done, pages, seconds, said):
    assert scans.far("扫描件.pdf", done, pages, seconds) == said


@pytest.fixture
def slow(monkeypatch):
    """A reader that meets a scan of three pages in every document."""
    real = reading.read

    def read(source, *, name=None):
        for done in range(4):
            tell(done, 3)
        return real(source, name=name)

    monkeypatch.setattr(reading, "read", read)


def test_where_no_terminal_is_a_line_is_said_at_once_and_not_one_a_page(slow, tmp_path):
    file = tmp_path / "扫描件.txt"
    file.write_bytes(example.document())
    done = CliRunner().invoke(read.read, [str(file)])
    assert done.exit_code == 0 and done.stdout.startswith("{")
    assert done.stderr == f"{file}：扫描页已识读 0/3 页\n"


def test_on_a_terminal_one_line_is_renewed_and_taken_away(slow, tmp_path, monkeypatch):
    renewed: list[str] = []
    monkeypatch.setattr(scans, "_renew", renewed.append)
    monkeypatch.setattr(scans.sys.stderr, "isatty", lambda: True, raising=False)
    with scans.pages_said("甲"):
        for done in range(3):
            tell(done, 2)
    assert [words[:14] for words in renewed] == [
        "甲：扫描页已识读 0/2 页",
        "甲：扫描页已识读 1/2 页",
        "甲：扫描页已识读 2/2 页",
        "",
    ]
    with scans.pages_said("乙"):
        pass
    assert len(renewed) == 4, "a document without scans says nothing"


def test_beside_the_bar_of_many_documents(slow, tmp_path, monkeypatch):
    said: list[str] = []
    for name in ("甲.txt", "乙.txt"):
        (tmp_path / name).write_bytes(example.document())
    inputs = read.gather([str(tmp_path)]).inputs
    assert read.read_one(inputs[0], said.append) is not None
    assert said[1].endswith("0 秒") and said[-1] == ""
    assert all(ledger is not None for _, ledger in read._with_progress(inputs))
