"""Raw values of SQLite, read as strictly as PostgreSQL holds them.

Each reader gives two texts: what COPY is told, and the canonical one that a checksum is made of. PostgreSQL
reads the first and is asked for the second, so that the two prove one another. SQLite keeps whatever it is
given: nothing here goes through a type that would make sense of it.
"""

import json
import math
import re
import struct
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import JSON, Boolean, Date, DateTime, Double, Integer, SmallInteger, Text, Time, Uuid
from sqlalchemy.types import BigInteger, TypeEngine

from caloria.extensions import UtcDateTime
from caloria.operations.transfer.failure import Unfit

Read = tuple[str, str]
ReadAll = tuple[list[str], list[str]]
NULL: Read = ("\\N", "-")
EPOCH_DAY, MIDNIGHT = date(1970, 1, 1).toordinal(), datetime(1970, 1, 1, tzinfo=UTC)
MICROSECONDS = 1_000_000
ESCAPED = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{6})?(Z|[+-]\d\d:\d\d)?")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
CLOCK = re.compile(r"\d\d:\d\d:\d\d(?:\.\d{6})?")
HEX = re.compile(r"[0-9a-f]{32}")
TRUTH = {0: False, 1: True, "0": False, "1": True, "true": True, "false": False, "t": True, "f": False}
REMEMBERED = 300


class RawText(bytes):
    """What SQLite holds as text: not decoded yet, and told apart from a blob."""

    __slots__ = ()


class Kind(NamedTuple):
    """How values of one type are read here, and how PostgreSQL is asked for their canonical text.

    `held` is how it is asked for them as Caloria holds them in SQLite.
    """

    read: Callable[[Any], Read]
    canonical: str
    held: str = "{}"
    # The same of many values at once, none of them missing; nothing where one is not as they always are.
    read_all: Callable[[Sequence[Any]], ReadAll | None] = lambda _values: None


def plain(value: Any) -> Any:
    """A raw value as JSON says it; what is no text, in hexadecimal digits."""
    if not isinstance(value, bytes):
        return repr(value) if isinstance(value, float) and value - value != 0 else value
    try:
        return value.decode() if isinstance(value, RawText) else {"hex": value.hex()}
    except UnicodeDecodeError:
        return {"hex": value.hex()}


def text_of(value: Any) -> str:
    """Raises Unfit."""
    if not isinstance(value, RawText):
        raise Unfit(f"is {name_of(value)} where text belongs")
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise Unfit("is not valid UTF-8") from None


def name_of(value: Any) -> str:
    if isinstance(value, RawText):
        return "text"
    return {int: "a whole number", float: "a number", bytes: "a blob"}.get(type(value), "of no known type")


def read_text(value: Any) -> Read:
    text = text_of(value)
    if "\0" in text:
        raise Unfit("has a NUL byte")
    return text.translate(ESCAPED), f"{len(value)}:{text}"


def read_json(value: Any) -> Read:
    text = text_of(value)
    try:
        json.loads(text, object_pairs_hook=without_duplicates, parse_constant=no_number)
    except (ValueError, RecursionError):
        raise Unfit("is not valid JSON") from None
    if "\\u0000" in text:
        raise Unfit("has a NUL byte in its JSON")
    return read_text(value)


def without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise Unfit("is JSON that says one name twice")
    return dict(pairs)


def no_number(said: str) -> None:
    raise ValueError(said)


@lru_cache(REMEMBERED, typed=True)
def read_uuid(value: Any) -> Read:
    text = text_of(value)
    if not HEX.fullmatch(text):
        raise Unfit("is not an id of 32 hexadecimal digits")
    return text, f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


@lru_cache(REMEMBERED, typed=True)
def read_boolean(value: Any) -> Read:
    said = text_of(value) if isinstance(value, RawText) else value
    if type(said) not in (int, str) or said not in TRUTH:
        raise Unfit("is neither true nor false")
    letter = "t" if TRUTH[said] else "f"
    return letter, letter


def whole(bits: int) -> Callable[[Any], Read]:
    """A reader of integers of so many bits."""
    least, most = -(1 << bits - 1), (1 << bits - 1) - 1

    def read(value: Any) -> Read:
        if type(value) is not int:
            raise Unfit(f"is {name_of(value)} where a whole number belongs")
        if not least <= value <= most:
            raise Unfit("is out of the range of whole numbers")
        return str(value), str(value)

    return read


