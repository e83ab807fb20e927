"""A board's video accounts. What is secret goes in and never comes out again: pages see four signs of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.ids import new_id
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.ports import AccountField
from intervention.records.join_links import VideoAccount
from intervention.records.vault import Keyring
from intervention.usecases import audit
from intervention.usecases.video_rooms import SECRETS
from intervention.usecases.work import Work

HIDDEN = "••••"
SHOWN_FROM = 16  # four signs of a shorter secret would be too much of it


@dataclass(frozen=True, slots=True)
class AddVideoAccount:
    """`values` were already accepted by the provider itself; `fields` are its own list."""

    provider: str
    label: str
    fields: tuple[AccountField, ...]
    values: Mapping[str, str] = field(repr=False)
    leaves_quebec: bool = False
    is_revocable: bool = False  # as the provider declares of these values


def add(work: Work, actor: Actor, keys: Keyring, ask: AddVideoAccount) -> UUID:
    """Raises NotAllowed, InvalidInput."""
    require(actor, Action.CONFIGURE_VIDEO, Subject(actor.organization_id))
    if not ask.label.strip():
        raise InvalidInput({"label": "required"})
    names = {each.name for each in ask.fields}
    values = {name: value.strip() for name, value in ask.values.items() if name in names and value.strip()}
    account = VideoAccount(
        id=new_id(),
        organization_id=actor.organization_id,
        provider=ask.provider,
        label=ask.label.strip()[:80],
        secrets=keys.seal(SECRETS, values),
        hints={each.name: _hint(each, values[each.name]) for each in ask.fields if each.name in values},
        leaves_quebec=ask.leaves_quebec,
        is_revocable=ask.is_revocable,
    )
    work.session.add(account)
    work.session.flush()
    _record(work, actor, "video_account_added", account, provider=ask.provider)
    return account.id


def enable(work: Work, actor: Actor, account_id: UUID, *, is_enabled: bool) -> None:
    """A disabled account makes no room and lets nobody in; rooms that exist with it are made again elsewhere."""
    require(actor, Action.CONFIGURE_VIDEO, Subject(actor.organization_id))
    account = work.session.get(VideoAccount, account_id)
    if account is None or account.organization_id != actor.organization_id:
        raise NotFound
    if account.is_enabled != is_enabled:
        account.is_enabled = is_enabled
        _record(work, actor, "video_account_enabled" if is_enabled else "video_account_disabled", account)


def _hint(each: AccountField, value: str) -> str:
    if not each.is_secret:
        return value
    return f"{HIDDEN} {value[-4:]}" if len(value) >= SHOWN_FROM else HIDDEN


def _record(work: Work, actor: Actor, verb: str, account: VideoAccount, **facts: object) -> None:
    audit.record(
        work,
        verb,
        "video_account",
        account.id,
        account.organization_id,
        actor_id=actor.person_id,
        facts=facts,
    )
