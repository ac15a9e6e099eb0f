"""``luoshi explain``: block, state, facts and rules of a place."""

import pytest
from click.testing import CliRunner

from luoshi.cli import example
from luoshi.cli.main import commands
from luoshi.reading import read


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("explain") / "lanwan.txt"
    path.write_bytes(example.document())
    return path


@pytest.fixture(scope="module")
def ledger():
    return read(example.document(), name="lanwan.txt")


def explain(file, at):
    return CliRunner().invoke(commands, ["explain", str(file), "--at", str(at)])


def place_of(ledger, words):
    for index, block in enumerate(ledger.blocks):
        if words in block.text:
            return index, block.text.index(words)
    raise AssertionError(words)


def test_a_figure_shows_its_target_and_the_rule_that_read_it(file, ledger):
    block, offset = place_of(ledger, "1800亩以上")
    shown = explain(file, f"{block}:{offset + 1}").output
    assert "着落：字段" in shown
    assert "targets/0" in shown and "value=1800.0" in shown and "bound=min" in shown
    assert "✓" in shown


def test_counting_over_all_blocks_meets_the_same_place(file, ledger):
    block, offset = place_of(ledger, "1800亩以上")
    whole = sum(len(b.text) + 1 for b in ledger.blocks[:block]) + offset + 1
    assert explain(file, whole).output == explain(file, f"{block}:{offset + 1}").output


def test_plain_words_say_that_nothing_was_read(file, ledger):
    block, offset = place_of(ledger, "让企业少受打扰")
    shown = explain(file, f"{block}:{offset + 2}").output
    assert "一般叙述" in shown
    assert "这里没有读成字段" in shown


@pytest.mark.parametrize("at", ["999999", "9999:0", "0:99999", "-1", "a", "1:2:3"])
def test_a_place_that_is_not_there_is_refused_in_words(file, at):
    result = explain(file, at)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_every_place_of_the_document_can_be_explained(file, ledger):
    from luoshi.cli.explain import _account, _locate
    from luoshi.cli.inputs import gather

    item = gather([str(file)]).inputs[0]
    total = sum(len(b.text) + 1 for b in ledger.blocks)
    for at in range(0, total - 1, 37):
        assert list(_account(ledger, item, *_locate(ledger, str(at))))
