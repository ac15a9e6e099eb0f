"""How a document itself says which unit of a list leads: the first (首位单位为牵头单位), a marked one, one before a stroke."""

from __future__ import annotations

import re
from typing import Literal

from luoshi.reading.facts.duty_words import WORDS
from luoshi.reading.rule import Rule, RuleSet, any_of, late

LeadRule = Literal["first", "equal", "marked", "hollow", "stroke", "none"]

_LEADS_IT = any_of(WORDS["leads it"])
_IS = rf"(?:均)?{any_of(WORDS['is'])}(?:该项(?:工作|任务))?(?:的)?"
_PLACE = r"(?:第一位|首位|第一名|第一|第1位|最前面?|首)"
LEAD_RULES: RuleSet[LeadRule] = RuleSet(
    [
        Rule(
            name="lead-is-marked",
            triggers=tuple("★☆▲●◆*※#△○◇"),
            pattern=late(
                rf"(?P<mark>[★☆▲●◆*※#△○◇])[”\")]?{any_of(WORDS['mark sign'])}?(?:的|者)?(?:责任)?(?:单位|部门)?{_IS}{_LEADS_IT}"
            ),
            value=lambda m: "hollow" if m["mark"] in "△○◇" else "marked",
            reads=(
                ("标★的为牵头单位,对任务完成负总责", "★的为牵头"),
                ("表中带“▲”的单位为牵头单位", "▲”的单位为牵头"),
                ("标注△的单位为牵头单位", "△的单位为牵头"),
                ("带#号的为牵头单位", "#号的为牵头"),
            ),
            refuses=("标★的为重点督办事项", "★县教育局牵头"),
        ),
        Rule(
            name="lead-stands-first",
            triggers=tuple(
                "首位 首个 第一 排名 排序 排列 排在 排首 排第 列第 列首 列在 列最 位于 位列 居首 居于".split()
            ),
            pattern=re.compile(
                rf"{any_of(WORDS['first of list'])}(?:的)?(?:责任)?(?:的)?(?:单位|部门|者)?(?:{_IS}|负责)?{_LEADS_IT}"
                rf"|{any_of(WORDS['ranked'])}(?:在|于|为)?{_PLACE}(?:的|者)?[^。;]{{0,12}}?(?:{_LEADS_IT}|负总责)"
                rf"|(?:第一|首位|首个)(?:责任)?(?:单位|部门)[^。;]{{0,6}}{any_of(WORDS['first leads'])}"
            ),
            value=lambda m: "first",
            reads=(
                ("县发改局(首位单位为牵头单位,下同)", "首位单位为牵头"),
                ("责任单位中列第一位的为牵头单位或汇总单位", "列第一位的为牵头"),
                ("排名第一的单位为牵头单位", "排名第一的单位为牵头"),
                ("第一责任单位负总责", "第一责任单位负总责"),
                ("责任单位中列首位的牵头组织实施", "列首位的牵头"),
                ("单位排在首位者负总责,为牵头单位", "排在首位者负总责"),
            ),
            refuses=("各单位排名不分先后", "第一季度完成", "坚持人民至上、生命第一"),
        ),
        Rule(
            name="lead-before-the-stroke",
            triggers=("斜线", "斜杠", "“/”", "/"),
            pattern=re.compile(rf"(?:斜线|斜杠|“/”|/)(?:之)?前(?:面)?(?:的)?(?:单位|部门)?{_IS}{_LEADS_IT}"),
            value=lambda m: "stroke",
            reads=(("斜线前为牵头单位,斜线后为配合单位", "斜线前为牵头"),),
            refuses=("斜线后为配合单位", "县/区/街道"),
        ),
        Rule(
            name="order-means-nothing",
            triggers=("不分先后", "不分主次", "同等", "排序不", "排名不代表", "顺序不"),
            pattern=re.compile(r"不分(?:先后|主次)|同等(?:的)?责任|(?:排序|排名|顺序)不(?:代表|表示|区分)"),
            value=lambda m: "equal",
            reads=(("各单位承担同等责任,排名不分先后", "不分先后"),),
            refuses=("同等条件下优先", "不分昼夜赶工期"),
        ),
    ]
)


def read_lead_rule(folded: str, start: int, end: int) -> tuple[LeadRule, int, int] | None:
    """How the document itself says which unit leads, with the place of those words; None where it does not say."""
    matches = list(LEAD_RULES.find(folded, start, end))
    found = {rule: (rule, match.start(), match.end()) for match, rule in reversed(matches)}
    return found.get("marked") or found.get("hollow") or found.get("stroke") or found.get("first") or found.get("equal")
