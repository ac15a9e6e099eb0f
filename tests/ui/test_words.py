"""English is complete: every word of the site is translated, with the same placeholders, and nothing stale is kept."""

from __future__ import annotations

import re

import polib
import pytest
from django.utils import translation

from tests.ui.messages import ROOT, everywhere, in_python, in_template

# Each room keeps its own words.
CATALOGUES = sorted(ROOT.glob("luoshi/*/locale/en/LC_MESSAGES/django.po"))
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def catalogue() -> dict[str, polib.POEntry]:
    return {entry.msgid: entry for entry in entries()}


def entries() -> list[polib.POEntry]:
    return [entry for path in CATALOGUES for entry in polib.pofile(str(path)) if not entry.obsolete]


def test_a_word_is_translated_in_one_room_only():
    said = [entry.msgid for entry in entries()]
    assert len(CATALOGUES) > 1 and not {words for words in said if said.count(words) > 1}


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\w+\}", text))


def test_every_word_has_an_english_translation(catalogue):
    missing = [(name, words) for (words, _), name in everywhere().items() if words not in catalogue]
    assert not missing, f"add these to the room's django.po: {missing}"
    untranslated = [e.msgid for e in catalogue.values() if not (e.msgstr or all(e.msgstr_plural.values() or [""]))]
    assert not untranslated


def test_no_translation_is_stale(catalogue):
    used = {words for words, _ in everywhere()}
    assert not sorted(set(catalogue) - used)


def test_translations_keep_the_placeholders(catalogue):
    for entry in catalogue.values():
        for said in [entry.msgstr, *entry.msgstr_plural.values()]:
            if said:
                assert placeholders(said) == placeholders(entry.msgid), entry.msgid


def test_plural_words_are_found():
    assert list(in_python('ngettext("一", "二", n); _("三")')) == [("一", "二"), ("三", "")]
    template = '{% load i18n %}{% blocktranslate count n=x %}甲 {{ n }}{% plural %}乙{% endblocktranslate %}{% translate "丙" %}'
    assert set(in_template(template, "t")) == {("甲 %(n)s", "乙"), ("丙", "")}


@pytest.mark.parametrize("address", ["/login/", "/documents/upload/", "/nowhere/"])
def test_an_english_page_speaks_english(cast, client, address):
    from subprocess import run
    from sys import executable

    run([executable, "hatch_build.py"], cwd=ROOT, check=True)  # compiles only what is newer than its .mo
    client.force_login(cast.clerk, backend="django.contrib.auth.backends.ModelBackend")
    if address == "/login/":
        client.logout()
    client.cookies["django_language"] = "en"
    with translation.override("zh-hans"):  # the request leaves its own language behind in this thread
        text = client.get(address).content.decode()
    text = re.sub(r"<(script|title)\b.*?</\1>", "", text, flags=re.S)
    left = set(re.findall(r"[^<>\"=]*[\u4e00-\u9fff][^<>\"=]*", text)) - {"中文", "澜湾县", "江晓帆"}
    assert 'lang="en"' in text and not left
