"""The calendar: what opens, falls due and locks, month by month or as a list, and as a file for other calendars."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luoshi.desk import choices
from luoshi.desk.page import member_of, show, user_of
from luoshi.exports import calendar_ics
from luoshi.exports.table import MEDIA, table_file
from luoshi.people.models import Member, User
from luoshi.people.permissions import held_posts, may_see_dashboard, may_see_plan, own_units
from luoshi.plans.models import Plan, Task
from luoshi.progress import diary, overview
from luoshi.ui.today import today

FITS = 4  # events shown in a day's square; the rest stands in the list


def _month(text: str) -> date:
    """``2026-07``, else the month of today; also for a year at the ends of the calendar, which has no month beside it."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today().replace(day=1)
    return month if date.min.year < month.year < date.max.year else today().replace(day=1)


def _mine(user: User, member: Member) -> tuple[list[Plan], list[int] | None]:
    """The plans the account sees, and its own tasks where it is there for a unit or as a leader (None: all)."""
    plans = [p for p in Plan.objects.of(member.government).exclude(state=Plan.State.DRAFT) if may_see_plan(user, p)]
    if may_see_dashboard(user, member.government) and member.role != Member.Role.LEADER:
        return plans, None
    if member.role == Member.Role.LEADER:
        return plans, [task.pk for post in held_posts(user) for task in overview.portfolio(post, plans)]
    mine = Task.objects.filter(plan__in=plans).with_unit(list(own_units(user)))
    return plans, list(mine.values_list("pk", flat=True))


def _events(request: HttpRequest, first: date, last: date) -> list[diary.Event]:
    member = member_of(request)
    if member is None:  # an account without a place has an empty calendar
        return []
    plans, tasks = _mine(user_of(request), member)
    return diary.events(plans, first, last, tasks)


@login_required
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """A month, as a sheet or (``?view=list``) as a list."""
    month = _month(request.GET.get("month", ""))
    after = (month + timedelta(days=32)).replace(day=1)
    found = _events(request, month, after - timedelta(days=1))
    context: dict[str, Any] = {
        "nav": "calendar",
        "month": month,
        "before": (month - timedelta(days=1)).replace(day=1),
        "after": after,
        "today": today(),
        "listed": request.GET.get("view") == "list",
        "events": found,
        "weeks": diary.sheet(month, found),
        "certain": diary.certain(month),
        "fits": FITS,
        "weekdays": [_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日")],
    }
    return show(request, "desk/calendar.html", context)


def _year(request: HttpRequest) -> tuple[int, list[diary.Event]]:
    year = _month(request.GET.get("month", "")).year
    return year, _events(request, date(year, 1, 1), date(year + 1, 1, 31))


@login_required
@require_safe
def ics(request: HttpRequest) -> HttpResponse:
    """The year as an iCalendar file."""
    year, found = _year(request)
    name = _("落实 %(year)d 年") % {"year": year}
    body = calendar_ics.write(name, found, request.build_absolute_uri("/"), timezone.now())
    return choices.attach(HttpResponse(body, content_type="text/calendar; charset=utf-8"), f"luoshi-{year}.ics")


@login_required
@require_safe
def export(request: HttpRequest, format: str) -> HttpResponse:
    """The year as a table."""
    if format not in MEDIA:
        raise Http404
    year, found = _year(request)
    names = {"opens": _("开始填报"), "due": _("报送截止"), "locks": _("锁定"), "task": _("任务到期"), "node": _("节点")}
    rows = [[e.day, names[e.kind], e.title, _("暂按") if e.provisional else ""] for e in found]
    body = table_file(_("日历"), [_("日期"), _("类别"), _("事项"), _("备注")], rows, format)
    return choices.attach(HttpResponse(body, content_type=MEDIA[format]), f"{_('日历')}-{year}.{format}")
