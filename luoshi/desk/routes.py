"""Every address of the desk with the rule that guards it: one line an address. ``tests/desk/test_routes.py`` compares
the table with the addresses there are, and tries each as every role on an object of its own and of a foreign government.

A line names the kind of object the address is about, and the predicate of ``people.permissions`` for reading (GET) and
for doing (POST); a method without a predicate is not answered (405).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from luoshi.people import permissions as p
from luoshi.people.permissions import Predicate


@dataclass(frozen=True)
class Route:
    """``on``: the kind of object, by its name in ``tests/desk/world.py``; "own": the account's own government; "":
    none.
    """

    on: str
    get: Predicate | None = None
    post: Predicate | None = None


def anyone(_user: Any, _thing: Any) -> bool:
    """Whoever is logged in: the page shows nothing but what is the account's own."""
    return True


def stranger(_user: Any, _thing: Any) -> bool:
    """Whoever comes, logged in or not: the door itself."""
    return True


def of_light(rule: Predicate) -> Predicate:
    """The rule for the light that an objection or a request is about."""
    return lambda user, thing: rule(user, thing.light)


def of_first(rule: Predicate) -> Predicate:
    """The rule for the task that an address names within a plan: its first, in the route matrix."""
    return lambda user, plan: rule(user, plan.tasks.all()[0])


def sees_light(user: Any, light: Any) -> bool:
    """Whoever sees the task sees its lights."""
    return p.may_see_task(user, light.task)


def sees_evidence(user: Any, evidence: Any) -> bool:
    """Whoever acts for the unit that gave it, or sees a report it stands beside."""
    return evidence.unit_id in p.own_units(user) or any(p.may_see_report(user, u.report) for u in evidence.uses.all())


