"""Who acts in the example year and on what: accounts, units, plans, and the clock of 2026."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from luoshi.cli.example import people as names
from luoshi.people import actions as people
from luoshi.people import post_actions
from luoshi.people.models import Government, Member, Tenure, Unit, User
from luoshi.people.permissions import forget_memberships
from luoshi.plans.models import Plan, Task
from luoshi.progress.workdays import is_working_day, on_or_after


@dataclass
class World:
    """The fictional county while its year runs. ``last``: the newest figure by target; sets of what was said already."""

    government: Government
    plans: list[Plan]
    clerk: User
    head: User
    third: User
    tasks: dict[str, Task] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    liaisons: dict[int, User] = field(default_factory=dict)
    heads: dict[int, User] = field(default_factory=dict)
    leaders: dict[int, User] = field(default_factory=dict)
    last: dict[int, tuple[Decimal, date]] = field(default_factory=dict)
    told: set[tuple[str, int]] = field(default_factory=set)

    def leader_of(self, task: Task) -> User:
        """The account of the leader in charge of a task."""
        return self.leaders[min(task.leader_posts)]

    def lead(self, task: Task) -> Unit:
        """The unit that leads a task."""
        return next(unit for unit in self.units.values() if unit.pk in task.lead_units)


def short(task: Task) -> str:
    """The key without its year: ``GZ-2-5``."""
    return task.key.split("-", 1)[1]


def clock(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of the government's day."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=timezone.get_current_timezone())


def before(day: date, working_days: int) -> date:
    """So many working days earlier."""
    for _n in range(working_days):
        day -= timedelta(days=1)
        while not is_working_day(day):
            day -= timedelta(days=1)
    return day


def after(day: date, days: int = 1) -> date:
    """The working day so many days later, or the next."""
    return on_or_after(day + timedelta(days=days))


def accounts(government: Government, password: User) -> None:
    """A liaison and a head for every unit and an account for every leader. They share the password of one that is there,
    kept as the same hash: making sixty of them anew would take half a minute, and the example's password is public."""
    units = {unit.short_name: unit for unit in government.units.all()}
    wanted: list[tuple[str, str, str, Unit | None]] = [
        (username, name, role, units[unit]) for username, name, role, unit in names.unit_accounts()
    ]
    leaders = [name for _title, name in names.LEADERS]
    wanted += [(u, n, "leader", None) for u, n in zip(names.LEADER_ACCOUNTS, leaders, strict=True)]
    wanted.append((names.COMES_AS, names.COMES, "leader", None))
    there = set(User.objects.values_list("username", flat=True))
    for username, name, role, unit in wanted:
        if username not in there:
            user = people.create_user(username, name, like=password)
            people.add_member(government, user, role, unit, at=clock(names.SINCE, 8))
    posts = government.posts.filter(unit=None).order_by("order", "pk")
    for post, username, name in zip(posts, names.LEADER_ACCOUNTS, leaders, strict=False):
        if not post.tenures.filter(user__isnull=False).exists():
            user = User.objects.get(username=username)
            post_actions.appoint(post, name, user, names.SINCE, at=clock(names.SINCE))


def world(government: Government) -> World:
    """Everybody and everything as it stands now, each account fetched once."""
    by_name = {user.username: user for user in User.objects.filter(memberships__government=government).distinct()}
    found = World(
        government,
        list(Plan.objects.filter(government=government, year=2026, state=Plan.State.ISSUED).order_by("pk")),
        by_name[names.OFFICE],
        by_name[names.HEAD],
        by_name[names.THIRD],
    )
    found.units = {unit.short_name: unit for unit in government.units.all()}
    for member in Member.objects.filter(government=government, unit__isnull=False).select_related("user"):
        kept = found.liaisons if member.role == Member.Role.LIAISON else found.heads
        kept[member.unit_id or 0] = by_name[member.user.username]
    gather(found)
    return found


def gather(world: World) -> None:
    """The tasks with all that is asked of them, and who holds which post now."""
    for plan in world.plans:
        rows = plan.ledger_rows().prefetch_related(
            "targets__schedule", "targets__roster", "targets__done_tests", "deliverables__nodes"
        )
        world.tasks |= {short(task): task for task in rows.select_related("plan__government", "government")}
    holding = Tenure.objects.filter(post__government=world.government, until=None, user__isnull=False)
    for tenure in holding.select_related("user"):
        assert tenure.user is not None
        forget_memberships(tenure.user)
        world.leaders[tenure.post_id] = tenure.user
