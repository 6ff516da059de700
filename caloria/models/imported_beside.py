"""What comes with a diary beside its entries: weights, measurements, water and notes."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import delete, select

from caloria.extensions import db, insert_rows
from caloria.models.clock import utc_now
from caloria.models.day_note import LONGEST_NOTE, DayNote
from caloria.models.drink import LEAST_ML, MOST_ML, Drink
from caloria.models.imported_batches import batched, run
from caloria.models.kept import cached_property
from caloria.models.measurement import MEASURES, MOST, Measurement, Series
from caloria.models.units import GRAMS_PER_POUND
from caloria.models.weight import HEAVIEST_KG, LIGHTEST_KG, Weight

if TYPE_CHECKING:
    from caloria.models.imported_rows import ImportedRows

KG_PER_POUND, CM_PER_INCH = GRAMS_PER_POUND / 1000, 2.54
# What is kept in tables of its own, and what of it is kept to be noted again.
TABLES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "weights": (Weight, ("weight_kg",)),
    "measured": (Measurement, ("name", "unit", "amount")),
    "drinks": (Drink, ("water_ml",)),
}
Rows = list[dict[str, Any]]


class Beside:
    """The rows of a file that are no foods, as those that they would be."""

    def __init__(self, rows: "ImportedRows"):
        self.rows, self.person = rows, rows.person
        # So many are what cannot be, such as 180 lb read as kg.
        self.unlikely = 0

    @cached_property
    def possible(self) -> dict[str, Rows]:
        every = {"weights": self._weights(), "measured": self._measured(), "drinks": self._drinks()}
        return {name: list(rows) for name, rows in every.items()}

    @cached_property
    def new(self) -> dict[str, Rows]:
        """Those that are not noted yet, also not by hand and deleted since."""
        return {name: _new(self.person.id, name, rows) for name, rows in self.possible.items()}

    @property
    def counts(self) -> dict[str, int]:
        """How many of each kind would come."""
        return {**{name: len(rows) for name, rows in self.new.items()}, "notes": len(self.notes)}

    def _weights(self) -> Iterator[dict[str, Any]]:
        for day, id_, row in self._numbered("weights", lambda _row: "weight"):
            in_pounds = (row.unit or self.rows.choices.weight_unit) == "lb"
            kg = row.value * (KG_PER_POUND if in_pounds else 1)
            if self._can_be(LIGHTEST_KG, kg, HEAVIEST_KG):
                yield {"id": id_, "day": day, "weight_kg": kg}

    def _drinks(self) -> Iterator[dict[str, Any]]:
        for day, id_, row in self._numbered("drinks", lambda _row: "drink"):
            if self._can_be(LEAST_ML, row.ml, MOST_ML):
                yield {"id": id_, "day": day, "water_ml": row.ml}

    def _measured(self) -> Iterator[dict[str, Any]]:
        for day, id_, row in self._numbered("measured", lambda row: f"measured {row.name}"):
            unit = row.unit or self.rows.choices.length_unit
            amount = row.value * (CM_PER_INCH if unit == "in" else 1)
            if self._can_be(0, amount, MOST):
                name, unit = self._series(row.name, "cm" if unit == "in" else unit)
                yield {"id": id_, "day": day, "name": name, "unit": unit, "amount": amount}

    def _numbered(self, name: str, key: Callable[[Any], str]) -> Iterator[tuple[date, UUID, Any]]:
        """Each row with its day and with an id that it has in every file; the first of nothing is none."""
        counts: Counter[tuple[date, str]] = Counter()
        for row in self.rows.beside[name]:
            day = self.rows.day(row.day)
            counts[day, key(row)] += 1
            yield day, self.rows.id(day, f"{key(row)} {counts[day, key(row)]}"), row

    def _can_be(self, least: float, amount: float, most: float) -> bool:
        self.unlikely += not least <= amount <= most
        return least <= amount <= most

    @cached_property
    def _known(self) -> list[Series]:
        return Series.all_of(self.person)

    def _series(self, name: str, unit: str) -> tuple[str, str]:
        """What was measured before keeps its name and unit; a common measure has the person's word for it."""
        told = self.rows.say(name) if name in MEASURES else name
        known = next((each for each in self._known if each.is_called(told)), None)
        return (known.name, known.unit) if known else (told, unit)

    @cached_property
    def notes(self) -> dict[date, tuple[str, str]]:
        """The note of each day before and after; what a note says already is not written again."""
        written = select(DayNote.day, DayNote.text).where(DayNote.user_id == self.person.id)
        before = (
            {row.day: row.text for row in db.session.execute(written)} if self.rows.beside["notes"] else {}
        )
        after: dict[date, str] = {}
        for row in self.rows.beside["notes"]:
            day = self.rows.day(row.day)
            after[day] = _with(after.get(day, before.get(day, "")), row.text)
        texts = ((day, before.get(day, ""), text) for day, text in after.items())
        return {day: (was, text) for day, was, text in texts if was != text}

    def store(self) -> dict[str, Any]:
        """Store what is not here; return what it takes to take it back, as JSON can hold it."""
        made = {
            name: _stored(self.person.id, name, self.rows.started, rows) for name, rows in self.new.items()
        }
        notes = {day.isoformat(): list(texts) for day, texts in self.notes.items()}
        return {**made, "notes": turn_notes(self.person.id, notes, was=0, becomes=1)}


