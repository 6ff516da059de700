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
# What an admin corrected, and what Caloria ships with names of its own, is not changed by an import.
MAY_CHANGE = "foods.corrected_at IS NULL AND foods.names IS NULL AND foods.everyday = 0"
SAME = "foods.source = new.source AND foods.source_id = new.source_id"
# Said so that no index of all foods of the source is taken where a barcode is looked up.
SAME_SOURCE = "foods.source || '' = new.source"
# Ids of FoodData Central grow with time.
NEWER = "(length({0}.source_id), {0}.source_id) > (length({1}.source_id), {1}.source_id)"


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

    looked_up = ("foods (source, source_id, gtin, archived_at)", "portions (food_id, position)")

    def __init__(self) -> None:
        self.staging = Staging("new_foods", "foods", ("id", *SAID), "source_id")
        measured = ("id", "position", *MEASURED)
        self.portions = Staging("new_portions", "portions", measured, "source_id", "unit AS source_id")
        self.put_away: dict[str, str] | None = None

    def merge(self, rows: Sequence[tuple[tuple, list[tuple]]]) -> tuple[int, int, dict[str, str]]:
        """Add what is new and change what differs. How many of each, and by its id what was too old."""
        begin()
        self.staging.fill((new_id(), *food) for food, _portions in rows)
        self.portions.fill(_portion_rows(rows))
        too_old = self._leave_out_what_is_older()
        self._follow_barcodes()
        self._follow_what_was_put_away(rows)
        updated, added = self._update(), self._insert()
        self._sync_portions()
        self.staging.drop()
        self.portions.drop()
        return added, updated, too_old

    def _leave_out_what_is_older(self) -> dict[str, str]:
        """Of a barcode that is stored in a newer record, an older one is not brought back."""
        older = run(
            "SELECT new.source_id, foods.gtin FROM new_foods AS new JOIN foods ON foods.gtin = new.gtin "
            f"WHERE foods.archived_at IS NULL AND {SAME_SOURCE} "
            f"AND {NEWER.format('foods', 'new')}"
        )
        found = {key: f"a newer record of the barcode {gtin} is stored" for key, gtin in older}
        for table in ("new_foods", "new_portions") if found else ():
            run(f"DELETE FROM {table} WHERE source_id IN :keys", keys=list(found))
        return found

    def _follow_barcodes(self) -> None:
        """A newer record of a barcode takes the place of the stored one, which stays the same food."""
        known = f"SELECT 1 FROM foods AS known WHERE {SAME.replace('foods', 'known')}"
        followed = run(
            "SELECT new.source_id, foods.source_id FROM new_foods AS new JOIN foods ON foods.gtin = new.gtin "
            f"WHERE foods.archived_at IS NULL AND {SAME_SOURCE} "
            f"AND {NEWER.format('new', 'foods')} AND NOT EXISTS ({known}) "
            "ORDER BY length(foods.source_id), foods.source_id"
        )
        by_new = dict(tuple(each) for each in followed)
        for key, before in by_new.items():
            run(
                "UPDATE foods SET source_id = :key WHERE source = :source AND source_id = :before",
                key=key,
                before=before,
                source=USDA,
            )

    def _follow_what_was_put_away(self, rows: Sequence[tuple[tuple, list[tuple]]]) -> None:
        """What an admin put away does not come back under another id."""
        if self.put_away is None:
            self.put_away = self._by_barcode()
        for food, _portions in rows:
            key, code = food[SAID.index("source_id")], food[SAID.index("gtin")]
            before = self.put_away.get(code, key)
            if before != key:
                run(
                    "UPDATE foods SET source_id = :key WHERE source = :source AND source_id = :before "
                    "AND NOT EXISTS (SELECT 1 FROM foods AS known WHERE known.source = :source "
                    "AND known.source_id = :key) AND NOT EXISTS (SELECT 1 FROM foods AS used "
                    "WHERE used.gtin = :code AND used.archived_at IS NULL AND used.source = :source)",
                    key=key,
                    code=code,
                    before=before,
                    source=USDA,
                )

    def _by_barcode(self) -> dict[str, str]:
        """The ids of what was put away, by barcode: admins do that one by one, so they are few."""
        found = run(
            "SELECT gtin, source_id FROM foods WHERE source = :source AND archived_at IS NOT NULL "
            "AND gtin IS NOT NULL ORDER BY length(source_id), source_id",
            source=USDA,
        )
        return dict(tuple(each) for each in found)

    def _update(self) -> int:
        said = [name for name in SAID if name not in ("source", "source_id")]
        values = ", ".join(f"{name} = new.{name}" for name in said)
        return run(
            f"UPDATE foods SET {values}, updated_at = :now FROM new_foods AS new "
            f"WHERE {SAME} AND {MAY_CHANGE} "
            f"AND ({differ('foods', 'new', said)} OR {_portion_differs()} OR {_portion_gone()})",
            now=utc_now(),
        ).rowcount

    def _insert(self) -> int:
        names = ", ".join(("id", *SAID))
        return run(
            f"INSERT INTO foods ({names}, created_at, updated_at) "
            f"SELECT {names}, :now, :now FROM new_foods AS new "
            f"WHERE NOT EXISTS (SELECT 1 FROM foods WHERE {SAME}) ON CONFLICT DO NOTHING",
            now=utc_now(),
        ).rowcount

    def _sync_portions(self) -> None:
        """Give the foods of this batch exactly the portions that the file has for them."""
        mine = f"SELECT foods.id FROM foods JOIN new_foods AS new ON {SAME} WHERE {MAY_CHANGE}"
        same_portion = f"portions.food_id = foods.id AND portions.position = new.position AND {SAME_ID}"
        run(
            f"DELETE FROM portions WHERE food_id IN ({mine}) AND NOT EXISTS "
            f"(SELECT 1 FROM foods, new_portions AS new WHERE {same_portion})"
        )
        run(
            "UPDATE portions SET amount = new.amount, unit = new.unit, gram_weight = new.gram_weight "
            f"FROM new_portions AS new, foods WHERE {same_portion} AND {MAY_CHANGE} "
            f"AND {differ('portions', 'new', MEASURED)}"
        )
        run(
            "INSERT INTO portions (id, food_id, position, amount, unit, gram_weight) "
            "SELECT new.id, foods.id, new.position, new.amount, new.unit, new.gram_weight "
            f"FROM new_portions AS new JOIN foods ON {SAME_ID} AND {MAY_CHANGE} "
            "WHERE NOT EXISTS (SELECT 1 FROM portions "
            "WHERE portions.food_id = foods.id AND portions.position = new.position)"
        )


