"""From the bytes that somebody uploaded to what they say."""

import re
from collections import Counter
from collections.abc import Iterator

from caloria.models.drink import LEAST_ML, MOST_ML
from caloria.models.imported import dates, numbers
from caloria.models.imported.amounts import unit_named
from caloria.models.imported.body import WATER, WEIGHT, Measure, measure_of_column
from caloria.models.imported.layouts import ANYBODY, BODY, DAYS, FOODS, LAYOUTS, NOTES, Cells, Layout, Said
from caloria.models.imported.nutrient_columns import leaves_energy_open, nutrient_columns
from caloria.models.imported.reading import DrinkRow, FoodRow, MeasuredRow, NoteRow, Reading, WeightRow
from caloria.models.imported.table import MOST_ROWS, TOO_MANY_ROWS, Table
from caloria.models.imported.trouble import BadCell, NotReadable
from caloria.models.imported.upload import EMPTY, tables
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

# "Water", "Tap water", "Water, tap, drinking"; no water melon, nor water with a taste.
OF_WATER = "tap|drinking|bottled|mineral|sparkling|still|filtered|plain|generic|municipal|carbonated"
WATER_NAME = re.compile(rf"(?:(?:{OF_WATER}) )*(?:water|agua)(?:, (?:{OF_WATER}))*")

Fitting = tuple[Table, Layout]


def read(name: str, content: bytes) -> Reading:
    """What a file says. Raises NotReadable."""
    found = tables(name, content)
    if not found:
        raise NotReadable(EMPTY)
    fitting = [(table, layout) for table in found if (layout := _layout_of(table))]
    if not fitting:
        raise NotReadable(UNKNOWN_FILE, names=", ".join(column.title for column in found[0].columns[:4]))
    reading = _read(fitting)
    if not (reading.row_count or reading.problems):
        raise NotReadable(NO_ROWS)
    reading.left = [_left(table) for table in found if table.name not in reading.read]
    return reading


def _layout_of(table: Table) -> Layout | None:
    return next((layout for layout in LAYOUTS if layout.fits(table)), None)


def _read(fitting: list[Fitting]) -> Reading:
    """Read what one tracker exported; sums of days only where there are no foods of them."""
    tracker = _tracker_of(fitting)
    ours = [(table, layout) for table, layout in fitting if layout.tracker in (tracker, ANYBODY)]
    order = dates.date_order(_dates(ours))
    reading = Reading(tracker, dates_open=order == dates.DOUBT)
    for holds in (FOODS, DAYS, BODY, NOTES):
        if holds == DAYS and reading.knows_amounts:
            continue
        of_these = [(table, layout) for table, layout in ours if layout.holds == holds]
        if holds == DAYS and of_these:
            reading.forget_foods()
        for table, layout in of_these:
            TableReader(table, layout, order).into(reading)
    return reading


def _tracker_of(fitting: list[Fitting]) -> str:
    """Whose files these are: a lone column of weights could be anybody's."""
    told = [layout.tracker for _table, layout in fitting if layout.holds in (FOODS, DAYS)]
    named = [layout.tracker for _table, layout in fitting if layout.tracker != ANYBODY]
    return (told or named or ["myfitnesspal"])[0]


def _left(table: Table) -> dict[str, str | int | None]:
    """What is not read of a file: which table, how many rows, and what is in it as far as we know."""
    layout = _layout_of(table)
    what = (
        "exercises" if "exercise" in table.names else "sums" if layout and layout.holds == DAYS else "other"
    )
    try:
        return {"name": table.name, "rows": sum(1 for _row in table.rows()), "what": what}
    except NotReadable:
        return {"name": table.name, "rows": None, "what": what}


def _dates(fitting: list[Fitting]) -> Iterator[str]:
    for table, layout in fitting:
        place = next(place for place, each in enumerate(table.columns) if each.name in layout.date)
        yield from (cells[place] for _line, cells in table.rows() if place < len(cells))


