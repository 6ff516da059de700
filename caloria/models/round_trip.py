"""What of an export can be imported again, read from the schema: everything but what is named here."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table

from caloria.extensions import db
from caloria.models.belongings import USERS, Belonging, belongings
from caloria.models.export import told
from caloria.models.kept import cached_property
from caloria.words import N_

FOODS, MEALS, ENTRIES, WEIGHTS = "foods", "meals", "entries", "weights"
# What belongs to the account and not to the diary.
LEFT = {
    "users": "the account itself: it is made by signing up",
    "sessions": "where somebody is signed in",
    "password_resets": "links to the account",
    "email_confirmations": "links to the account",
    "subscriptions": "what is paid for is a matter of this account and of who takes the money",
    "payment_customers": "as subscriptions",
    "payment_calls": "as subscriptions",
    "payments": "a ledger: what was paid here",
    "food_requests": "asked of the admins of one Caloria",
    "reminders": "mails that one Caloria sends, as far as a plan goes: they are chosen anew",
    "acts": "what it takes to undo something, which a file could make up",
    "diary_imports": "what it takes to undo something, which a file could make up",
}
LEFT_COLUMNS = {"foods.reviewed_at": "what the admins of one Caloria have looked at"}
# What comes with the whole that it is a part of, or not at all.
PARTS = {"portions": "foods", "saved_meal_items": "saved_meals", "weekday_targets": "targets"}
# What is said to come, beside its parts.
CALLED = {
    "bodies": N_("About your body"),
    "foods": N_("Foods of your own"),
    "own_portions": N_("Portions of your own"),
    "food_merges": N_("Foods that are another one"),
    "meals": N_("Meals of the day"),
    "entries": N_("Entries"),
    "saved_meals": N_("Saved meals"),
    "drinks": N_("Drinks"),
    "day_notes": N_("Notes"),
    "targets": N_("Targets"),
    "weights": N_("Weights"),
    "measurements": N_("Measurements"),
    "day_marks": N_("Days marked as complete or not"),
    "check_ins": N_("Check-ins"),
}


@dataclass(frozen=True)
class Reference:
    """A column that points to a row of a table by one of its columns."""

    column: Column[Any]
    table: str
    key: str


@dataclass(frozen=True)
class Traveller:
    """A table that is imported as it was exported."""

    belonging: Belonging

    @property
    def table(self) -> Table:
        return self.belonging.table

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def whole(self) -> str | None:
        """The table of what its rows are parts of."""
        return PARTS.get(self.name)

    @property
    def owner(self) -> Column[Any] | None:
        """The column that says whose a row is, where not its whole does."""
        return self.belonging.column if self.belonging.through is None else None

    @cached_property
    def columns(self) -> list[Column[Any]]:
        """The columns that a file says, in their order."""
        return [
            column
            for column in told(self.belonging)
            if column is not self.owner and f"{self.name}.{column.name}" not in LEFT_COLUMNS
        ]

    @cached_property
    def keys(self) -> list[Column[Any]]:
        """What tells a row from the others of its person."""
        return [column for column in self.table.primary_key.columns if column is not self.owner]

    @cached_property
    def references(self) -> list[Reference]:
        return [
            Reference(key.parent, key.column.table.name, key.column.name)
            for key in sorted(self.table.foreign_keys, key=lambda key: key.parent.name)
            if key.column.table.name != USERS and key.parent is not self.owner
        ]


def travellers() -> list[Traveller]:
    """The tables that are imported, each after those that it refers to."""
    return [Traveller(each) for each in belongings(db.metadata) if each.table.name not in LEFT]


def pointed_at() -> Iterator[tuple[str, str]]:
    """The tables, and their columns, by which rows of other tables refer to them."""
    for each in travellers():
        for reference in each.references:
            yield reference.table, reference.key
