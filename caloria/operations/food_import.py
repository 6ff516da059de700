"""Bringing foods into the database from files of figures."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice

from sqlalchemy import Text, and_, cast, delete, or_, select, tuple_

from caloria.extensions import db, insert, insert_many
from caloria.models import AuditEvent, FoodTier, FoodWord
from caloria.models.clock import utc_now
from caloria.models.food import Food, Portion, all_names
from caloria.models.nutrients import NUTRIENT_NAMES
from caloria.operations.starter import density

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


def import_starter(foods: Iterable[dict]) -> Imported:
    """Store the foods that Caloria ships and their portions, or bring them up to date; commit.

    What was stored before under the same source id keeps its id, so that entries still know their food.
    """
    result = Imported()
    remaining = iter(foods)
    while rows := list(islice(remaining, FOODS_AT_ONCE)):
        ids = _store_foods([_food(row) for row in rows])
        portions = {row["source_id"]: row["portions"] for row in rows}
        result.read += len(rows)
        result.stored += len(ids)
        result.portions += _store_portions(_uncorrected(ids), portions)
    FoodTier.sort()
    FoodWord.know_shared()
    AuditEvent.note("foods import", "starter foods", after=asdict(result))
    db.session.commit()
    return result


def _food(row: dict) -> dict:
    amounts = {name: float(row[name]) if row[name] else None for name in NUTRIENT_NAMES}
    return {
        "source": row["source"],
        "source_id": row["source_id"],
        "name": row["name"],
        "names": {"es": row["es"]},
        "folded_name": all_names(row["name"], *row["also"].split(";"), row["es"], *row["es_also"].split(";")),
        "category": row["category"],
        "carbohydrate_basis": "by_difference",
        "everyday": int(row["everyday"]),
        "density_g_per_ml": density(row),
        **amounts,
    }


def _store_foods(foods: list[dict]) -> dict:
    """Insert or update foods; return their ids by source id."""
    statement = insert(Food)
    said = {name: statement.excluded[name] for name in foods[0] if name not in ("source", "source_id")}
    statement = statement.on_conflict_do_update(
        index_elements=["source", "source_id"],
        set_={**said, "updated_at": statement.excluded.updated_at},
        # What an admin corrected stays as that person left it.
        where=and_(
            Food.corrected_at.is_(None),
            or_(*(_differs(getattr(Food, name), value) for name, value in said.items())),
        ),
    )
    now = utc_now()
    insert_many(statement, Food.id, [{**food, "updated_at": now} for food in foods])
    sources = [food["source_id"] for food in foods]
    shared = Food.owner_id.is_(None)
    stored = select(Food.source_id, Food.id).where(shared, Food.source_id.in_(sources))
    return {source_id: food_id for source_id, food_id in db.session.execute(stored)}


def _uncorrected(ids: dict) -> dict:
    """The foods that no admin corrected: those of the others keep their portions too."""
    corrected = select(Food.id).where(Food.id.in_(ids.values()), Food.corrected_at.is_not(None))
    kept = set(db.session.scalars(corrected))
    return {source_id: food_id for source_id, food_id in ids.items() if food_id not in kept}


def _differs(stored, said):
    """Whether a column is to change. PostgreSQL compares no JSON, but the text that it is."""
    if stored is Food.names:
        stored, said = cast(stored, Text), cast(said, Text)
    return stored.is_distinct_from(said)


def _store_portions(ids: dict, portions: dict[str, list[dict]]) -> int:
    """Give foods exactly the portions that the file has for them; return how many."""
    rows = list(_portion_rows(ids, portions))
    _drop_portions_but(ids, [(row["food_id"], row["position"]) for row in rows])
    if rows:
        statement = insert(Portion)
        changed = {name: statement.excluded[name] for name in ("amount", "unit", "gram_weight")}
        statement = statement.on_conflict_do_update(index_elements=["food_id", "position"], set_=changed)
        insert_many(statement, Portion.id, rows)
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
