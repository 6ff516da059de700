"""What somebody confirmed of a line, logged at once."""

from dataclasses import dataclass
from uuid import UUID

from caloria.models.day import Day
from caloria.models.entry import Entry
from caloria.models.food import Food
from caloria.models.line.portions import Serving
from caloria.models.meal import AnyMeal
from caloria.models.together import log_together


@dataclass
class LineLog:
    """Foods in amounts, all eaten at one meal of a day."""

    day: Day
    meal: AnyMeal
    eaten: list[tuple[Food, Serving]]

    def complete(self, form_id: UUID, digest: str) -> list[Entry]:
        """Log them all; a form that was sent before gives what it made then. Raises FormReused."""
        entries = [
            self.day.write(food, serving.portion, serving.amount, self.meal, form_id, digest)
            for food, serving in self.eaten
        ]
        return log_together(self.day, entries, form_id, digest)
