from collections.abc import Iterable
from datetime import date, datetime, time
from functools import cache
from math import isclose
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKeyConstraint, Index, bindparam, select, text, true
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db, insert
from caloria.models.clock import utc_now
from caloria.models.creation import keep
from caloria.models.food import Food
from caloria.models.meal import Meal
from caloria.models.nutrients import NUTRIENT_NAMES, scaled
from caloria.models.ownership import FromForm, Owned, owned
from caloria.models.snapshot import SAID, Snapshot, snapshot_checks


class Entry(Owned, Snapshot, FromForm, db.Model):
    """One food in one amount at one meal of one day, as it was when it was logged.

    Planned, it is meant to be eaten and counts for nothing yet.
    """

    __tablename__ = "entries"
    __table_args__ = (
        *snapshot_checks(),
        ForeignKeyConstraint(["user_id", "meal_id"], ["meals.user_id", "meals.id"]),
        Index(None, "user_id", "day", "meal_id"),
        CheckConstraint("day BETWEEN '1900-01-01' AND '2200-12-31'", name="day"),
    )

    day: Mapped[date]
    eaten_at: Mapped[time | None]
    meal_id: Mapped[UUID]
    planned: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)
    # A deleted entry stays as a mark: it can be undone, and its form sent again does not bring it back.
    deleted_at: Mapped[datetime | None]

    meal: Mapped[Meal] = owned("Entry", "meal_id", "Meal")

    def insert_of_food(self) -> "Entry | None":
        """Insert it with what its weight of its food holds now; None if its id is there already.

        One statement: the figures go from one table to the other, and are read where somebody asks for them.
        """
        weight = {"hundreds_of_grams": cast("float", self.gram_weight) / 100}
        return self._insert(_of_food(db.engine.dialect.name), (*_OWN, *SAID), weight)

    def insert_again(self, earlier_id: UUID) -> "Entry | None":
        """Insert it with all that an earlier entry of this person's says; None where nothing came.

        One statement, as above: either its id is there already or that of the earlier one is not.
        """
        return self._insert(_again(db.engine.dialect.name), _OWN, {"earlier_id": earlier_id})

    def _insert(self, statement: Any, names: Iterable[str], more: dict[str, Any]) -> "Entry | None":
        db.session.flush()
        self.created_at = self.updated_at = utc_now()
        said = {name: getattr(self, name) for name in names}
        stored = db.session.connection().execute(statement, {**said, **more}).first()
        return keep(self, {**said, **stored._mapping}) if stored else None

    def say(self, name: str, amounts: dict[str, float | None]) -> None:
        """Change what quick calories say.

        An imported meal may know more than these: where one of them is another now, that is known no longer.
        """
        kept = {} if self._contradicts(amounts) else self.amounts
        self.name = name
        self.set_amounts({**kept, **amounts})

    def _contradicts(self, amounts: dict[str, float | None]) -> bool:
        before = ((self.amount(name), amount) for name, amount in amounts.items())
        # Forms show twelve digits.
        return any(was is not None and (now is None or not isclose(was, now)) for was, now in before)

    def move(self, day: date, meal_id: UUID) -> None:
        """Put it on another day or at another meal; when it was eaten is no longer known on another day."""
        self.eaten_at = self.eaten_at if day == self.day else None
        self.day, self.meal_id = day, meal_id

    def delete(self) -> None:
        self.deleted_at = self.deleted_at or utc_now()

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None


_COLUMNS = {column.name: column for column in Entry.__table__.c}
# What an entry says beside its snapshot.
_OWN = [name for name in _COLUMNS if name not in (*SAID, *NUTRIENT_NAMES)]
_BINDS = {name: bindparam(name, type_=column.type) for name, column in _COLUMNS.items()}


@cache
def _of_food(_dialect: str) -> Any:
    foods = Food.__table__.c
    # Said once, for all of its figures.
    taken = select(as_type(bindparam("hundreds_of_grams"), Double()).label("hundreds_of_grams")).subquery()
    hundreds_of_grams: Any = taken.c.hundreds_of_grams
    figures: dict[str, Any] = scaled({name: foods[name] for name in NUTRIENT_NAMES}, hundreds_of_grams)
    said = {name: _BINDS[name] for name in (*_OWN, *SAID)}
    row = select(*said.values(), *figures.values()).select_from(Food.__table__.join(taken, true()))
    return _inserting([*said, *figures], row.where(foods.id == _BINDS["food_id"]), "entry_of_food")


@cache
def _again(_dialect: str) -> Any:
    earlier = Entry.__table__.alias("earlier").c
    taken = [*SAID, *NUTRIENT_NAMES]
    row = select(*(_BINDS[name] for name in _OWN), *(earlier[name] for name in taken))
    mine = row.where(earlier.user_id == _BINDS["user_id"], earlier.id == bindparam("earlier_id"))
    return _inserting([*_OWN, *taken], mine, "entry_again")


def _inserting(names: list[str], row: Any, prepared_as: str) -> Any:
    """Insert an entry from a row of another table; return what is said to the person who logged it."""
    made = insert(Entry.__table__).from_select(names, row).on_conflict_do_nothing()
    shown = made.returning(_COLUMNS["name"], _COLUMNS["energy_kcal"])
    return shown.execution_options(prepared_as=prepared_as)
