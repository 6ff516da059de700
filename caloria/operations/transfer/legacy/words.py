"""What SQLite asks of Python while the original's rows become rows of today: ids, days and exact amounts.

Whatever cannot be worked out is given back as it stands, so that the strict reading of every value that comes
afterwards says what is wrong with it.
"""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision

from caloria.models.ids import id_of
from caloria.models.meal import FIRST_MEALS
from caloria.operations.transfer.legacy.layout import ACTIVITIES, AIMS, INTERVALS, SEXES, STATUSES

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
NO_ADDRESS = "no-address.invalid"  # RFC 2606: no mail ever goes there


class Words:
    """The functions, for people who live in this time zone."""

    def __init__(self, time_zone: str):
        self.zone = ZoneInfo(time_zone)

    def teach(self, connection: sqlite3.Connection) -> None:
        """Let this connection's statements call them."""
        told: dict[str, tuple[int, Callable[..., Any]]] = {
            "id_of": (-1, made_id),
            "known": (1, known),
            "local_day": (1, self.local_day),
            "local_time": (1, self.local_time),
            "meal_at": (1, self.meal_at),
            "birth_year": (2, birth_year),
            "minor": (2, minor),
            "address": (3, address),
            "sex": (1, lambda value: spoken(SEXES, value)),
            "aim": (1, lambda value: spoken(AIMS, value)),
            "activity": (1, lambda value: spoken(ACTIVITIES, value)),
            "billed_per": (1, lambda value: INTERVALS.get(value, value)),
            "status": (1, lambda value: STATUSES.get(value, value)),
        }
        for name, (number, function) in told.items():
            connection.create_function(name, number, function, deterministic=True)

    def local(self, moment: Any) -> datetime | None:
        there = at(moment)
        return there.astimezone(self.zone) if there else None

    def local_day(self, moment: Any) -> str | None:
        local = self.local(moment)
        return str(local.date()) if local else str(BEGINNING.date())

    def local_time(self, moment: Any) -> str | None:
        local = self.local(moment)
        return clock(local) if local else None

    def meal_at(self, moment: Any) -> int:
        """The number of the first meals at which that was eaten, as the app would guess it."""
        local = self.local(moment)
        return meal_number(clock(local) if local else "12:00:00")


def at(moment: Any) -> datetime | None:
    """A moment as the original wrote it, which is in UTC."""
    try:
        said = datetime.fromisoformat(moment)
        return said if said.tzinfo else said.replace(tzinfo=UTC)
    except (TypeError, ValueError):
        return None


def known(moment: Any) -> Any:
    """What is wrong with a moment is told where it stands, and not wherever else it is used."""
    return moment if at(moment) else BEGINNING.strftime("%Y-%m-%d %H:%M:%S.%f")


def clock(moment: datetime) -> str:
    return moment.strftime("%H:%M:%S.%f")


def made_id(moment: Any, *names: Any) -> str:
    """The same id each time that this row is looked at, so that an interrupted move goes on."""
    return id_of(at(moment) or BEGINNING, " ".join(map(str, names))).hex


@lru_cache(1500)
def meal_number(said: str) -> int:
    now = time.fromisoformat(said)
    timed = sorted((start, number) for number, (_, start) in enumerate(FIRST_MEALS))
    begun = [number for start, number in timed if start <= now]
    return begun[-1] if begun else timed[-1][1]


def birth_year(told_at: Any, age: Any) -> Any:
    """From how old somebody was when they said so; a year too late for those whose birthday was to come."""
    moment = at(told_at)
    return moment.year - age if moment and type(age) is int else age


def minor(amount: Any, currency: Any) -> Any:
    """An amount in the smallest unit of its currency, where it is a whole number of those."""
    try:
        exact = Decimal(str(amount)).scaleb(get_currency_precision(str(currency or "")))
        return int(exact) if exact == exact.to_integral_value() else amount
    except (InvalidOperation, ValueError, OverflowError):
        return amount


def address(email: Any, called: Any, number: int) -> Any:
    """Where somebody gets mail, or a mark that leads nowhere: without any, nobody could be told apart."""
    if email is not None:
        return email
    called = "".join(letter for letter in str(called or "") if letter.isalnum() or letter in "+._-")
    return f"{called or f'person-{number}'}@{NO_ADDRESS}"


def spoken(words: dict[str, str], value: Any) -> str | None:
    """What has no word here is not said."""
    return words.get(value.lower()) if isinstance(value, str) else None
