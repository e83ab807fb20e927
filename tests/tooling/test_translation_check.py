"""What the check of the catalogues sees; a fault it let pass would be a French word on an English page."""

from pathlib import Path

import pytest
from jinja2 import TemplateSyntaxError

from tests.tooling.scripts import load

check = load("check_translations")

PYTHON = (
    'TITLE = N_("Agenda")\n\ndef heading(n: int) -> str:\n    return ngettext("%(n)s séance", "%(n)s séances", n)\n'
)
TEMPLATE = '<h1>{{ _("Nouvelle séance") }}</h1>\n<p title="{{ _("Chez %(who)s", who=name) }}">'
COMPLETE = """
msgid "Agenda"
msgstr "Schedule"

msgid "%(n)s séance"
msgid_plural "%(n)s séances"
msgstr[0] "One session"
msgstr[1] "%(n)s sessions"

msgid "Nouvelle séance"
msgstr "New session"

msgid "Chez %(who)s"
msgstr "At %(who)s’s"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {"web/agenda.py": PYTHON, "templates/agenda/week.html": TEMPLATE, "translations/en/agenda.po": COMPLETE}
    for name, text in files.items():
        path = tmp_path / "intervention" / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return tmp_path


def test_a_complete_catalogue_has_no_fault(root: Path) -> None:
    assert list(check.faults(root)) == []


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('msgid "Agenda"', 'msgid "Horaire"', "no English for: Agenda"),
        ('msgid "Agenda"', 'msgid "Horaire"', "nothing shows it: Horaire"),
        ('"Schedule"', '""', "empty: Agenda"),
        ('msgid "Agenda"', '#, fuzzy\nmsgid "Agenda"', "fuzzy: Agenda"),
        ("%(who)s’s", "%(name)s’s", "other placeholders than the French: At %(name)s’s"),
        ('msgstr[1] "%(n)s sessions"', 'msgstr[1] ""', "empty: %(n)s séance"),
    ],
)
def test_a_fault_of_a_catalogue_is_told(root: Path, before: str, after: str, fault: str) -> None:
    catalogue = root / "intervention/translations/en/agenda.po"
    catalogue.write_text(COMPLETE.replace(before, after))
    assert fault in [told.split(": ", 1)[1] for told in check.faults(root)]


def test_two_files_may_not_translate_the_same_text(root: Path) -> None:
    (root / "intervention/translations/en/other.po").write_text('msgid "Agenda"\nmsgstr "Agenda"\n')
    en = "intervention/translations/en"
    assert list(check.faults(root)) == [f"{en}/other.po:1: already translated at {en}/agenda.po:2: Agenda"]


@pytest.mark.parametrize("french", ["Où ?", "Motif : absent", "« Jour 3 »", "Bravo!", "Attendre..."])
def test_careless_typography_is_told(root: Path, french: str) -> None:
    (root / "intervention/templates/agenda/week.html").write_text(f"{{{{ _('{french}') }}}}")
    assert [fault for fault in check.faults(root) if "week.html" in fault and "no English" not in fault] != []


def test_a_template_that_does_not_parse_is_an_error(root: Path) -> None:
    (root / "intervention/templates/agenda/week.html").write_text("{% if %}")
    with pytest.raises(TemplateSyntaxError):
        list(check.faults(root))
