"""Words for codes: every enum member, every refusal, every field fault. One table, merged from one module per feature.

A feature adds `rendering/words/<feature>.py` holding `WORDS`. Keys are
`<EnumClass>.<value>` for enum members, `error.<code>` (and `error.<code>.next` for what to do), `field.<code>`,
`because.<code>` for a refusal of `permissions`, `said.<code>` for what a flash message says. Values are French source
texts marked with `N_`.
"""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module
from pkgutil import iter_modules

from intervention.rendering import words
from intervention.rendering.i18n import _

WORDS: dict[str, str] = {}
for _module in iter_modules(words.__path__):
    _table: dict[str, str] = import_module(f"{words.__name__}.{_module.name}").WORDS
    _twice = WORDS.keys() & _table.keys()
    if _twice:
        raise ValueError(f"worded twice: {sorted(_twice)}")
    WORDS.update(_table)


def capitalized(text: str) -> str:
    """A line that begins with a capital; the rest stays as it is written (« Monday, Oct 12 »)."""
    return text[:1].upper() + text[1:]


def word(member: StrEnum) -> str:
    """What readers call an enum member, in the language in force."""
    return _(WORDS[f"{type(member).__name__}.{member.value}"])


def say(key: str, **facts: object) -> str:
    """The sentence of `key`, filled with `facts`."""
    return _(WORDS[key], **facts)


def has(key: str) -> bool:
    return key in WORDS
