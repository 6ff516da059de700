from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, literal, tuple_

from caloria.extensions import UtcDateTime, db

SHOWN = 50
BETWEEN = "~"
LARGEST = 2**63 - 1


class Paged:
    """Some rows of a long list, and the way to newer and older ones. Nothing is counted or skipped over.

    `keys` are columns that put all rows in one order, with an index of theirs; `asked` may name a row, as
    `older` or `newer` than which rows are wanted. The query yields one entity, and is not ordered itself.
    """

    def __init__(
        self,
        query: Select,
        keys: Sequence[Any],
        asked: Mapping[str, str],
        *,
        newest_first: bool = True,
        shown: int = SHOWN,
    ):
        self.query, self.keys, self.newest_first, self.shown = query, keys, newest_first, shown
        below, above = self._read(asked.get("older")), self._read(asked.get("newer"))
        is_upwards = above is not None or (below is None and not newest_first)
        # What was asked from is on the other side, and is there.
        behind = below is not None or above is not None
        found = self._find(below if above is None else None, above, is_upwards)
        ahead, rows = len(found) > shown, found[:shown]
        self.rows: list[Any] = rows if is_upwards != newest_first else rows[::-1]
        self._has_newer, self._has_older = (ahead, behind) if is_upwards else (behind, ahead)

    @property
    def newer(self) -> str | None:
        """From which row on there are newer ones; None where there are not."""
        return self._written(0 if self.newest_first else -1) if self._has_newer else None

    @property
    def older(self) -> str | None:
        """From which row on there are older ones; None where there are not."""
        return self._written(-1 if self.newest_first else 0) if self._has_older else None

    def _find(self, below: tuple | None, above: tuple | None, is_upwards: bool) -> list[Any]:
        query = self.query
        if below is not None:
            query = query.where(tuple_(*self.keys) < self._bound(below))
        if above is not None:
            query = query.where(tuple_(*self.keys) > self._bound(above))
        order = [key.asc() if is_upwards else key.desc() for key in self.keys]
        return list(db.session.scalars(query.order_by(*order).limit(self.shown + 1)))

    def _bound(self, values: tuple) -> ColumnElement:
        return tuple_(*(literal(value, key.type) for key, value in zip(self.keys, values, strict=True)))

    def _written(self, place: int) -> str | None:
        if not self.rows:
            return None
        values = (getattr(self.rows[place], key.key) for key in self.keys)
        return BETWEEN.join(each.isoformat() if isinstance(each, datetime) else str(each) for each in values)

    def _read(self, text: str | None) -> tuple | None:
        """What an address says of a row; what cannot be one is the beginning of the list."""
        parts = text.split(BETWEEN) if text else []
        if len(parts) != len(self.keys):
            return None
        try:
            return tuple(_value(key.type, part) for key, part in zip(self.keys, parts, strict=True))
        except ValueError:
            return None


def _value(kind: Any, text: str) -> Any:
    if isinstance(kind, UtcDateTime):
        return _moment(text)
    return UUID(text) if isinstance(kind, Uuid) else _number(text)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or not 1 < moment.year < 9999:
        raise ValueError("no row is of then")
    return moment


def _number(text: str) -> int:
    number = int(text)
    if abs(number) > LARGEST:
        raise ValueError("no number of a row is so large")
    return number