SAME_ID = f"foods.source = '{USDA}' AND foods.source_id = new.source_id"


def _portion_rows(rows: Iterable[tuple[tuple, list[tuple]]]) -> Iterable[tuple]:
    for food, portions in rows:
        for position, (amount, unit, grams) in enumerate(portions, start=1):
            yield new_id(), position, amount, unit, grams, food[1]


def _portion_differs() -> str:
    return (
        "EXISTS (SELECT 1 FROM new_portions AS part LEFT JOIN portions "
        "ON portions.food_id = foods.id AND portions.position = part.position "
        "WHERE part.source_id = new.source_id "
        f"AND (portions.id IS NULL OR {differ('portions', 'part', MEASURED)}))"
    )


def _portion_gone() -> str:
    return (
        "EXISTS (SELECT 1 FROM portions WHERE portions.food_id = foods.id AND NOT EXISTS "
        "(SELECT 1 FROM new_portions AS part WHERE part.source_id = new.source_id "
        "AND part.position = portions.position))"
    )


class OpenFoods:
    """Batches of products of Open Food Facts."""

    looked_up = ("open_foods (gtin)",)

    def __init__(self) -> None:
        self.staging = Staging("new_open_foods", "open_foods", ("id", *KEPT), "gtin")

    def merge(self, rows: Sequence[tuple]) -> tuple[int, int, dict[str, str]]:
        """Add what is new and change what differs, unless what is stored is newer. How many of each."""
        begin()
        self.staging.fill((new_id(), *row) for row in rows)
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
