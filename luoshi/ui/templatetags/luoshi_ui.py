"""Template tags shared by all pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

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
    return "" if value is None else figure(value)
