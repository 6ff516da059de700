"""How a file of another tracker comes into a diary, and out of it again."""

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from caloria.extensions import db
from caloria.models.act import Act
from caloria.models.clock import utc_now
from caloria.models.ids import id_from
from caloria.models.imported_beside import put_back, remove
from caloria.models.imported_rows import IMPORTED, NEW, Choices, ImportedRows, Placed, bring_back, take_back
from caloria.models.meal import Meal
from caloria.models.meals import Meals
from caloria.models.user import User

if TYPE_CHECKING:
    from caloria.models.diary_import import DiaryImport, Say

# What may come beside entries and weights.
OTHERS = ("measured", "drinks", "notes")


class TrackerImport:
    """A file of another tracker on its way into the diary of its person."""

    def __init__(self, upload: "DiaryImport", person: User):
        self.upload, self.person = upload, person

    def placed(self, choices: Choices | None = None, say: "Say" = str) -> Placed:
        """What would become of its rows, by these choices. Nothing is stored."""
        chosen = choices or Choices()
        return ImportedRows(self.person, self.upload.tracker, self.upload.content, chosen, say).placed()

    def store(self, choices: Choices, say: "Say") -> dict[str, int]:
        """Store what another tracker's file says; how many rows came, by what they are."""
        new = self._new_meals(choices)
        chosen = {**choices.meals, **{name: str(meal.id) for name, meal in new.items()}}
        placed = self.placed(replace(choices, meals=chosen), say)
        made = placed.store()
        beside = {**placed.beside.store(), "meals": [str(meal.id) for meal in new.values()]}
        self._note(made)
        self.upload.entry_count, self.upload.weight_count = len(made), len(beside["weights"])
        self.upload.content = beside
        others = {name: len(beside[name]) for name in OTHERS if beside[name]}
        last = max((place.day for place in placed.places if place.id in placed.new_ids), default=None)
        self.upload.summary = {
            **self.upload.summary,
            "brought": others,
            "last_day": last and last.isoformat(),
        }
        return {"entries": self.upload.entry_count, "weights": self.upload.weight_count, **others}

    def _new_meals(self, choices: Choices) -> dict[str, Meal]:
        """The meals that are to be new, by the names in the file."""
        theirs = Meals(self.person, lock=True)
        names = (name for name, chosen in choices.meals.items() if chosen == NEW)
        return {
            name: theirs.named(name, id_from(self.upload.id, number)) for number, name in enumerate(names)
        }

    def _note(self, ids: list[UUID]) -> None:
        """Note it as one act, which belongs to many days and so to none."""
        if ids:
            sides = [{"deleted_at": utc_now().isoformat()}, {"deleted_at": None}]
            act = Act(
                user_id=self.upload.user_id,
                id=self.upload.id,
                kind=IMPORTED,
                subject=self.upload.tracker_name,
                day=None,
            )
            act.entry_count, act.changes = len(ids), {str(id_): sides for id_ in ids}
            db.session.add(act)

    def take_back(self) -> None:
        """Take back all that came, as long as it is there."""
        if act := self._act:
            taken = take_back(self.upload.user_id, act.changes)
            act.changes = {id_: act.changes[id_] for id_ in taken}
            act.undone_at = utc_now()
        self.upload.content = {**self.upload.content, **remove(self.upload.user_id, self.upload.content)}
        Meals(self.person, lock=True).archive_unused(map(UUID, self.upload.content["meals"]))

    def bring_back(self) -> None:
        """Bring back what was taken back."""
        if act := self._act:
            bring_back(self.upload.user_id, act.changes)
            act.undone_at = None
        self.upload.content = {**self.upload.content, **put_back(self.upload.user_id, self.upload.content)}
        Meals(self.person, lock=True).bring_back(map(UUID, self.upload.content["meals"]))

    @property
    def _act(self) -> Act | None:
        return db.session.get(Act, (self.upload.user_id, self.upload.id), with_for_update=True)
