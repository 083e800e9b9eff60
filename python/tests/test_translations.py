"""The translations are whole, and what is compiled is what is written."""

from __future__ import annotations

import gettext
import importlib.machinery
import importlib.util
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "translations"


@pytest.fixture(scope="module")
def tool():
    loader = importlib.machinery.SourceFileLoader("translations", str(TOOL))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("translations", loader))
    loader.exec_module(module)
    return module


@pytest.mark.parametrize("language", ["de", "es", "fa", "fr"])
def test_nothing_is_missing_fuzzy_out_of_step_or_without_its_placeholders(tool, language):
    assert list(tool.faults(language, tool.messages())) == []


def test_the_sources_texts_are_found(tool):
    wanted = tool.messages()
    assert ("Where you are signed in", "") in wanted  # {% translate %}
    assert ("near %(place)s (approximate)", "") in wanted  # {% blocktranslate %}
    assert ("One session was signed out.", "%(ended)s sessions were signed out.") in wanted
    assert ("%(count)d day ago", "%(count)d days ago") in wanted  # ngettext
    assert ("last active", "") in wanted  # gettext_lazy


def test_faults_are_seen(tool, tmp_path, monkeypatch):
    path = tmp_path / "locale" / "de" / "LC_MESSAGES" / "django.po"
    monkeypatch.setattr(tool, "PACKAGE", tmp_path)
    texts = {("a %(n)s", ""): "ein", ("b", ""): "", ("gone", ""): "weg", ("c", ""): "drei"}
    entries = {key: tool.Entry(key, [text], False) for key, text in texts.items()}
    tool.write_po(path, "de", entries, {key: {"x.py"} for key in entries})
    path.write_text(path.read_text().replace('msgid "c"', '#, fuzzy\nmsgid "c"'))
    found = list(tool.faults("de", {("a %(n)s", ""): set(), ("b", ""): set(), ("c", ""): set(), ("d", ""): set()}))
    for what in (
        "not in the file: d",
        "any more: gone",
        "fuzzy: c",
        "untranslated: b",
        "other placeholders: ein",
        ".mo",
    ):
        assert any(what in fault for fault in found), what


def test_a_plural_is_read_back_by_the_standard_library(tool):
    path = tool.PACKAGE / "locale" / "de" / "LC_MESSAGES" / "django.mo"
    with path.open("rb") as file:
        german = gettext.GNUTranslations(file)
    assert german.ngettext("%(count)d day ago", "%(count)d days ago", 1) == "vor %(count)d Tag"
    assert german.ngettext("%(count)d day ago", "%(count)d days ago", 2) == "vor %(count)d Tagen"
