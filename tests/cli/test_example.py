"""The example document: ours, fictional, as varied as it is meant to be."""

import re
from pathlib import Path

import pytest

from luoshi.cli import example

TEXT = example.document().decode()
SHARED = Path(__file__).parent.parent.parent.parent / "shared"


def test_it_has_the_promised_size():
    assert len(re.findall(r"(?m)^\d+\.", TEXT)) == 64
    assert len(re.findall(r"(?m)^[一二三四五六七八]、.*牵头重点工作$", TEXT)) == 8
    assert len(re.findall(r"(?m)^[一二三四五六七八]、.*项目$", TEXT)) == 8


@pytest.mark.parametrize(
    "form",
    ["以上", "不低于", "不少于", "突破", "超过", "以内", "以下", "左右", "力争", "争创", "分别", "各6条", "由52%提高到", "至2家", "5%—6%", "三成", "前三", "首位单位为牵头单位", "（县城投集团）"],
)  # fmt: skip
def test_it_shows_the_forms_that_documents_use(form):
    assert form in TEXT


def test_its_sentences_are_in_no_other_document_at_hand():
    """Set phrases are common to all such documents; a sentence is not."""
    others = [*SHARED.glob("seed/*.txt"), *SHARED.glob("corpus/dev/text/*.txt")]
    if not others:
        pytest.skip("no shared documents here")
    plain = re.compile(r"[\s，,；;：:（）()]")
    wording = [plain.sub("", path.read_text("utf-8")) for path in others]
    for line in TEXT.splitlines()[13:]:
        words = plain.sub("", line)
        for at in range(max(len(words) - 24, 0)):
            assert not any(words[at : at + 24] in other for other in wording), words[at : at + 24]