def read_double(value: Any) -> Read:
    number = value
    if type(value) is int:
        number = float(value)
        if int(number) != value:
            raise Unfit("has more digits than a number can hold")
    elif type(value) is not float:
        raise Unfit(f"is {name_of(value)} where a number belongs")
    if not math.isfinite(number):
        raise Unfit("is infinite")
    # SQLite has no zero below zero: the sum is the same for both.
    return repr(number), struct.pack(">d", number + 0.0).hex()


def read_doubles(values: Sequence[Any]) -> ReadAll | None:
    """Most cells of a diary hold a number: one by one they took half of the time of a move."""
    if set(map(type, values)) != {float} or not all(map(math.isfinite, values)):
        return None
    packed = struct.pack(f">{len(values)}d", *[value + 0.0 for value in values])
    return list(map(repr, values)), packed.hex(" ", 8).split(" ")


@lru_cache(REMEMBERED, typed=True)
def read_moment(value: Any) -> Read:
    """Without an offset it is UTC: that is how Caloria writes it."""
    text = text_of(value) if isinstance(value, RawText) else ""
    match = MOMENT.fullmatch(text)
    if not match:
        raise Unfit("is not a date and time as Caloria writes it")
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        since = moment.astimezone(UTC) - MIDNIGHT
    except (ValueError, OverflowError):
        raise Unfit("is a date and time that does not exist") from None
    microseconds = (since.days * 86_400 + since.seconds) * MICROSECONDS + since.microseconds
    return text if match[1] else f"{text}+00", str(microseconds)


@lru_cache(REMEMBERED, typed=True)
def read_day(value: Any) -> Read:
    text = text_of(value) if isinstance(value, RawText) else ""
    if not DAY.fullmatch(text):
        raise Unfit("is not a date as Caloria writes it")
    try:
        return text, str(date.fromisoformat(text).toordinal() - EPOCH_DAY)
    except ValueError:
        raise Unfit("is a date that does not exist") from None


@lru_cache(REMEMBERED, typed=True)
def read_clock(value: Any) -> Read:
    text = text_of(value) if isinstance(value, RawText) else ""
    if not CLOCK.fullmatch(text):
        raise Unfit("is not a time as Caloria writes it")
    try:
        at = time.fromisoformat(text)
    except ValueError:
        raise Unfit("is a time that does not exist") from None
    seconds = (at.hour * 60 + at.minute) * 60 + at.second
    return text, str(seconds * MICROSECONDS + at.microsecond)


SINCE = "(extract(epoch FROM {}) * 1000000)::bigint::text"
# The first that fits a column's type.
KINDS: tuple[tuple[type[TypeEngine], Kind], ...] = (
    (Uuid, Kind(read_uuid, "{}::text", "replace({}::text, '-', '')")),
    (Boolean, Kind(read_boolean, "CASE WHEN {} THEN 't' WHEN NOT {} THEN 'f' END", "{}::integer")),
    (SmallInteger, Kind(whole(16), "{}::text")),
    (BigInteger, Kind(whole(64), "{}::text")),
    (Integer, Kind(whole(32), "{}::text")),
    (Double, Kind(read_double, "encode(float8send({} + 0.0), 'hex')", read_all=read_doubles)),
    (DateTime, Kind(read_moment, SINCE, "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')")),
    (Date, Kind(read_day, "({} - date '1970-01-01')::text", "to_char({}, 'YYYY-MM-DD')")),
    (Time, Kind(read_clock, SINCE, "to_char({}, 'HH24:MI:SS.US')")),
    (JSON, Kind(read_json, "octet_length({}::text)::text || ':' || {}::text", "{}::text")),
    (Text, Kind(read_text, "octet_length({})::text || ':' || {}")),
)


def kind_of(column_type: TypeEngine) -> Kind:
    plain = column_type.impl if isinstance(column_type, UtcDateTime) else column_type
    for known, kind in KINDS:
        if isinstance(plain, known):
            return kind
    raise LookupError(f"nobody said how {column_type!r} is moved")
