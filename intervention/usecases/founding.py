"""A board begins: its organization, the first administrator, and the link by which they choose a password."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from intervention.domain.accounts import BoardFacts, Particulars
from intervention.domain.errors import InvalidInput
from intervention.domain.people import Role
from intervention.records.people import Membership, Organization
from intervention.records.vault import Keyring
from intervention.usecases import audit
from intervention.usecases.account_links import IssuedLink, make_link
from intervention.usecases.people import email_is_taken, keep_person
from intervention.usecases.work import Work


@dataclass(frozen=True, slots=True)
class FoundBoard:
    board: BoardFacts
    administrator: Particulars


def found_board(work: Work, keys: Keyring, ask: FoundBoard) -> IssuedLink:
    """For whoever runs the installation. Raises InvalidInput, every fault at once; nothing is written then."""
    administrator = ask.administrator.tidied()
    faults = ask.board.faults() | {f"administrator_{name}": fault for name, fault in administrator.faults().items()}
    if administrator.email is None:
        faults["administrator_email"] = "required"
    elif "administrator_email" not in faults and email_is_taken(work, administrator.email):
        faults["administrator_email"] = "email_taken"
    if work.session.scalar(select(Organization.id).where(Organization.code == ask.board.code)) is not None:
        faults["code"] = "code_taken"
    if faults:
        raise InvalidInput(faults)
    board = Organization(
        code=ask.board.code,
        name=ask.board.name.strip(),
        short_name=ask.board.short_name.strip(),
        zone=ask.board.zone,
        locale=ask.board.locale,
    )
    work.session.add(board)
    work.session.flush()
    person = keep_person(work, board.id, administrator)
    work.session.add(Membership(organization_id=board.id, person_id=person.id, role=Role.ADMINISTRATOR))
    work.session.flush()
    audit.record(work, "board_founded", "organization", board.id, board.id, facts={"administrator_id": person.id})
    return make_link(work, keys, person, actor_id=None)
