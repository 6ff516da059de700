"""How passwords are kept: Argon2id with the least cost that OWASP recommends (19 MiB, 2 passes, 1 lane)."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 8
LONGEST = 256

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)

# Verified when there is no such account, so that the answer takes as long. Nobody knows of what it is.
# It also stands for the password of whoever came from elsewhere and has none yet.
NOBODYS_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$J6BgCrVmbSJ2OCr2Sbezxw$yn6MfFxfx/uwdmoFumIPvEtG1R8rq/6HpVGTxZZIdIo"
)


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
    return password.lower() in _common()


@cache
def _common() -> frozenset[str]:
    # Loaded when somebody chooses a password: every start of every command would wait for it.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])
