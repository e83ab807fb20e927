"""The catalogues say in English everything the product says in French, and nothing else.

French is the source text: `_()`, `N_()` and `ngettext()` in Python and in templates. Each text has one English
translation in `intervention/translations/en/*.po`, with the same placeholders; no entry is left over, fuzzy or double.
The French itself is held to its typography, since nobody sees a plain space where a no-break one belongs.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
JINJA = {"silent": "false", "trimmed": "true", "extensions": "jinja2.ext.do"}
PLACEHOLDER = re.compile(r"%(?:\((\w+)\)[sdfr]|[sdr](?!\w))")
TYPOGRAPHY = (
    (re.compile(r" [:;?»]"), "a plain space where a no-break one belongs (before : ; ? »)"),
    (re.compile("« "), "a plain space after «"),
    (re.compile("!"), "an exclamation mark"),
    (re.compile(r"\.\.\."), "three dots for …"),
)

Forms = tuple[str, ...]


class Entry(NamedTuple):
    """A translation as a catalogue holds it."""

    where: str
    source: Forms
    english: Forms
    is_fuzzy: bool


def used(root: Path) -> dict[Forms, str]:
    """Every text the product shows, singular and plural together, with the first place that shows it."""
    found: dict[Forms, str] = {}
    for path in sorted((root / "intervention").rglob("*")):
        is_template = "templates" in path.parts
        if not path.is_file() or not (is_template or path.suffix == ".py"):
            continue
        method, options = ("jinja2.ext:babel_extract", JINJA) if is_template else ("python", {})
        for line, message, _comments, _context in extract_from_file(method, path, keywords=KEYWORDS, options=options):
            found.setdefault(forms(message), f"{path.relative_to(root)}:{line}")
    return found


def entries(root: Path) -> Iterator[Entry]:
    for path in sorted((root / "intervention/translations/en").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                if message.id:
                    where = f"{path.relative_to(root)}:{message.lineno}"
                    yield Entry(where, forms(message.id), forms(message.string), message.fuzzy)


def forms(message: str | tuple[str, ...] | list[str] | None) -> Forms:
    return tuple(message) if isinstance(message, (tuple, list)) else (message or "",)


def placeholders(text: str) -> set[str]:
    return {match.group(0) for match in PLACEHOLDER.finditer(text.replace("%%", ""))}


def faults(root: Path) -> Iterator[str]:
    """Each thing that is wrong, as `place: what`."""
    shown = used(root)
    translated: dict[Forms, str] = {}
    for entry in entries(root):
        yield from faults_of(entry)
        if entry.source in translated:
            yield f"{entry.where}: already translated at {translated[entry.source]}: {entry.source[0]}"
        elif entry.source not in shown:
            yield f"{entry.where}: nothing shows it: {entry.source[0]}"
        translated.setdefault(entry.source, entry.where)
    for source, where in shown.items():
        if source not in translated:
            yield f"{where}: no English for: {source[0]}"
        for pattern, fault in TYPOGRAPHY:
            if any(pattern.search(text) for text in source):
                yield f"{where}: {fault}: {source[0]}"


def faults_of(entry: Entry) -> Iterator[str]:
    if entry.is_fuzzy:
        yield f"{entry.where}: fuzzy: {entry.source[0]}"
    if not all(entry.english) or len(entry.english) != len(entry.source):
        yield f"{entry.where}: empty: {entry.source[0]}"
        return
    for source, english in zip(entry.source, entry.english, strict=True):
        if placeholders(source) - {"%(n)s"} != placeholders(english) - {"%(n)s"}:
            yield f"{entry.where}: other placeholders than the French: {english}"


def main(root: Path) -> int:
    found = list(faults(root))
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent.parent))
