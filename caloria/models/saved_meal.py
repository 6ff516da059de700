from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, and_, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.creation import insert_if_new, insert_new, made_before
from caloria.models.day import Day
from caloria.models.entry import Entry
from caloria.models.ids import id_from
from caloria.models.meal import AnyMeal
from caloria.models.nutrients import Sum
from caloria.models.ownership import FromForm, Owned
from caloria.models.snapshot import Snapshot, snapshot_checks
from caloria.models.user import User

LONGEST_NAME = 100
MOST_ITEMS = 1000
# So many are offered to be logged with one tap.
OFFERED = 12


class NothingToKeep(Exception):
    """A meal of which nothing was eaten was to be kept."""


class SavedMeal(Owned, FromForm, db.Model):
    """Foods that a person has together, kept under a name to be logged at once."""

    __tablename__ = "saved_meals"
    __table_args__ = (CheckConstraint(f"length(name) BETWEEN 1 AND {LONGEST_NAME}", name="name"),)

    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    archived_at: Mapped[datetime | None]

    # Only read: what writes an item says whose it is.
    items: Mapped[list["SavedMealItem"]] = relationship(order_by="SavedMealItem.position", viewonly=True)

    @classmethod
    def of(cls, person: User):
        """Select the meals that this person saved, also those put away, by name and with their items."""
        shown = joinedload(cls.items).load_only(
            SavedMealItem.name,
            SavedMealItem.brand,
            SavedMealItem.portion_amount,
            SavedMealItem.portion_unit,
            SavedMealItem.gram_weight,
            SavedMealItem.energy_kcal,
        )
        return select(cls).where(cls.user_id == person.id).order_by(cls.name, cls.id).options(shown)

    @classmethod
    def keep(cls, day: Day, meal: AnyMeal, name: str, form_id: UUID, digest: str) -> "SavedMeal":
        """Save what was eaten at a meal of a day, once for each form. Raises NothingToKeep and FormReused."""
        saved = cls(user_id=day.person.id, id=form_id, name=name, form_digest=digest)
        entries = eaten_at(day, meal)
        if entries and (new := insert_if_new(saved)):
            insert_new([SavedMealItem.of(new, *numbered) for numbered in enumerate(entries, start=1)])
            return new
        if not entries and db.session.get(cls, (day.person.id, form_id)) is None:
            raise NothingToKeep
        return made_before(saved)

    def total(self, nutrient: str) -> Sum:
        """The sum of a nutrient over its items."""
        return Sum.over(item.amount(nutrient) for item in self.items)

    def archive(self) -> None:
        self.archived_at = self.archived_at or utc_now()

    def unarchive(self) -> None:
        self.archived_at = None


class SavedMealItem(Owned, Snapshot, db.Model):
    """One food of a saved meal, as a snapshot of the entry that it was made from."""

    __tablename__ = "saved_meal_items"
    __table_args__ = (
        *snapshot_checks(),
        ForeignKeyConstraint(["user_id", "saved_meal_id"], ["saved_meals.user_id", "saved_meals.id"]),
        Index(None, "user_id", "saved_meal_id"),
        CheckConstraint(f"position BETWEEN 1 AND {MOST_ITEMS}", name="position"),
    )

    saved_meal_id: Mapped[UUID]
    position: Mapped[int]

    @classmethod
    def of(cls, saved: SavedMeal, position: int, entry: Entry) -> "SavedMealItem":
        """What an entry says, at a place of a saved meal; nothing is stored yet."""
        item = cls(user_id=saved.user_id, id=id_from(saved.id, position))
        item.saved_meal_id, item.position = saved.id, position
        item.repeat(entry)
        return item


def eaten_at(day: Day, meal: AnyMeal) -> list[Entry]:
    """What was eaten at a meal of a day, or is meant to be. One statement."""
    there = select(Entry).where(
        Entry.user_id == day.person.id,
        Entry.day == day.date,
        Entry.meal_id == meal.id,
        Entry.deleted_at.is_(None),
    )
    return list(db.session.scalars(there.order_by(Entry.created_at, Entry.id).limit(MOST_ITEMS)))


def offered(user_id):
    """Select what a person can log with one tap: its id and name, and as a Sum is the sum of its energy."""
    saved, items = SavedMeal.__table__.c, SavedMealItem.__table__.c
    its = and_(items.user_id == saved.user_id, items.saved_meal_id == saved.id)
    return (
        select(
            saved.id,
            saved.name,
            func.sum(items.energy_kcal).label("amount"),
            func.count(items.energy_kcal).label("known"),
            func.count().label("of"),
        )
        .join_from(SavedMeal.__table__, SavedMealItem.__table__, its)
        .where(saved.user_id == user_id, saved.archived_at.is_(None))
        .group_by(saved.user_id, saved.id, saved.name)
        .order_by(saved.name, saved.id)
        .limit(OFFERED)
    )
