"""What SQLite asks of Python while the original's rows become rows of today: ids, days and exact amounts.

Text is given as bytes, for it may be none. What cannot be worked out is nothing, or some moment or other: the
strict reading of every value, which comes afterwards, says what is wrong with it where it stands.
"""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision, is_currency

from caloria.models.ids import id_of
from caloria.models.meal import FIRST_MEALS
from caloria.models.user import NO_ADDRESS
from caloria.operations.transfer.failure import Unfit
from caloria.operations.transfer.values import RawText, read_moment

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def teach(connection: sqlite3.Connection, time_zone: str) -> None:
    """Let this connection's statements call them, for people who live in this time zone."""
    zone = ZoneInfo(time_zone)
    functions: dict[str, tuple[int, Callable[..., Any]]] = {
        "id_of": (-1, made_id),
        "readable": (1, readable),
        "local_day": (1, lambda raw: str(in_zone(raw, zone).date())),
        "local_time": (1, lambda raw: in_zone(raw, zone).time().isoformat("microseconds")),
        "meal_at": (1, lambda raw: meal_number(in_zone(raw, zone))),
        "birth_year": (2, birth_year),
        "minor": (2, minor),
        "currency_code": (1, currency_code),
        "no_address": (2, no_address),
    }
    for name, (arguments, function) in functions.items():
        connection.create_function(name, arguments, function, deterministic=True)


@lru_cache(1000)
def at(raw: bytes | None) -> datetime | None:
    """A moment that would be read as one; without an offset it is UTC, as the original writes."""
    try:
        read_moment(RawText(raw or b""))
        said = datetime.fromisoformat((raw or b"").decode())
        return said.astimezone(UTC) if said.tzinfo else said.replace(tzinfo=UTC)
    except (Unfit, ValueError, OverflowError):
        return None


def readable(raw: bytes | None) -> str:
    """A moment that is one: what is wrong with it is told where it stands, not wherever else it is used."""
    return (at(raw) or BEGINNING).replace(tzinfo=None).isoformat(" ", "microseconds")


def in_zone(raw: bytes | None, zone: ZoneInfo) -> datetime:
    """At the ends of time, where no zone is, as it stands: no diary takes such a day."""
    moment = at(raw) or BEGINNING
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


def made_id(raw: bytes | None, *names: Any) -> str:
    """The same id each time that this row is looked at, so that an interrupted move goes on."""
    return id_of(at(raw) or BEGINNING, " ".join(map(str, names))).hex


def meal_number(local: datetime) -> int:
    """The number of the first meals at which that was eaten, as the app would guess it."""
    timed = sorted((start, number) for number, (_, start) in enumerate(FIRST_MEALS))
    begun = [number for start, number in timed if start <= local.time()]
    return begun[-1] if begun else timed[-1][1]


def birth_year(told_at: bytes | None, age: int) -> int | None:
    """From how old somebody was when they said so; a year too late for those whose birthday was to come."""
    moment = at(told_at)
    return moment.year - age if moment and abs(age) < 10_000 else None


def currency_code(raw: bytes | None) -> str | None:
    """The ISO 4217 code; none where it is no currency."""
    code = (raw or b"").decode("ascii", "replace").upper()
    return code if is_currency(code) else None


def minor(amount: float, currency: bytes | None) -> int | None:
    """An amount in the smallest unit of its currency, where it is a whole number of those."""
    code = currency_code(currency)
    if code is None or not abs(amount) < 1e12:
        return None
    exact = Decimal(str(amount)).scaleb(get_currency_precision(code))
    return int(exact) if exact == exact.to_integral_value() else None


def no_address(called: bytes | None, number: Any) -> str:
    """A mark that leads nowhere: without any address, nobody could be told apart."""
    text = (called or b"").decode("utf-8", "replace")
    safe = "".join(letter for letter in text if letter.isascii() and (letter.isalnum() or letter in "+._-"))
    return f"{safe or f'person-{number}'}@{NO_ADDRESS}"
