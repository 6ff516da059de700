"""From the bytes that somebody uploaded to what they say."""

from collections import Counter
from collections.abc import Iterator

from caloria.models.imported import dates, numbers
from caloria.models.imported.amounts import unit_named
from caloria.models.imported.layouts import DAYS, FOODS, LAYOUTS, WEIGHTS, Cells, Layout, Said
from caloria.models.imported.nutrient_columns import NutrientColumn, leaves_energy_open, nutrient_columns
from caloria.models.imported.reading import FoodRow, Reading, WeightRow
from caloria.models.imported.table import MOST_ROWS, TOO_MANY_ROWS, Table
from caloria.models.imported.trouble import BadCell, NotReadable
from caloria.models.imported.upload import EMPTY, tables
from caloria.models.nutrients import BY_NAME, HUNDREDS_OF_GRAMS_IN_AN_ENTRY
from caloria.models.snapshot import HEAVIEST_GRAMS, LARGEST_PORTION, LEAST
from caloria.words import N_

UNKNOWN_FILE = N_(
    "This file is of a kind that we do not know. Its first line begins with %(names)s. "
    "Exports of MyFitnessPal, Cronometer, Lose It!, MacroFactor and SparkyFitness can be read."
)
# What a food holds may come to a little more than it weighs: each figure is rounded.
WEIGHED = ("protein_g", "fat_g", "carbohydrate_g", "water_g", "alcohol_g")
MOST_OF_WEIGHT = 1.05
NO_ROWS = N_(
    "There is nothing to import in this file: below its first line it says nothing that we can take."
)
SHORT_ROW = N_("This row ends early: it has %(cells)s of %(columns)s columns.")
LONG_ROW = N_("This row has more columns than the first line has names.")
TOO_MUCH = N_("“%(text)s” in the column %(column)s is more than can be eaten at once.")
KG = {"kg": "kg", "kgs": "kg", "kilograms": "kg", "lb": "lb", "lbs": "lb", "pounds": "lb"}

Fitting = tuple[Table, Layout]


def read(name: str, content: bytes) -> Reading:
    """What a file says. Raises NotReadable."""
    found = tables(name, content)
    if not found:
        raise NotReadable(EMPTY)
    fitting = [(table, layout) for table in found if (layout := _layout_of(table))]
    if not fitting:
        raise NotReadable(UNKNOWN_FILE, names=", ".join(column.title for column in found[0].columns[:4]))
    reading = _read(found, fitting)
    if not (reading.foods or reading.weights or reading.problems):
        raise NotReadable(NO_ROWS)
    return reading


def _layout_of(table: Table) -> Layout | None:
    return next((layout for layout in LAYOUTS if layout.fits(table.names)), None)


def _read(found: list[Table], fitting: list[Fitting]) -> Reading:
    """Read what one tracker exported; sums of days only where there are no foods of them."""
    tracker = _tracker_of(fitting)
    ours = [(table, layout) for table, layout in fitting if layout.tracker == tracker]
    order = dates.date_order(_dates(ours))
    reading = Reading(tracker, dates_open=order == dates.DOUBT)
    for holds in (FOODS, DAYS, WEIGHTS):
        if holds == DAYS and any(food.amounts for food in reading.foods):
            continue
        if holds == DAYS:
            reading.foods.clear()
        for table, layout in ours:
            if layout.holds == holds:
                TableReader(table, layout, order).into(reading)
    reading.left = [table.name for table in found if table.name not in reading.read]
    return reading


def _tracker_of(fitting: list[Fitting]) -> str:
    """Whose files these are: a lone column of weights could be anybody's."""
    told = [layout.tracker for _table, layout in fitting if layout.holds != WEIGHTS]
    return (told or [fitting[0][1].tracker])[0]


def _dates(fitting: list[Fitting]) -> Iterator[str]:
    for table, layout in fitting:
        place = next(place for place, each in enumerate(table.columns) if each.name in layout.date)
        yield from (cells[place] for _line, cells in table.rows() if place < len(cells))


