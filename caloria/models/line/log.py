"""What somebody confirmed of a line, logged at once."""

from dataclasses import dataclass
from uuid import UUID

from caloria.models.act import Act
from caloria.models.creation import FormReused, insert_new
from caloria.models.day import Day
from caloria.models.day_copy import made_by
from caloria.models.entry import Entry
from caloria.models.food import Food
from caloria.models.ids import id_from
from caloria.models.line.portions import Serving
from caloria.models.meal import Meal


@dataclass
class LineLog:
    """Foods in amounts, all eaten at one meal of a day."""

    day: Day
    meal: Meal
    eaten: list[tuple[Food, Serving]]

    def complete(self, form_id: UUID, digest: str) -> list[Entry]:
        """Log them all; a form that was sent before gives what it made then. Raises FormReused.

        The first entry has the form's id, the others ids that come of it: sent twice at once, it logs once.
        """
        if made := made_by(self.day, digest):
            return made
        insert_new([self._entry(*numbered, form_id, digest) for numbered in enumerate(self.eaten)])
        made = made_by(self.day, digest)
        if self.eaten and not made:
            raise FormReused
        Act.made(made, "logged", form_id)
        return made

    def _entry(self, number: int, eaten: tuple[Food, Serving], form_id: UUID, digest: str) -> Entry:
        food, serving = eaten
        id_ = id_from(form_id, number) if number else form_id
        return self.day.write(food, serving.portion, serving.amount, self.meal, id_, digest)
