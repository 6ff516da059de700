"""How passwords are kept: Argon2id with the least cost that OWASP recommends (19 MiB, 2 passes, 1 lane)."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

SHORTEST = 8
LONGEST = 256

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_common = frozenset(FREQUENCY_LISTS["passwords"])

# Verified when there is no such account, so that the answer takes as long.
NOBODYS_HASH = _hasher.hash("the password of nobody at all")


def hashed(password: str) -> str:
    """Hash a password with a fresh salt."""
    return _hasher.hash(password)


def matches(password_hash: str, password: str) -> bool:
    """Tell whether this is the password that was hashed."""
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Tell whether a hash was made with other costs than today's."""
    return _hasher.check_needs_rehash(password_hash)


def is_common(password: str) -> bool:
    """Tell whether a password is on the lists that attackers try first."""
    return password.lower() in _common
