"""Identifiers that sort by the time they were made."""

import os
import time
from uuid import UUID


def new_id() -> UUID:
    """Make a UUID version 7 (RFC 9562 §5.7): 48 bits of milliseconds, then randomness."""
    milliseconds = time.time_ns() // 1_000_000
    number = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    number = number & ~(0xF << 76) | (0x7 << 76)  # the version
    number = number & ~(0x3 << 62) | (0x2 << 62)  # the variant
    return UUID(int=number)
