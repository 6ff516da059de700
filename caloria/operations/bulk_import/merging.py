"""Bringing a batch of rows into the table that they belong to, in statements over all of them."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from caloria.models.clock import utc_now
from caloria.models.food import USDA
from caloria.models.food_sources.open_food_facts import KEPT
from caloria.models.ids import new_id
from caloria.models.nutrients import NUTRIENT_NAMES
from caloria.operations.bulk_import.staging import Staging, begin, differ, run

SAID = (
    "source",
    "source_id",
    "name",
    "folded_name",
    "brand",
    "category",
    "carbohydrate_basis",
    "gtin",
    "density_g_per_ml",
    *NUTRIENT_NAMES,
)
MEASURED = ("amount", "unit", "gram_weight")
# What is stored is looked up row by row: no plan depends on what PostgreSQL knows of a table that grows.
SAME = f"SELECT foods.id FROM foods WHERE foods.source = '{USDA}' AND foods.source_id = new_foods.source_id"
# What an admin corrected, and what Caloria ships with names of its own, is not changed by an import.
PROTECTED = (
    "SELECT 1 FROM foods WHERE foods.id = new_foods.id "
    "AND NOT (foods.corrected_at IS NULL AND foods.names IS NULL AND foods.everyday = 0)"
)
# The source is said so that no index of all its foods is taken for a barcode. None of them is anybody's own.
OF_USDA = f"source || '' = '{USDA}'"
NEWEST_STORED = (
    "SELECT new.source_id, new.gtin, (SELECT foods.source_id FROM foods "
    f"WHERE foods.gtin = new.gtin AND foods.archived_at IS NULL AND foods.{OF_USDA} "
    "ORDER BY length(foods.source_id) DESC, foods.source_id DESC LIMIT 1) "
    "FROM new_foods AS new WHERE new.gtin IS NOT NULL"
)
FOLLOW = f"UPDATE foods SET source_id = :key WHERE source = '{USDA}' AND source_id = :before"
KNOWN = f"SELECT 1 FROM foods AS known WHERE known.source = '{USDA}' AND known.source_id = :key"
IN_USE = (
    f"SELECT 1 FROM foods AS used WHERE used.gtin = :code AND used.archived_at IS NULL AND used.{OF_USDA}"
)
PORTION_GONE = (
    "EXISTS (SELECT 1 FROM portions AS old WHERE old.food_id = foods.id AND NOT EXISTS "
    "(SELECT 1 FROM new_portions AS part WHERE part.food_id = foods.id AND part.position = old.position))"
)


@dataclass
class Counts:
    """What became of the rows of a file."""

    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0

    @property
    def reconciles(self) -> bool:
        return self.read == self.added + self.updated + self.unchanged + self.rejected

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


class Foods:
    """Batches of shared foods with their portions."""

    def __init__(self) -> None:
        self.staging = Staging("new_foods", "foods", ("id", *SAID), "source_id")
        columns = ("id", "position", *MEASURED)
        # The food by the id of its source; here it is known only once that is looked up.
        self.portions = Staging(
            "new_portions", "portions", (*columns, "unit AS source_id"), "food_id", "food_id"
        )
        self.put_away: dict[str, str] | None = None

    def merge(self, rows: Sequence[tuple[tuple, list[tuple]]]) -> tuple[int, int, dict[str, str]]:
        """Add what is new and change what differs. How many of each, and by its id what was too old."""
        begin()
        self.staging.fill((new_id(), *food) for food, _portions in rows)
        self.staging.index()
        self.portions.fill(_portion_rows(rows))
        too_old = self._follow_barcodes()
        self._follow_what_was_put_away(rows)
        self._find_stored()
        updated, added = self._update(), self._insert()
        self._sync_portions()
        self.staging.drop()
        self.portions.drop()
        return added, updated, too_old

    def _follow_barcodes(self) -> dict[str, str]:
        """A newer record of a barcode takes the place of the stored one, which stays the same food.

        An older one is not brought back. Why not, by its id.
        """
        too_old: dict[str, str] = {}
        for key, code, stored in run(NEWEST_STORED).all():
            if stored and _age(stored) > _age(key):
                too_old[key] = f"a newer record of the barcode {code} is stored"
            elif stored and stored != key:
                run(f"{FOLLOW} AND NOT EXISTS ({KNOWN})", key=key, before=stored)
        for table in ("new_foods", "new_portions") if too_old else ():
            run(f"DELETE FROM {table} WHERE source_id IN :keys", keys=list(too_old))
        return too_old

    def _follow_what_was_put_away(self, rows: Sequence[tuple[tuple, list[tuple]]]) -> None:
        """What an admin put away does not come back under another id."""
        if self.put_away is None:
            self.put_away = self._by_barcode()
        for food, _portions in rows:
            key, code = food[SAID.index("source_id")], food[SAID.index("gtin")]
            before = self.put_away.get(code, key)
            if before != key:
                run(
                    f"{FOLLOW} AND NOT EXISTS ({KNOWN}) AND NOT EXISTS ({IN_USE})",
                    key=key,
                    before=before,
                    code=code,
                )

    def _by_barcode(self) -> dict[str, str]:
        """The ids of what was put away, by barcode: admins do that one by one, so they are few."""
        found = run(
            "SELECT gtin, source_id FROM foods WHERE source = :source AND archived_at IS NOT NULL "
            "AND gtin IS NOT NULL ORDER BY length(source_id), source_id",
            source=USDA,
        )
        return dict(tuple(each) for each in found)

    def _find_stored(self) -> None:
        """Give what is stored its own id. What may not be changed is left out here, with its portions."""
        run(f"UPDATE new_foods SET id = coalesce(({SAME}), id)")
        run(f"DELETE FROM new_foods WHERE EXISTS ({PROTECTED})")
        run(
            "UPDATE new_portions SET food_id = "
            "(SELECT id FROM new_foods AS new WHERE new.source_id = new_portions.source_id)"
        )
        self.portions.index()

    def _update(self) -> int:
        said = [name for name in SAID if name not in ("source", "source_id")]
        values = ", ".join(f"{name} = new.{name}" for name in said)
        return run(
            f"UPDATE foods SET {values}, updated_at = :now FROM new_foods AS new WHERE foods.id = new.id "
            f"AND ({differ('foods', 'new', said)} OR {_portion_differs()} OR {PORTION_GONE})",
            now=utc_now(),
        ).rowcount

    def _insert(self) -> int:
        names = ", ".join(("id", *SAID))
        return run(
            f"INSERT INTO foods ({names}, created_at, updated_at) "
            f"SELECT {names}, :now, :now FROM new_foods AS new "
            "WHERE NOT EXISTS (SELECT 1 FROM foods WHERE foods.id = new.id) ON CONFLICT DO NOTHING",
            now=utc_now(),
        ).rowcount

    def _sync_portions(self) -> None:
        """Give the foods of this batch exactly the portions that the file has for them."""
        same = "portions.food_id = new.food_id AND portions.position = new.position"
        run(
            "DELETE FROM portions WHERE food_id IN (SELECT id FROM new_foods) "
            f"AND NOT EXISTS (SELECT 1 FROM new_portions AS new WHERE {same})"
        )
        run(
            "UPDATE portions SET amount = new.amount, unit = new.unit, gram_weight = new.gram_weight "
            f"FROM new_portions AS new WHERE {same} AND {differ('portions', 'new', MEASURED)}"
        )
        run(
            "INSERT INTO portions (id, food_id, position, amount, unit, gram_weight) "
            "SELECT new.id, new.food_id, new.position, new.amount, new.unit, new.gram_weight "
            "FROM new_portions AS new WHERE new.food_id IS NOT NULL "
            f"AND NOT EXISTS (SELECT 1 FROM portions WHERE {same})"
        )


def _portion_differs() -> str:
    return (
        "EXISTS (SELECT 1 FROM new_portions AS part LEFT JOIN portions "
        "ON portions.food_id = foods.id AND portions.position = part.position "
        "WHERE part.food_id = foods.id "
        f"AND (portions.id IS NULL OR {differ('portions', 'part', MEASURED)}))"
    )


def _age(source_id: str) -> tuple[int, str]:
    """What grows with time: ids of FoodData Central do."""
    return len(source_id), source_id


def _portion_rows(rows: Iterable[tuple[tuple, list[tuple]]]) -> Iterable[tuple]:
    for food, portions in rows:
        for position, (amount, unit, grams) in enumerate(portions, start=1):
            yield new_id(), position, amount, unit, grams, food[1]


class OpenFoods:
    """Batches of products of Open Food Facts."""

    def __init__(self) -> None:
        self.staging = Staging("new_open_foods", "open_foods", ("id", *KEPT), "gtin")

    def merge(self, rows: Sequence[tuple]) -> tuple[int, int, dict[str, str]]:
        """Add what is new and change what differs, unless what is stored is newer. How many of each."""
        begin()
        self.staging.fill((new_id(), *row) for row in rows)
        self.staging.index()
        said = [name for name in KEPT if name != "gtin"]
        values = ", ".join(f"{name} = new.{name}" for name in said)
        # How often it is scanned changes every day: that alone is no reason to write it again.
        compared = [name for name in said if name != "scans"]
        updated = run(
            f"UPDATE open_foods SET {values}, updated_at = :now FROM new_open_foods AS new "
            "WHERE open_foods.gtin = new.gtin AND open_foods.changed_at <= new.changed_at "
            f"AND {differ('open_foods', 'new', compared)}",
            now=utc_now(),
        ).rowcount
        names = ", ".join(("id", *KEPT))
        added = run(
            f"INSERT INTO open_foods ({names}, updated_at) SELECT {names}, :now FROM new_open_foods AS new "
            "WHERE NOT EXISTS (SELECT 1 FROM open_foods WHERE open_foods.gtin = new.gtin) "
            "ON CONFLICT DO NOTHING",
            now=utc_now(),
        ).rowcount
        self.staging.drop()
        return added, updated, {}