class TableReader:
    """Reads the rows of one table by its layout."""

    def __init__(self, table: Table, layout: Layout, order: str):
        self.table, self.layout, self.order = table, layout, order
        self.names = [column.name for column in table.columns]
        self.nutrients = nutrient_columns(table.columns, layout.not_mass)
        self.sign = numbers.decimal_sign(self._figures())
        self.alike: Counter[tuple[str, str]] = Counter()

    def _figures(self) -> Iterator[str]:
        places = [each.place for each in self.nutrients]
        if self.layout.holds == WEIGHTS:
            places = [self.names.index(self.layout.value)]
        for _line, cells in self.table.rows():
            yield from (cells[place] for place in places if place < len(cells))

    def into(self, reading: Reading) -> None:
        """Add what the rows say; what is wrong with one is noted, and it is left out."""
        reading.read.append(self.table.name)
        for line, cells in self.table.rows():
            try:
                self._take(self._whole(cells), reading)
            except BadCell as trouble:
                reading.note(self.table.name, line, trouble)
            if len(reading.foods) + len(reading.weights) > MOST_ROWS:
                raise NotReadable(TOO_MANY_ROWS, most=f"{MOST_ROWS:,}")
        reading.energy_open |= bool(reading.foods) and self._leaves_energy_open()

    def _leaves_energy_open(self) -> bool:
        return self.layout.holds != WEIGHTS and leaves_energy_open(self.table.columns)

    def _whole(self, cells: list[str]) -> list[str]:
        """A row with a cell for each column; empty ones at its end may be missing. Raises BadCell."""
        width = len(self.names)
        if any(cell.strip() for cell in cells[width:]):
            raise BadCell(LONG_ROW)
        # Excel leaves out what is empty; a CSV file that does so was cut off.
        if len(cells) < width and (width - len(cells) > 1 or len(cells) == 1) and not self._is_sheet:
            raise BadCell(SHORT_ROW, cells=len(cells), columns=width)
        return [*cells[:width], *[""] * (width - len(cells))]

    @property
    def _is_sheet(self) -> bool:
        return "." not in self.table.name

    def _take(self, row: list[str], reading: Reading) -> None:
        cells = Cells(dict(zip(self.names[::-1], row[::-1], strict=True)), self.sign)
        said = self.layout.said(cells)
        if said is None:
            return
        day = dates.day(next(cells[name] for name in self.layout.date if name in cells.texts), self.order)
        if self.layout.holds == WEIGHTS:
            self._take_weight(day.isoformat(), cells, said, reading)
        else:
            self._take_food(day.isoformat(), cells, said, row, reading)

    def _take_weight(self, day: str, cells: Cells, said: Said, reading: Reading) -> None:
        place = self.names.index(self.layout.value)
        value = numbers.number(cells[self.layout.value], self.sign, self.table.columns[place].title)
        unit = said.unit or self.table.columns[place].unit or ""
        if value is not None:
            reading.weights.append(WeightRow(day, value, KG.get(unit.casefold())))

    def _take_food(self, day: str, cells: Cells, said: Said, row: list[str], reading: Reading) -> None:
        amounts = {
            each.nutrient: amount
            for each in self.nutrients
            if (amount := self._amount(each, row)) is not None
        }
        if self.layout.holds == DAYS and not amounts:
            return
        food = FoodRow(
            day, reading.meal_of(said.meal), said.name, "", brand=said.brand or None, amounts=amounts
        )
        clock = dates.clock(cells["time"])
        food.time = f"{clock:%H:%M}" if clock else None
        food.key = self._key(food, said)
        _measure(food, said)
        reading.foods.append(food)

    def _amount(self, column: NutrientColumn, row: list[str]) -> float | None:
        text = row[column.place]
        amount = numbers.number(text, self.sign, column.title)
        if amount is None:
            return None
        amount *= column.factor
        if amount > BY_NAME[column.nutrient].ceiling * HUNDREDS_OF_GRAMS_IN_AN_ENTRY:
            raise BadCell(TOO_MUCH, text=text.strip(), column=column.title)
        return amount

    def _key(self, food: FoodRow, said: Said) -> str:
        """What tells a row from all others of its tracker and day, in whatever file it comes again."""
        # Meals that have no foods with names are told apart by their energy.
        energy = food.amounts.get("energy_kcal", -1.0) if said.amount is None else -1.0
        named = (
            food.meal,
            food.name,
            food.brand or "",
            unit_named(said.unit),
            f"{said.amount or 0:.4g}",
            f"{energy:.0f}",
        )
        key = said.key or "|".join(named)
        self.alike[food.day, key] += 1
        return f"{key}|{self.alike[food.day, key]}"


def _measure(food: FoodRow, said: Said) -> None:
    """Say how much it was: as a portion where its weight is known, or else behind its name."""
    unit = unit_named(said.unit) or "×"
    fits = said.amount is not None and LEAST <= said.amount <= LARGEST_PORTION
    if fits and said.grams is not None and _can_weigh(said.grams, food):
        food.amount, food.unit, food.grams = said.amount, unit, said.grams
    elif said.amount is not None:
        food.name = f"{food.name[: 195 - len(unit) - 12]} ({said.amount:.6g} {unit})".replace(" ×)", "×)")


def _can_weigh(grams: float, food: FoodRow) -> bool:
    """Whether what a food holds goes into that weight; of a wrong one, only the words are kept."""
    held = sum(food.amounts.get(name, 0.0) for name in WEIGHED)
    return LEAST <= grams <= HEAVIEST_GRAMS and held <= grams * MOST_OF_WEIGHT
