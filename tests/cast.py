"""The people every test uses. 澜湾县 and its neighbour 望屿县 are invented, and so is everyone in them."""

from __future__ import annotations

from dataclasses import dataclass

from luoshi.people.actions import NewUnit, add_member, create_government, create_units, create_user
from luoshi.people.models import Government, Unit, User

PASSWORD = "Chao-sheng 2026 wang!"

UNITS = (
    NewUnit("县发改局", "澜湾县发展和改革局"),
    NewUnit("县住建局", "澜湾县住房和城乡建设局"),
    NewUnit("县教育局"),
    NewUnit("县体育局"),
    NewUnit("县自然资源规划局", aliases=("县自规局",)),
    NewUnit("县统计局"),
    NewUnit("望潮街道", kind="town"),
    NewUnit("县城投集团", kind="enterprise"),
)


@dataclass(frozen=True)
class Cast:
    """One county at work, and one outsider."""

    county: Government
    neighbour: Government
    units: dict[str, Unit]
    clerk: User  # of the supervision office: runs the year
    second_clerk: User  # her colleague, correcting at the same time
    liaison: User  # of 县住建局
    head: User  # of 县住建局, signs
    leader: User
    auditor: User
    account_admin: User
    security_admin: User
    outsider: User  # the neighbouring county's own clerk
    nobody: User  # an account without a place


def assemble() -> Cast:
    """Everyone, in the database."""
    county = create_government("澜湾县", division_code="990124")
    neighbour = create_government("望屿县", division_code="990125")
    units = {unit.short_name: unit for unit in create_units(county, UNITS)}

    def person(username: str, name: str, role: str = "", place: Government = county, unit: str = "") -> User:
        user = create_user(username, name, PASSWORD)
        if role:
            add_member(place, user, role, units[unit] if unit else None)
        return user

    return Cast(
        county=county,
        neighbour=neighbour,
        units=units,
        clerk=person("jiang", "江晓帆", "office"),
        second_clerk=person("bai", "白砚秋", "office"),
        liaison=person("mo", "莫知夏", "liaison", unit="县住建局"),
        head=person("cen", "岑望舒", "unit_head", unit="县住建局"),
        leader=person("gu", "顾怀璟", "leader"),
        auditor=person("yan", "严守初", "auditor"),
        account_admin=person("ding", "丁一鸣", "account_admin"),
        security_admin=person("an", "安如山", "security_admin"),
        outsider=person("qiao", "乔南浦", "office", neighbour),
        nobody=person("wu", "吴名"),
    )
