"""Refusals of the core: a stable code and facts; the edge words them in the reader's language.

Facts hold ids, instants and codes, never a person's name: they may reach a log.
"""


class DomainError(Exception):
    """A refusal. `code` is stable and public (problem+json `code`); `facts` feed the wording."""

    code = "refused"

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.code)


class NotFound(DomainError):
    """Absent or out of the actor's scope: the two are the same answer, a service's existence is confidential."""

    code = "not_found"


class NotAllowed(DomainError):
    """In scope, but this act is not the actor's. `because` is a code of `permissions`."""

    code = "not_allowed"


class InvalidInput(DomainError):
    """Input that can never be right. `fields` maps a field's name to a fault code."""

    code = "invalid_input"

    def __init__(self, fields: dict[str, str] | None = None, **facts: object) -> None:
        self.fields = fields or {}
        super().__init__(fields=self.fields, **facts)


class SlotTaken(DomainError):
    """A resource of the ask is already reserved; `resource_ids` says which, alternatives are the caller's to add."""

    code = "slot_taken"


class SlotRefused(DomainError):
    """A rule other than a reservation refuses the slot; `refusals` are `slots.Refusal` values."""

    code = "slot_refused"


class Stale(DomainError):
    """The object changed since the reader loaded it; `version` is the present one, `known` the reader's."""

    code = "stale"


class Raced(DomainError):
    """Somebody wrote the same thing at the same instant, and theirs was first: nothing was written."""

    code = "raced"


class WrongState(DomainError):
    """The act does not exist from the object's present status."""

    code = "wrong_state"


class DoorClosed(DomainError):
    """A confidential link that opens nothing: unknown, revoked, foreign and out of its window answer alike."""

    code = "door_closed"


class FeedGone(DomainError):
    """A feed whose token was revoked, or whose owner no longer has the role."""

    code = "feed_gone"


class TooMany(DomainError):
    """A credential-like door was tried too often; `retry_after` is in seconds."""

    code = "too_many_attempts"


class ProviderUnavailable(DomainError):
    """A provider outside did not answer; `retry_after` is in seconds."""

    code = "provider_unavailable"
