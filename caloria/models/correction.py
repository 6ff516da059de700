from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from caloria.extensions import db
from caloria.models.act import Act
from caloria.models.audit_event import AuditEvent
from caloria.models.entry import Entry
from caloria.models.food import Food
from caloria.models.kept import cached_property
from caloria.models.nutrients import Sum
from caloria.models.user import User

KIND = "corrected"
# One statement of the way back: more would not fit into memory with ease.
MOST_ENTRIES = 5_000


class Correction:
    """Giving past entries of a food what the food says now, or what the food says that took its place.

    Explicit, counted before it is done, noted in the audit and undoable: nothing else changes a past day.
    """

    def __init__(self, person: User, food: Food, since: date, by: Food | None = None):
        self.person, self.food, self.since = person, food, since
        self.by = by or food

    @cached_property
    def entries(self) -> list[Entry]:
        """What would change, the oldest first. One statement."""
        return self._entries()

    @property
    def is_cut(self) -> bool:
        """Whether there may be more than can be corrected at once."""
        return len(self.entries) == MOST_ENTRIES

    def _entries(self, lock: bool = False) -> list[Entry]:
        of_food = select(Entry).where(
            Entry.user_id == self.person.id,
            Entry.day >= self.since,
            Entry.food_id == self.food.id,
            Entry.gram_weight.is_not(None),
            Entry.deleted_at.is_(None),
        )
        chosen = of_food.order_by(Entry.day, Entry.created_at, Entry.id).limit(MOST_ENTRIES)
        if lock:
            chosen = chosen.with_for_update().execution_options(populate_existing=True)
        return list(db.session.scalars(chosen))

    @property
    def days(self) -> int:
        """On how many days they are."""
        return len({entry.day for entry in self.entries})

    def before(self, nutrient: str) -> Sum:
        """What they come to now."""
        return Sum.over(entry.amount(nutrient) for entry in self.entries)

    def after(self, nutrient: str) -> Sum:
        """What they would come to."""
        per_100_g = self.by.amount(nutrient)
        grams = [entry.gram_weight or 0 for entry in self.entries]
        return Sum.over(None if per_100_g is None else per_100_g * each / 100 for each in grams)

    def complete(self, form_id: UUID, digest: str) -> Act | None:
        """Correct them, once for each form; None where there was nothing to correct. Raises FormReused."""
        entries = self._entries(lock=True)
        # Asked once they are locked: the same form sent at once has them first.
        if done := Act.of_form(self.person, form_id, digest):
            return done
        if not entries:
            return None
        with Act.noting(KIND, entries, form_id, digest) as act:
            for entry in entries:
                entry.correct(self.by, self.person.language)
        # It belongs to many days, so it is undone from the food.
        act.day, act.subject = None, self.food.name
        changed = {"food": str(self.food.id), "by": str(self.by.id), "entries": act.entry_count}
        AuditEvent.note(
            "diary correction", f"user {self.person.id}", after={**changed, "since": self.since.isoformat()}
        )
        return act

    @classmethod
    def first_day(cls, person: User, food: Food) -> date | None:
        """The first day on which a food was logged."""
        mine = (Entry.user_id == person.id, Entry.food_id == food.id, Entry.deleted_at.is_(None))
        return db.session.scalar(select(func.min(Entry.day)).where(*mine))
