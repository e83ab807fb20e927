"""`intervention board create` and `intervention account link`: a board begins, and somebody is let in."""

from __future__ import annotations

import argparse

from intervention.domain.accounts import LOCALES, BoardFacts, Particulars
from intervention.domain.clock import SystemClock
from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.legal_time import LEGAL_ZONES
from intervention.operating import tell
from intervention.records import migrate as migrations
from intervention.records.database import Database
from intervention.records.vault import Keyring
from intervention.settings import Settings
from intervention.usecases.account_links import LIFE, IssuedLink, issue_link_as_operator
from intervention.usecases.founding import FoundBoard, found_board
from intervention.usecases.work import open_work

OPTION_OF_FIELD = {
    "short_name": "--short-name",
    "administrator_email": "--admin-email",
    "administrator_given_name": "--admin-name",
    "administrator_family_name": "--admin-name",
}
SENTENCES = {
    "required": "is missing",
    "too_long": "is too long",
    "not_a_code": "is 1 to 32 letters, digits, - or _",
    "not_a_choice": f"is one of {', '.join(LEGAL_ZONES)}",
    "not_an_email": "is not an e-mail address",
    "code_taken": "is the code of a board that is already here",
    "email_taken": "already opens somebody's account here",
}


def shape_board(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    says = "found a board and its first administrator; prints the link by which they choose a password"
    create = verbs.add_parser("create", help=says, description=f"{says[0].upper()}{says[1:]}.")
    create.add_argument("--name", required=True, help="as it is written in full")
    create.add_argument("--short-name", required=True, help="as it is said, 40 characters at most")
    create.add_argument("--code", required=True, help="its official code, or a short one of your own")
    create.add_argument("--zone", required=True, metavar="ZONE", help=f"legal time: {', '.join(LEGAL_ZONES)}")
    create.add_argument("--admin-email", required=True, metavar="EMAIL", help="with which they sign in")
    create.add_argument("--admin-name", required=True, metavar="NAME", help="given name, then family name")
    create.add_argument("--locale", choices=LOCALES, default="fr", help="of the board and of its administrator")


def shape_account(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    says = "print a new link by which somebody chooses a password; older ones open nothing more"
    link = verbs.add_parser("link", help=says, description=f"{says[0].upper()}{says[1:]}.")
    link.add_argument("email", metavar="EMAIL")


def board(arguments: argparse.Namespace, settings: Settings) -> int:
    """0 when founded, 1 when refused: every fault is named, and nothing is written."""
    settings.home.mkdir(parents=True, exist_ok=True)
    migrations.upgrade(settings.database_url)
    given, _, family = " ".join(arguments.admin_name.split()).partition(" ")
    ask = FoundBoard(
        BoardFacts(arguments.name, arguments.short_name, arguments.code, arguments.zone, arguments.locale),
        Particulars(given, family, arguments.admin_email, locale=arguments.locale),
    )
    database = Database(settings.database_url)
    try:
        with open_work(database, SystemClock()) as work:
            link = found_board(work, _keys(settings), ask)
    except InvalidInput as refusal:
        tell("Nothing was founded:")
        for line in dict.fromkeys(_sentence(name, fault) for name, fault in refusal.fields.items()):
            tell(f"  {line}")
        return 1
    finally:
        database.dispose()
    tell(f"{arguments.name} is founded. Its administrator chooses a password here, once, within {_hours()} hours:")
    tell(_address(link, settings))
    return 0


def account(arguments: argparse.Namespace, settings: Settings) -> int:
    """0 with the link, 1 when nobody enabled has that e-mail."""
    database = Database(settings.database_url)
    try:
        with open_work(database, SystemClock()) as work:
            link = issue_link_as_operator(work, _keys(settings), arguments.email)
    except NotFound:
        tell("Nobody who may sign in here has that e-mail.")
        return 1
    finally:
        database.dispose()
    tell(f"To hand over to them alone. It opens once, within {_hours()} hours:")
    tell(_address(link, settings))
    return 0


def _sentence(name: str, fault: str) -> str:
    if name == "administrator_family_name" and fault == "required":
        return "--admin-name is missing (a given name and a family name are wanted)"
    return f"{OPTION_OF_FIELD.get(name, f'--{name}')} {SENTENCES[fault]}"


def _hours() -> int:
    return int(LIFE.total_seconds() // 3600)


def _keys(settings: Settings) -> Keyring:
    return Keyring(settings.secret_key.reveal())


def _address(link: IssuedLink, settings: Settings) -> str:
    return link.address(settings.base_url)
