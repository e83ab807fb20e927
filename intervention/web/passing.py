"""The last step into a room: the provider is asked outside any transaction, its address goes into one redirect."""

from __future__ import annotations

from datetime import timedelta

from werkzeug.wrappers import Response

from intervention.domain.doors import GRANT_SECONDS
from intervention.domain.errors import ProviderUnavailable, WrongState
from intervention.ports import Misconfigured, Unavailable, VideoRooms
from intervention.rendering.wording import capitalized, word
from intervention.usecases.entering import Label, Passage, redeem
from intervention.usecases.video_rooms import Account
from intervention.web.stage import open_work, stage


def through(passage: Passage) -> Response:
    """303 to the provider. Raises ProviderUnavailable, WrongState, and DoorClosed when turned away meanwhile."""
    here = stage()
    try:
        rooms = rooms_of(passage.venue.account)
        reference = passage.venue.reference or rooms.provision(passage.venue.spec)
        with open_work() as work:
            reference = redeem(work, here.keys, passage, reference)
        now = here.clock.now()
        ttl = min(timedelta(seconds=GRANT_SECONDS), passage.expires_at - now)
        entry = rooms.grant(reference, _shown(passage.label), is_host=passage.is_host, now=now, ttl=ttl)
    except Unavailable as unavailable:
        raise ProviderUnavailable(retry_after=unavailable.retry_after or 30) from unavailable
    except Misconfigured as misconfigured:
        raise WrongState(because="video_misconfigured") from misconfigured
    # No body: a redirect's usual page would repeat the address.
    headers = {"Location": entry.url, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return Response(status=303, headers=headers)


def rooms_of(account: Account) -> VideoRooms:
    """The provider's account. Raises Misconfigured for a provider that this installation does not have any more."""
    provider = stage().video.get(account.provider)
    if provider is None:
        raise Misconfigured(account.provider, {"provider": "unknown"})
    return provider.account(account.values)


def _shown(label: Label) -> str:
    """A role and its number, never a name: all that the other side's server learns of anybody."""
    role = capitalized(word(label.role))
    return f"{role} {label.number}" if label.number else role
