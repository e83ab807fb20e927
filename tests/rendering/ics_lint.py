"""Our own lint of a feed: what no library at hand reports (octet folding, zones, banned properties, order, ends)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

BANNED = ("METHOD", "ORGANIZER", "ATTENDEE", "CLASS", "SOURCE", "X-ALT-DESC", "RRULE", "RDATE", "EXDATE", "DURATION")
ONCE = ("UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "STATUS", "TRANSP")
AT_MOST_ONCE = ("SUMMARY", "LOCATION", "DESCRIPTION", "URL")
ENUMS = {
    "STATUS": {"CONFIRMED", "TENTATIVE"},
    "TRANSP": {"OPAQUE", "TRANSPARENT"},
    "X-MICROSOFT-CDO-BUSYSTATUS": {"BUSY", "TENTATIVE", "FREE"},
}
TEXTS = ("NAME", "X-WR-CALNAME", "SUMMARY", "LOCATION", "DESCRIPTION")
PROPERTY = re.compile(r"([A-Z-]+)((?:;[A-Z-]+=[^:;,]+)*):(.*)", re.DOTALL)
UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[;,]|(?<!\\)(?:\\\\)*\\[^\\;,nN]|[\x00-\x08\x0a-\x1f\x7f]")

Property = tuple[str, dict[str, str], str]


def unfolded(body: bytes) -> list[str]:
    return body.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def lint(body: bytes) -> list[str]:
    """Every fault found, empty for a good feed."""
    faults = list(_octet_faults(body))
    lines = unfolded(body)
    faults += [f"not a property: {line!r}" for line in lines if not PROPERTY.fullmatch(line)]
    if faults:
        return faults
    properties = [_property(line) for line in lines]
    events = list(_blocks(properties, "VEVENT"))
    faults += _calendar_faults(properties, events)
    faults += _zone_faults(properties, events)
    for event in events:
        faults += _event_faults(event)
    return faults


def _octet_faults(body: bytes) -> Iterator[str]:
    if body.startswith(b"\xef\xbb\xbf"):
        yield "byte order mark"
    if not body.endswith(b"END:VCALENDAR\r\n"):
        yield "does not end"
    bare = body.replace(b"\r\n", b"")
    if b"\n" in bare or b"\r" in bare:
        yield "bare CR or LF"
    for number, line in enumerate(body.split(b"\r\n")[:-1], 1):
        if len(line) > 75:
            yield f"line {number}: {len(line)} octets"
        if not line:
            yield f"line {number}: empty"
        try:
            line.decode()
        except UnicodeDecodeError:
            yield f"line {number}: a character is cut"


def _property(line: str) -> Property:
    name, parameters, value = PROPERTY.fullmatch(line).groups()  # type: ignore[union-attr]
    return name, dict(part.split("=", 1) for part in parameters.split(";")[1:]), value


def _blocks(properties: list[Property], kind: str) -> Iterator[list[Property]]:
    block: list[Property] | None = None
    for name, parameters, value in properties:
        if (name, value) == ("BEGIN", kind):
            block = []
        elif (name, value) == ("END", kind):
            yield block or []
            block = None
        elif block is not None:
            block.append((name, parameters, value))


def _calendar_faults(properties: list[Property], events: list[list[Property]]) -> Iterator[str]:
    components = [value for name, _, value in properties if name == "BEGIN"]
    head = properties[1 : next(at for at, (name, _, _) in enumerate(properties) if name == "BEGIN" and at)]
    counts = Counter(name for name, _, _ in head)
    for name in ("VERSION", "PRODID", "CALSCALE", "NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"):
        if counts[name] != 1:
            yield f"{name} is there {counts[name]} times"
    if ("REFRESH-INTERVAL", {"VALUE": "DURATION"}, "PT1H") not in head:
        yield "REFRESH-INTERVAL without VALUE=DURATION"
    if len(components) < 2:
        yield "no component"
    if stray := set(components) - {"VCALENDAR", "VTIMEZONE", "STANDARD", "DAYLIGHT", "VEVENT"}:
        yield f"components {sorted(stray)}"
    uids = Counter(value for event in events for name, _, value in event if name == "UID")
    yield from (f"UID {uid} twice" for uid, count in uids.items() if count > 1)
    texts = [(name, value) for name, _, value in properties if name in TEXTS]
    yield from (f"{name} badly escaped: {value!r}" for name, value in texts if UNESCAPED.search(value))


def _zone_faults(properties: list[Property], events: list[list[Property]]) -> Iterator[str]:
    declared = [value for block in _blocks(properties, "VTIMEZONE") for name, _, value in block if name == "TZID"]
    used = {parameters["TZID"] for event in events for _, parameters, _ in event if "TZID" in parameters}
    if declared != sorted(set(declared)):
        yield f"zones twice or out of order: {declared}"
    if events and set(declared) != used:
        yield f"zones declared {declared}, used {sorted(used)}"
    for kind in ("STANDARD", "DAYLIGHT"):
        for block in _blocks(properties, kind):
            yield from exchange_faults(block)


def exchange_faults(observance: list[Property]) -> Iterator[str]:
    """What Exchange would misread: MS-OXCICAL 2.1.3.1.1.19.2."""
    names = Counter(name for name, _, _ in observance)
    if set(names) - {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME", "RRULE"} or max(names.values()) > 1:
        yield f"observance holds {dict(names)}"
    for value in (value for name, _, value in observance if name == "RRULE"):
        rule = dict(part.split("=") for part in value.split(";"))
        single = [name for name in ("BYDAY", "BYMONTHDAY") if name in rule and "," not in rule[name]]
        if rule["FREQ"] != "YEARLY" or len(single) != 1 or set(rule) - {"FREQ", "BYMONTH", "UNTIL", single[0]}:
            yield f"Exchange cannot read {value}"


def _event_faults(event: list[Property]) -> Iterator[str]:
    counts = Counter(name for name, _, _ in event)
    yield from (f"{name} is there {counts[name]} times" for name in ONCE if counts[name] != 1)
    yield from (f"{name} is there {counts[name]} times" for name in AT_MOST_ONCE if counts[name] > 1)
    yield from (f"{name} is banned" for name in BANNED if counts[name])
    values = {name: (parameters, value) for name, parameters, value in event}
    for name, allowed in ENUMS.items():
        if values[name][1] not in allowed:
            yield f"{name}:{values[name][1]}"
    (start_zone, start), (end_zone, end) = values["DTSTART"], values["DTEND"]
    if start_zone != end_zone or end <= start:
        yield f"{start} does not come before {end}"
    for parameters, value in (values["DTSTART"], values["DTEND"]):
        if value.endswith("Z") == ("TZID" in parameters):
            yield f"{value} with {parameters}"
    if values["DTSTAMP"] != values["LAST-MODIFIED"] or not values["DTSTAMP"][1].endswith("Z"):
        yield "DTSTAMP is not the stored revision"
    if re.search(r"[^!-~]", values.get("URL", ({}, ""))[1]):
        yield "URL holds more than RFC 3986 characters"


def order_faults(starts: list[tuple[object, str]]) -> list[str]:
    """Events must come in order of start, then UID."""
    return [f"{later} after {sooner}" for sooner, later in pairwise(starts) if later < sooner]  # type: ignore[operator]
