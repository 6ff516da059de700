"""The CSV files of FoodData Central, read by the names in their heads."""

from collections.abc import Callable, Iterator
from itertools import islice

from caloria.models.food_sources.amounts import Rejected, barcode
from caloria.models.food_sources.usda import (
    BRANDED,
    FOODS,
    MOST_PORTIONS,
    Categories,
    amounts,
    factors,
    food,
    portions_of,
    require_id,
    serving_of,
)
from caloria.operations.bulk_import.files import Package, Told
from caloria.operations.bulk_import.rows import table
from caloria.operations.bulk_import.spool import Spool
from caloria.operations.bulk_import.unfit import UnfitFile

FOOD = ("fdc_id", "data_type", "description"), ("food_category_id", "publication_date")
NUTRIENT = ("fdc_id", "nutrient_id", "amount"), ()
PORTION = (
    ("fdc_id", "gram_weight"),
    ("amount", "measure_unit_id", "portion_description", "modifier"),
)
LABEL = (
    ("fdc_id", "gtin_upc"),
    (
        "brand_owner",
        "brand_name",
        "serving_size",
        "serving_size_unit",
        "household_serving_fulltext",
        "branded_food_category",
        "available_date",
    ),
)
LABEL_NAMES = (*LABEL[0], *LABEL[1])
PORTION_NAMES = ("gram_weight", "amount", "unit", "description", "modifier")
# No food has more of each.
MOST_PARTS = 1000
# What is read, in this order: a food is kept with what its label says.
READ = ("branded_food.csv", "food.csv", "food_nutrient.csv", "food_portion.csv")
CURRENT = {"foundation_food": "foundation_food.csv"}
LABELS, NUTRIENTS, PORTIONS, IS_CURRENT = "label", "nutrients", "portion", "current"


class UsdaCsv:
    """A folder or zip of CSV files, of any of the data types."""

    name = "food.csv"

    def __init__(self, package: Package, spool: Spool):
        self.package, self.spool = package, spool
        if missing := [each for each in ("food.csv", "food_nutrient.csv") if each not in package.names]:
            raise UnfitFile(f"{package.path.name} holds no {' and no '.join(missing)}.")
        self.known, self.times = factors(self._small("nutrient.csv", ("id",), ("nutrient_nbr", "unit_name")))
        self.units = dict(self._small("measure_unit.csv", ("id", "name"), ()))
        self.categories = Categories(self._small("food_category.csv", ("id", "code", "description"), ()))
        self.survey = self._survey_categories()
        self.samples = 0

    @property
    def size(self) -> int:
        return self.package.size(*READ)

    def read(self, tell: Told) -> None:
        """Keep everything that the files say. Raises UnfitFile."""
        for name, keep in zip(
            READ, (self._labels, self._foods, self._nutrients, self._portions), strict=True
        ):
            if name in self.package.names:
                keep(name, tell)
        self.spool.settle()

    def foods(self) -> Iterator[tuple[int, str, Callable[[], tuple]]]:
        """The line and the id of each food that is left, and what makes its columns and portions of it."""
        for line, key, said in self.spool.records():
            yield line, key, lambda line=line, key=key, said=said: self._made(line, key, *said)

    def _made(self, line: int, key: str, description: str, category: str, label: dict | None) -> tuple:
        left_out: list[str] = []
        said: dict[int, str] = {}
        for some in islice(self.spool.parts(NUTRIENTS, key), MOST_PARTS):
            for fdc_id, amount in some:
                said.setdefault(fdc_id, amount)
        nutrients = amounts(said, self.times, left_out)
        made = food(key, description, category and self._category(category), nutrients, label)
        said_of_portions = islice(self.spool.parts(PORTIONS, key), MOST_PARTS)
        named = (dict(zip(PORTION_NAMES, each, strict=True)) for each in said_of_portions)
        portions = [
            *portions_of(named, self.units, left_out),
            *([serving] if label and (serving := serving_of(label)) else []),
        ]
        for reason in left_out:
            self.spool.note("food.csv", line, key, reason)
        return made, portions[:MOST_PORTIONS]

    def _category(self, said: str) -> str | None:
        return self.survey.get(said) or self.categories.get(said)

    def _labels(self, name: str, tell: Told) -> None:
        for _line, row in self._rows(name, *LABEL, tell):
            self.spool.keep_part(LABELS, row[0], row)
        self.spool.index_parts()

    def _foods(self, name: str, tell: Told) -> None:
        current = {type: self._current(file) for type, file in CURRENT.items() if file in self.package.names}
        for line, row in self._rows(name, *FOOD, tell, self.spool.refuse):
            key, type = row[:2]
            if type not in FOODS:
                self.samples += 1
            elif type in current and key not in current[type]:
                self.spool.refuse(line, key, f"it is no longer current: {CURRENT[type]} has it no more")
            else:
                self._keep(line, *row)
        self.spool.unindex_parts()

    def _keep(self, line: int, key: str, type: str, description: str, category: str, published: str) -> None:
        try:
            require_id(key)
            label = self._label(key) if type == BRANDED else None
            code = barcode(label["gtin_upc"]) if label else None
        except Rejected as error:
            self.spool.refuse(line, key[:40], str(error))
            return
        newest = f"{label['available_date']} {published}" if label else ""
        self.spool.keep(line, key, (description, category, label), rank=-line, gtin=code, newest=newest)

    def _label(self, key: str) -> dict:
        """What the label of a branded food says. Raises Rejected: without it, it would lose its barcode."""
        for row in self.spool.parts(LABELS, key):
            return dict(zip(LABEL_NAMES, row, strict=True))
        raise Rejected(f"{READ[0]} says nothing of it")

    def _nutrients(self, name: str, tell: Told) -> None:
        """Keep the nutrients of a food together as they come: its rows stand together, or nearly."""
        known, last = self.known, ""
        some: list[tuple[int, str]] = []
        for _line, (key, nutrient, amount) in self._rows(name, *NUTRIENT, tell):
            if key != last or len(some) >= MOST_PARTS:
                if some:
                    self.spool.keep_part(NUTRIENTS, last, some)
                last, some = key, []
            if nutrient in known:
                some.append((known[nutrient], amount))
        if some:
            self.spool.keep_part(NUTRIENTS, last, some)

    def _portions(self, name: str, tell: Told) -> None:
        for _line, row in self._rows(name, *PORTION, tell):
            self.spool.keep_part(PORTIONS, row[0], row[1:])

    def _current(self, name: str) -> set[str]:
        return {row[0] for row in self._small(name, ("fdc_id",), ("footnote",))}

    def _survey_categories(self) -> dict[str, str]:
        """What FNDDS calls its categories, by their codes."""
        name = "wweia_food_category.csv"
        return dict(self._small(name, ("wweia_food_category", "wweia_food_category_description"), ()))

    def _small(self, name: str, needed: tuple, also: tuple) -> list[tuple]:
        """All rows of a list that is short; none where the file is not there."""
        if name not in self.package.names:
            return []
        return [row for _line, row in self._rows(name, needed, also, lambda _place: None)]

    def _rows(self, name: str, needed: tuple, also: tuple, tell: Told, reject=None) -> Iterator:
        with self.package.open(name, tell) as file:
            leave_out = lambda line, key, reason: self.spool.note(name, line, key, reason)  # noqa: E731
            yield from table(name, file, needed, also, reject or leave_out)