class TableReader:
    """Reads the rows of one table by its layout."""

    def __init__(self, table: Table, layout: Layout, order: str):
        self.table, self.layout, self.order = table, layout, order
        names = [column.name for column in table.columns]
        self.width = len(names)
        # The first of those that are called the same.
        self.places = {name: place for place, name in reversed(list(enumerate(names)))}
        self.date = next(self.places[name] for name in layout.date if name in self.places)
        self.nutrients = nutrient_columns(table.columns, layout.not_mass) if self._is_eaten else []
        self.measures = self._measures()
        self.sign = numbers.decimal_sign(self._figures())
        self.alike: Counter[tuple[str, str]] = Counter()

    @property
    def _is_eaten(self) -> bool:
        return self.layout.holds in (FOODS, DAYS)

    def _measures(self) -> dict[int, Measure]:
        """What the columns measure, by their places: the first of each."""
        first: dict[str, tuple[int, Measure]] = {}
        for place, column in enumerate(self.table.columns if self.layout.holds == BODY else ()):
            if measure := measure_of_column(column):
                first.setdefault(measure.what, (place, measure))
        return dict(first.values())

    def _figures(self) -> Iterator[str]:
        places = [each.place for each in self.nutrients] + list(self.measures)
        if self.layout.holds == BODY and not self.measures:
            places = [self.places["amount"]]
        for _line, cells in self.table.rows() if places else ():
            yield from (cells[place] for place in places if place < len(cells))

    def into(self, reading: Reading) -> None:
        """Add what the rows say; what is wrong with one is noted, and it is left out."""
        reading.read.append(self.table.name)
        for line, cells in self.table.rows():
            try:
                self._take(self._whole(cells), reading)
            except BadCell as trouble:
                reading.note(self.table.name, line, trouble)
            if reading.row_count > MOST_ROWS:
                raise NotReadable(TOO_MANY_ROWS, most=f"{MOST_ROWS:,}")
        if self._is_eaten and reading.food_count:
            reading.energy_open |= leaves_energy_open(self.table.columns)

    def _whole(self, cells: list[str]) -> list[str]:
        """A row with a cell for each column; empty ones at its end may be missing. Raises BadCell."""
        missing = self.width - len(cells)
        if missing == 0:
            return cells
        if any(map(str.strip, cells[self.width :])):
            raise BadCell(LONG_ROW)
        # Excel leaves out what is empty; a CSV file that does so was cut off.
        if missing > 0 and (missing > 1 or len(cells) == 1) and not self._is_sheet:
            raise BadCell(SHORT_ROW, cells=len(cells), columns=self.width)
        return [*cells[: self.width], *[""] * missing]

    @property
    def _is_sheet(self) -> bool:
        return "." not in self.table.name

    def _take(self, row: list[str], reading: Reading) -> None:
        cells = Cells(self.places, row, self.sign)
        said = self.layout.said(cells)
        if said is None:
            return
        day = dates.day(row[self.date], self.order).isoformat()
        if self.layout.holds == BODY:
            self._take_body(day, cells, said, reading)
        elif self._is_eaten:
            self._take_food(day, cells, said, reading)
        if said.note:
            reading.notes.append(NoteRow(day, said.note))

    def _take_body(self, day: str, cells: Cells, said: Said, reading: Reading) -> None:
        """What a row measures; its figures are all good, or none is taken."""
        places = {self.places["amount"]: said.measure} if said.measure else self.measures
        read = [
            (measure, numbers.number(cells.row[place], self.sign, measure.title))
            for place, measure in places.items()
        ]
        for measure, value in read:
            if value is not None:
                _add_measured(reading, day, measure, value)

    def _take_food(self, day: str, cells: Cells, said: Said, reading: Reading) -> None:
        amounts = self._amounts(cells.row)
        if self.layout.holds == DAYS and not amounts:
            return
        if _is_water(said, amounts):
            reading.drinks.append(DrinkRow(day, said.grams or 0.0))
            return
        food = FoodRow(
            day, reading.meal_of(said.meal), said.name, "", brand=said.brand or None, amounts=amounts
        )
        clock = dates.clock(cells["time"])
        food.time = f"{clock:%H:%M}" if clock else None
        food.key = self._key(food, said)
        _measure(food, said)
        reading.add_food(food)

    def _amounts(self, row: list[str]) -> dict[str, float]:
        """What is known of its nutrients."""
        amounts = {}
        for column in self.nutrients:
            # Half of all cells are empty.
            if not (text := row[column.place]):
                continue
            if (amount := numbers.number(text, self.sign, column.title)) is not None:
                amounts[column.nutrient] = amount = amount * column.factor
                if amount > column.most:
                    raise BadCell(TOO_MUCH, text=text.strip(), column=column.title)
        return amounts

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


def _is_water(said: Said, amounts: dict[str, float]) -> bool:
    """Whether it is a glass of water, which is a drink here and no food."""
    drunk = said.grams is not None and LEAST_ML <= said.grams <= MOST_ML
    return drunk and WATER_NAME.fullmatch(said.name.casefold()) is not None and not amounts.get("energy_kcal")


def _add_measured(reading: Reading, day: str, measure: Measure, value: float) -> None:
    if measure.what == WEIGHT:
        reading.weights.append(WeightRow(day, value, measure.unit))
    elif measure.what == WATER:
        reading.drinks.append(DrinkRow(day, value * measure.ml))
    else:
        reading.measured.append(MeasuredRow(day, value, measure.what, measure.unit))
