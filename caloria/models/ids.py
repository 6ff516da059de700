"""Identifiers that sort by the time they were made."""

import os
import time
from datetime import datetime
from hashlib import sha256
from threading import Lock
from uuid import UUID

_newest = UUID(int=0)
_turn = Lock()


def new_id() -> UUID:
    """Make a UUID version 7 (RFC 9562 §5.7): 48 bits of milliseconds, then randomness.

    Each is greater than the last of this process, also within a millisecond.
    """
    global _newest
    milliseconds = time.time_ns() // 1_000_000
    made = _version_7((milliseconds << 80) | int.from_bytes(os.urandom(10), "big"))
    with _turn:
        _newest = made if made > _newest else _version_7(_newest.int + 1)
        return _newest


def id_from(first: UUID, number: int) -> UUID:
    """The same id each time, of the same moment as the first: for what is made together with it."""
    mixed = sha256(first.bytes + number.to_bytes(8, "big")).digest()
    return _version_7(int.from_bytes(first.bytes[:6] + mixed[:10], "big"))


def id_for(first: UUID, owner: UUID) -> UUID:
    """The same id each time, of the same moment as the first: for what this owner has of it."""
    mixed = sha256(first.bytes + owner.bytes).digest()
    return _version_7(int.from_bytes(first.bytes[:6] + mixed[:10], "big"))


def id_of(moment: datetime, name: str) -> UUID:
    """The same id each time, for what was made at this moment and has this name."""
    milliseconds = max(int(moment.timestamp() * 1000), 0)
    return _version_7(int.from_bytes(milliseconds.to_bytes(6, "big") + sha256(name.encode()).digest()[:10]))


def _version_7(number: int) -> UUID:
    number = number & ~(0xF << 76) | (0x7 << 76)  # the version
    number = number & ~(0x3 << 62) | (0x2 << 62)  # the variant
    return UUID(int=number)
