"""Template tags shared by all pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

import luoshi
from luoshi.exports.rows import figure

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A line icon of ``ui/icons.svg``; with a label it is read out, without one it is decoration."""
    use = format_html('<use href="{}#{}"/>', static("ui/icons.svg"), name)
    if label:
        return format_html('<svg role="img" aria-label="{}">{}</svg>', label, use)
    return format_html('<svg aria-hidden="true">{}</svg>', use)


# Each colour its own shape, so that a grey print tells them apart; a colour the table does not know is a square.
MARKS = {"green": "g", "yellow": "y", "red": "r", "done": "c", "grey": "a", "": "n", "blue": "b", "orange": "o"}


@register.filter
def mark_class(colour: str) -> str:
    """The style of a light's mark by the code of its colour."""
    return MARKS.get(colour, "x")


@register.simple_tag
def light_name(colour: str, name: str = "") -> str:
    """The word of a light: as its rule set says, else the house's own for what every rule set has."""
    own = {"done": _("已完成"), "grey": _("本期不判"), "": _("还没有亮灯")}
    usual = {"green": _("绿灯"), "yellow": _("黄灯"), "red": _("红灯")}
    return str(name or own.get(colour) or usual.get(colour) or colour)


@register.simple_tag
def mark(colour: str, name: str | None = None) -> SafeString:
    """The mark of a light; with a name ("" for the usual one) it is read out, without one it stands beside its word."""
    kind = mark_class(colour)
    use = format_html('<use href="{}#l-{}"/>', static("ui/icons.svg"), kind)
    if name is None:
        return format_html('<svg class="m {}" aria-hidden="true">{}</svg>', kind, use)
    said = light_name(colour, name)
    return format_html('<svg class="m {}" role="img" aria-label="{}"><title>{}</title>{}</svg>', kind, said, said, use)


@register.simple_tag
def version() -> str:
    """The version of luoshi that made the page."""
    return luoshi.__version__


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The present query string with some parameters changed; an empty value takes a parameter out."""
    params = {k: v for k, v in context["request"].GET.items() if v}
    params.update({k: str(v) for k, v in changes.items()})
    kept = {k: v for k, v in params.items() if v}
    return "?" + urlencode(kept) if kept else "?"


@register.filter
def number(value: float | None) -> str:
    """A number as a person writes it: 30, 7.5; nothing for None."""
    return "" if value is None else figure(float(value))