def _with(text: str, more: str) -> str:
    """A note with a line more, unless it says that already or would be longer than a note can be."""
    longer = f"{text}\n{more}" if text else more
    return text if more in text or len(longer) > LONGEST_NOTE else longer


def _new(user_id: UUID, name: str, rows: Rows) -> Rows:
    """Those of the rows that are not there."""
    if not rows:
        return rows
    model, days = TABLES[name][0], [row["day"] for row in rows]
    mine = select(model.id).where(model.user_id == user_id, model.day.between(min(days), max(days)))
    there = set(db.session.scalars(mine))
    return [row for row in rows if row["id"] not in there]


def _stored(user_id: UUID, name: str, now, rows: Rows) -> list[list[Any]]:
    model, said = TABLES[name]
    common = {"user_id": user_id, "created_at": now}
    insert_rows(model.__table__, [{**common, **row} for row in rows])
    return [[str(row["id"]), row["day"].isoformat(), *(row[each] for each in said)] for row in rows]


def remove(user_id: UUID, made: dict[str, Any]) -> dict[str, Any]:
    """Take back what came beside entries, as it is now; what was deleted or rewritten since stays so."""
    kept = {name: _removed(user_id, name, made.get(name, [])) for name in TABLES}
    return {**kept, "notes": turn_notes(user_id, made.get("notes", {}), was=1, becomes=0)}


def _removed(user_id: UUID, name: str, rows: list[list[Any]]) -> list[list[Any]]:
    model, said = TABLES[name]
    columns = [getattr(model, each) for each in ("id", "day", *said)]
    ids = [UUID(row[0]) for row in rows]
    taken: list[list[Any]] = []
    for some in batched(ids):
        mine = (model.user_id == user_id, model.id.in_(some), model.deleted_at.is_(None))
        for id_, day, *rest in run(delete(model).where(*mine).returning(*columns)):
            taken.append([str(id_), day.isoformat(), *rest])
    return taken


def put_back(user_id: UUID, made: dict[str, Any]) -> dict[str, Any]:
    """Note again what was taken back; what another import brought meanwhile is that one's."""
    noted = {}
    for name, (_model, said) in TABLES.items():
        rows = [
            {"id": UUID(id_), "day": date.fromisoformat(day), **dict(zip(said, rest, strict=True))}
            for id_, day, *rest in made.get(name, [])
        ]
        noted[name] = _stored(user_id, name, utc_now(), _new(user_id, name, rows))
    return {**noted, "notes": turn_notes(user_id, made.get("notes", {}), was=0, becomes=1)}


def turn_notes(user_id: UUID, notes: dict[str, list[str]], was: int, becomes: int) -> dict[str, list[str]]:
    """Write the notes of days that say what they said; return which those were."""
    there = _notes_of(user_id, [date.fromisoformat(day) for day in notes])
    turned, new = {}, []
    for day, texts in notes.items():
        note = there.get(date.fromisoformat(day))
        if (note.text if note else "") != texts[was]:
            continue
        turned[day] = texts
        if note:
            note.text = texts[becomes]
        else:
            new.append({"user_id": user_id, "day": date.fromisoformat(day), "text": texts[becomes]})
    now = utc_now()
    insert_rows(DayNote.__table__, [{**row, "updated_at": now} for row in new])
    return turned


def _notes_of(user_id: UUID, days: list[date]) -> dict[date, DayNote]:
    """The notes of these days, locked."""
    if not days:
        return {}
    mine = select(DayNote).where(DayNote.user_id == user_id, DayNote.day.between(min(days), max(days)))
    fresh = mine.with_for_update().execution_options(populate_existing=True)
    return {note.day: note for note in db.session.scalars(fresh)}
