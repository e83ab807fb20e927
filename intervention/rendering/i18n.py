"""The two languages. French is the source text and needs no catalogue; English is read from `translations/en/*.po`.

`_` and `ngettext` answer in the language in force, set by `speaking` for a request, a mail or a feed. The files are
read once, at first use: there is no compiled form to forget.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LOCALES = ("fr", "en")
TRANSLATIONS = Path(__file__).parents[1] / "translations"

_spoken: ContextVar[str] = ContextVar("spoken", default="fr")

Catalogue = dict[str, tuple[str, ...]]


def locale() -> str:
    """The language in force: `fr` or `en`."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Use `language` for what is worded inside; an unknown one is French."""
    token = _spoken.set(language if language in LOCALES else "fr")
    try:
        yield
    finally:
        _spoken.reset(token)


def speak(language: str) -> None:
    """Set the language until somebody sets another; for the edge that owns its thread's context."""
    _spoken.set(language if language in LOCALES else "fr")


def _(message: str, **facts: object) -> str:
    """`message` in the language in force, `%(name)s` filled from `facts`. A text without facts may hold a bare %."""
    found = catalogue(locale()).get(message)
    text = found[0] if found else message
    return text % facts if facts else text


def ngettext(singular: str, plural: str, n: int, **facts: object) -> str:
    """The form for `n`. French counts 0 and 1 as one; English only 1. `%(n)s` is always filled."""
    forms = catalogue(locale()).get(singular) or (singular, plural)
    index = int(n >= 2) if locale() == "fr" else int(n != 1)
    return forms[min(index, len(forms) - 1)] % {"n": n, **facts}


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for a text translated later
    """Mark a text of a table for extraction; whoever shows it passes it through `_`."""
    return message


@cache
def catalogue(language: str) -> Catalogue:
    """Source text → translated forms, all files of the language together. French has none."""
    merged: Catalogue = {}
    for path in sorted((TRANSLATIONS / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id and not message.fuzzy:
                    key = message.id if isinstance(message.id, str) else message.id[0]
                    forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
                    if forms and all(forms):
                        merged.setdefault(key, forms)
    return merged
