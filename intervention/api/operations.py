"""What an operation is. The table of them (`api.table`) is the one source of the routes and of the document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from intervention.domain.clock import Clock
from intervention.domain.composition import BookEncounter
from intervention.domain.permissions import Actor
from intervention.queries.api_tokens import TokenLine
from intervention.records.database import Database
from intervention.records.vault import Keyring
from intervention.settings import Settings
from intervention.usecases.work import Work

NO_VERSION = 0
Wanted = tuple[BookEncounter, UUID | None]  # what a slot was asked for, and the encounter that it would move


@dataclass(frozen=True, slots=True)
class Edge:
    """What the API stands on."""

    settings: Settings
    database: Database
    clock: Clock

    @property
    def keys(self) -> Keyring:
        return Keyring(self.settings.secret_key.reveal())


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read and checked. `body` and `query` are of the operation's models.

    `version` is that of If-Match, or `known` is: what was seen of an object that keeps no count of its versions,
    None where the program does not say.
    """

    edge: Edge
    work: Work
    actor: Actor
    token: TokenLine
    base_url: str
    ids: Mapping[str, UUID] = field(default_factory=dict)
    body: Any = None
    query: Any = None
    version: int = NO_VERSION
    known: str | None = None

    @property
    def id(self) -> UUID:
        """The object that the path names."""
        return next(iter(self.ids.values()))


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` is of plain values: dicts, lists, ids, instants, codes. `version` becomes the ETag."""

    body: Any = None
    status: int = 200
    version: int | str | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What a creating request made. `secret` is told in the first answer and never again."""

    id: UUID
    secret: str | None = None


Handle = Callable[[Call], Answer]
Make = Callable[[Call], Made]
Show = Callable[[Call, Made], Answer]


@dataclass(frozen=True, slots=True)
class Operation:
    """A verb at a path. One that creates has `make` and `show` in place of `handle`, and takes an Idempotency-Key.

    `needs_version` asks for If-Match; with `heeds_seen` a program may send it, and is then told what changed meanwhile.
    `refuses` are the statuses it may answer besides those
    of every operation; `wanted` gives what a refused slot was asked for, so that alternatives can be looked for. One
    that `previews` may be asked to create nothing: it then answers 200 with a `preview` of what it would.
    """

    method: str
    path: str
    name: str
    says: str
    group: str
    answer: Any = None
    handle: Handle | None = None
    make: Make | None = None
    show: Show | None = None
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    status: int = 200
    writes: bool = False
    needs_version: bool = False
    heeds_seen: bool = False
    gives_version: bool = False
    refuses: tuple[int, ...] = ()
    wanted: Callable[[Call], Wanted | None] | None = None
    previews: Callable[[Call], Answer | None] | None = None
    preview: Any = None

    @property
    def creates(self) -> bool:
        return self.make is not None


def reads(show: Show) -> Handle:
    """One by its id, as the answer to its PATCH."""
    return lambda call: show(call, Made(call.id))
