"""Passwords: argon2id, the same time for an unknown account, and a refusal of what everybody tries first."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

LEAST, MOST = 12, 200
_hasher = PasswordHasher()

# The heads of published lists, 12 characters or longer, and our own obvious ones.
COMMON = frozenset(
    """
    123456789012 1234567890123 12345678901234567890 111111111111 000000000000 qwertyuiop123 qwertyuiopasdf
    password1234 password12345 passwordpassword motdepasse12 motdepasse123 motdepasse1234 motdepassemotdepasse
    administrateur administrator intervention intervention1 intervention123 abcdefghijkl azertyuiop12 azertyuiop123
    azertyuiopqs iloveyou1234 jetaimejetaime bienvenue123 bienvenue1234 welcome12345 letmein12345 orthophoniste
    orthophonie1 commissionscolaire monmotdepasse monmotdepasse1 changezmoi123 changeme1234 canadacanada quebecquebec
    """.split()  # noqa: SIM905 - a list a person can read and add to
)


def hashed(password: str) -> str:
    return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one. Takes as long when there is none, so that time tells nothing."""
    try:
        _hasher.verify(stored or _nobodys(), password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Made with weaker parameters than today's: to be hashed again at the next sign-in."""
    return _hasher.check_needs_rehash(stored)


def fault_of(password: str) -> str | None:
    """The field code of a password that may not be chosen; None when it may."""
    if len(password) < LEAST:
        return "password_short"
    if len(password) > MOST:
        return "password_long"
    if password.lower() in COMMON or len(set(password)) < 4:
        return "password_common"
    return None


def faults_of(wanted: str, again: str) -> dict[str, str]:
    """Field → fault code of a password typed twice."""
    fault = fault_of(wanted)
    if fault:
        return {"wanted": fault}
    return {} if wanted == again else {"again": "passwords_differ"}


@cache
def _nobodys() -> str:
    return _hasher.hash("a password that nobody has")