ROUTES: dict[str, Route] = {
    "home": Route("", anyone),
    "login": Route("", stranger, stranger),
    "password": Route("", anyone, anyone),
    "logout": Route("", None, stranger),
    # documents and their reading
    "documents": Route("", anyone),
    "upload": Route("own", p.may_upload, p.may_upload),
    "reading": Route("document", p.may_see_document),
    "read-again": Route("document", None, p.may_correct),
    "reading-task": Route("document", p.may_correct, p.may_correct),
    "reading-change": Route("document", None, p.may_correct),
    "reading-pick": Route("document", None, p.may_correct),
    "reading-part": Route("document", p.may_see_document),
    "reading-pages": Route("document", p.may_see_document),
    "reading-page": Route("document", p.may_see_document),
    "reading-page-fields": Route("document", p.may_see_document),
    "reading-answer": Route("document", None, p.may_correct),
    "reading-doubts": Route("document", p.may_correct, p.may_correct),
    "reading-doubts-more": Route("document", p.may_see_document),
    "reading-section": Route("document", p.may_correct, p.may_correct),
    "reading-add": Route("document", p.may_correct, p.may_correct),
    "reading-undo": Route("document", None, p.may_correct),
    "reading-redo": Route("document", None, p.may_correct),
    "reading-history": Route("document", p.may_see_document),
    "reading-units": Route("document", p.may_adopt, p.may_adopt),
    "reading-adopt": Route("document", p.may_adopt, p.may_adopt),
    "reading-file": Route("document", p.may_see_document),
    "reading-export": Route("document", p.may_see_document),
    "compare-choose": Route("document", p.may_see_document),
    "compare": Route("document", p.may_see_document),
    "compare-export": Route("document", p.may_see_document),
    # the history
    "history": Route("own", p.may_see_history),
    "history-verify": Route("own", None, p.may_see_history),
    "history-export": Route("own", p.may_see_history),
    # the ledger
    "ledger": Route("draft", p.may_see_plan),
    "plan-issue": Route("draft", None, p.may_issue),
    "plan-withdraw": Route("draft", None, p.may_issue),
    "ledger-export": Route("draft", p.may_see_plan),
    # workbench, heatmap, leader, calendar
    "light-up": Route("running", None, p.may_review),
    "remind": Route("running", None, p.may_review),
    "office-export": Route("running", p.may_see_dashboard),
    "heatmap": Route("running", p.may_see_dashboard),
    "heatmap-export": Route("running", p.may_see_dashboard),
    "forecasts": Route("running", p.may_see_dashboard),
    "forecasts-export": Route("running", p.may_see_dashboard),
    "post": Route("post", p.may_see_leader_page),
    "post-export": Route("post", p.may_see_leader_page),
    "calendar": Route("", anyone),
    "calendar-ics": Route("", anyone),
    "calendar-export": Route("", anyone),
    "task": Route("draft", p.may_see_plan),
    # people, and the ways in beside the password
    "login-code": Route("", stranger, stranger),
    "second-factor": Route("", anyone, anyone),
    "invitation": Route("", stranger, stranger),
    "handover": Route("post", p.may_see_leader_page, p.may_keep_units),
    "people-accounts": Route("own", p.may_keep_accounts, p.may_keep_accounts),
    "people-import": Route("own", p.may_keep_units, p.may_keep_units),
    "people-template": Route("own", p.may_keep_units),
    "people-governments": Route("own", p.may_keep_units, p.may_keep_accounts),
    "government-switch": Route("", None, anyone),
    "people-units": Route("own", p.may_keep_units, p.may_keep_units),
    "people-posts": Route("own", p.may_keep_units, p.may_keep_units),
    "people-accounts-export": Route("own", p.may_keep_accounts),
    "people-units-export": Route("own", p.may_keep_units),
    "people-posts-export": Route("own", p.may_keep_units),
    "people-security": Route("own", p.may_keep_security, p.may_keep_security),
    # review, lights, set-up, adjustments, closing
    "review": Route("own", p.may_see_review),
    "review-accept": Route("own", None, p.may_review),
    "review-export": Route("own", p.may_see_review),
    "review-return": Route("report_sent", None, p.may_review),
    "review-ask": Route("report_sent", None, p.may_review),
    "review-verify": Route("report_sent", None, p.may_verify),
    "samples": Route("plan_running", p.may_see_dashboard, p.may_verify),
    "carry-over": Route("plan_running", p.may_close, p.may_close),
    "closing": Route("plan_running", of_first(p.may_see_task), p.may_close),
    "rules": Route("plan_running", p.may_see_plan, p.may_keep_rules),
    "reporting": Route("plan_running", p.may_see_plan, p.may_keep_rules),
    "light": Route("light_lit", sees_light, p.may_object),
    "objections": Route("own", p.may_see_plan),
    "objection-decide": Route("objection", None, p.may_decide_objection),
    "objection-withdraw": Route("objection", None, of_light(p.may_object)),
    "override-decide": Route("override", None, of_light(p.may_approve_override)),
    "in-charge": Route("plan_running", p.may_issue, p.may_issue),
    "set-up": Route("plan_running", p.may_see_plan),
    "set-up-prepare": Route("plan_running", None, p.may_issue),
    "set-up-sign": Route("plan_running", None, p.may_sign_set_up),
    "set-up-task": Route("plan_running", of_first(p.may_see_task), of_first(p.may_set_up)),
    "adjustments": Route("plan_running", p.may_see_plan),
    "adjustment-window": Route("plan_running", None, p.may_issue),
    "adjustment-ask": Route("plan_running", of_first(p.may_adjust_ask), of_first(p.may_adjust_ask)),
    "adjustment-act": Route("adjustment", None, p.may_adjust_decide),
    # the unit's month
    "unit": Route("unit", p.may_see_unit),
    "unit-submit": Route("unit", None, p.may_fill_unit),
    "unit-part": Route("unit", None, p.may_fill_unit),
    "unit-ready": Route("unit", None, p.may_fill_unit),
    "unit-form": Route("unit", p.may_fill_unit),
    "unit-form-read": Route("unit", None, p.may_fill_unit),
    "unit-form-accept": Route("unit", None, p.may_fill_unit),
    "burden": Route("own", p.may_see_dashboard),
    "report-draft": Route("report_open", None, p.may_report),
    "report-late": Route("report_open", None, p.may_allow_late),
    "report-take-back": Route("report_open", None, p.may_sign_report),  # its liaison, where the unit has no head
    "report-evidence": Route("report_open", None, p.may_report),
    "evidence": Route("evidence", sees_evidence),
    "evidence-remove": Route("evidence_use", None, p.may_report),
}
