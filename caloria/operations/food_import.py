"""Bringing foods into the database from files of figures."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy import delete, or_, select, tuple_

from caloria.extensions import db, insert
from caloria.models import AuditEvent
from caloria.models.clock import utc_now
from caloria.models.food import USDA, Food, Portion, folded
from caloria.models.nutrients import NUTRIENT_NAMES

STARTER_FOODS = Path(__file__).parents[1] / "data" / "starter_foods.csv"
STARTER_PORTIONS = Path(__file__).parents[1] / "data" / "starter_portions.csv"
FOODS_AT_ONCE = 200


@dataclass
class Imported:
    """What an import did: foods read, how many of them are in the database afterwards, and their portions."""

    read: int = 0
    stored: int = 0
    portions: int = 0

    @property
    def reconciles(self) -> bool:
        return self.stored == self.read


def starter_foods() -> list[dict[str, str]]:
    """Read the foods that Caloria ships."""
    with STARTER_FOODS.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def import_starter(foods: Iterable[dict[str, str]]) -> Imported:
    """Store the foods that Caloria ships and their portions, or bring them up to date; commit.

    What was stored before under the same source id keeps its id, so that entries still know their food.
    """
    result = Imported()
    portions = _portions_by_food()
    remaining = iter(foods)
    while rows := list(islice(remaining, FOODS_AT_ONCE)):
        ids = _store_foods([_food(row) for row in rows])
        result.read += len(rows)
        result.stored += len(ids)
        result.portions += _store_portions(ids, portions)
    AuditEvent.note("foods import", "starter foods", after=asdict(result))
    db.session.commit()
    return result


def _food(row: dict[str, str]) -> dict:
    amounts = {name: float(row[name]) if row[name] else None for name in NUTRIENT_NAMES}
    return {
        "source": USDA,
        "source_id": row["source_id"],
        "name": row["name"],
        "folded_name": folded(row["name"]),
        "category": row["category"],
        "carbohydrate_basis": "by_difference",
        **amounts,
    }


def _store_foods(foods: list[dict]) -> dict:
    """Insert or update foods; return their ids by source id."""
    statement = insert(Food)
    said = {name: statement.excluded[name] for name in foods[0] if name not in ("source", "source_id")}
    statement = statement.on_conflict_do_update(
        index_elements=["source", "source_id"],
        set_={**said, "updated_at": utc_now()},
        where=or_(*(getattr(Food, name).is_distinct_from(value) for name, value in said.items())),
    )
    db.session.execute(statement, foods)
    sources = [food["source_id"] for food in foods]
    stored = select(Food.source_id, Food.id).where(Food.source == USDA, Food.source_id.in_(sources))
    return {source_id: food_id for source_id, food_id in db.session.execute(stored)}


def _portions_by_food() -> dict[str, list[dict]]:
    portions: dict[str, list[dict]] = {}
    with STARTER_PORTIONS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            portions.setdefault(row["source_id"], []).append(row)
    return portions


def _store_portions(ids: dict, portions: dict[str, list[dict]]) -> int:
    """Give foods exactly the portions that the file has for them; return how many."""
    rows = list(_portion_rows(ids, portions))
    _drop_portions_but(ids, [(row["food_id"], row["position"]) for row in rows])
    if rows:
        statement = insert(Portion)
        changed = {name: statement.excluded[name] for name in ("amount", "unit", "gram_weight")}
        db.session.execute(
            statement.on_conflict_do_update(index_elements=["food_id", "position"], set_=changed), rows
        )
    return len(rows)


def _drop_portions_but(ids: dict, kept: list[tuple]) -> None:
    db.session.execute(
        delete(Portion).where(
            Portion.food_id.in_(ids.values()), tuple_(Portion.food_id, Portion.position).not_in(kept)
        )
    )


def _portion_rows(ids: dict, portions: dict[str, list[dict]]) -> Iterator[dict]:
    for source_id, food_id in ids.items():
        for row in portions.get(source_id, []):
            yield {
                "food_id": food_id,
                "position": int(row["position"]),
                "amount": float(row["amount"]),
                "unit": row["unit"],
                "gram_weight": float(row["gram_weight"]),
            }
