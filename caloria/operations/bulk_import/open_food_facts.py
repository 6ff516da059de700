"""The exports and deltas of Open Food Facts: CSV between tabs, or a JSON object to a line."""

from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any

from caloria.models.food_sources.amounts import Rejected, barcode
from caloria.models.food_sources.open_food_facts import COLUMNS, FIGURES, changed_at, of_json, product
from caloria.operations.bulk_import.files import Package, Told
from caloria.operations.bulk_import.rows import json_lines, table
from caloria.operations.bulk_import.spool import Spool
from caloria.operations.bulk_import.unfit import UnfitFile

NEEDED = ("code", "last_modified_t", "proteins_100g", "energy_100g")
NAMES = (*NEEDED, *(name for name in (*COLUMNS, *FIGURES) if name not in NEEDED))
_figures_of = itemgetter(*(NAMES.index(name) for name in FIGURES))
JSON_NAMES = (".jsonl", ".jsonl.gz", ".json", ".json.gz", ".ndjson", ".ndjson.gz")
# Moments until the year 2200 take 33 bits, and a number in the spool has 63.
LINE_BITS = 30
TABLE_NAMES = (".csv", ".csv.gz", ".tsv", ".tsv.gz")


class OpenFoodFacts:
    """One export or delta."""

    samples = 0

    def __init__(self, package: Package, spool: Spool):
        self.package, self.spool = package, spool
        fitting = [name for name in package.names if name.lower().endswith((*JSON_NAMES, *TABLE_NAMES))]
        if len(fitting) != 1:
            raise UnfitFile(
                f"{package.path} has to be one .csv, .csv.gz, .jsonl or .jsonl.gz; {len(fitting)} are there."
            )
        self.name = fitting[0]
        self.is_json = self.name.lower().endswith(JSON_NAMES)

    @property
    def size(self) -> int:
        return self.package.size(self.name)

    def read(self, tell: Told) -> None:
        """Keep every product with what Caloria needs of it. Raises UnfitFile."""
        with self.package.open(self.name, tell) as file:
            if self.is_json:
                for line, item in json_lines(self.name, file, self.spool.refuse):
                    said, figures = of_json(item)
                    self._keep(line, said, bool(figures), (said, figures))
            else:
                # Energy under its old name is in every export: without it this is another file.
                for line, row in table(self.name, file, NEEDED, NAMES[len(NEEDED) :], self.spool.refuse):
                    self._keep(line, dict(zip(NEEDED, row, strict=False)), any(_figures_of(row)), row)
        self.spool.settle()

    def foods(self) -> Iterator[tuple[int, str, Callable[[], tuple]]]:
        """The line and the barcode of each product that is left, and what makes its columns."""
        for line, key, body in self.spool.records():
            yield line, key, lambda line=line, key=key, body=body: self._made(line, key, body)

    def _made(self, line: int, key: str, body: tuple) -> tuple:
        left_out: list[str] = []
        said, figures = body if self.is_json else _of_row(body)
        made = product(said, figures, left_out)
        for reason in left_out:
            self.spool.note(self.name, line, key, reason)
        return made

    def _keep(self, line: int, said: dict, is_measured: bool, body: Any) -> None:
        """Keep a product under its barcode; of several the one that was changed last counts."""
        code = str(said.get("code") or "")[:40]
        try:
            key = barcode(code)
            if key is None:
                raise Rejected("it has no barcode")
            if not is_measured:
                raise Rejected("it has no amount of any nutrient")
        except Rejected as error:
            self.spool.refuse(line, code, str(error))
            return
        rank = int(changed_at(said).timestamp()) << LINE_BITS | line
        self.spool.keep(line, key, body, rank=rank)


def _of_row(row: tuple[str, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """A row of the table as texts by their names, and the figures for 100 g."""
    said = {name: text for name, text in zip(NAMES, row, strict=True) if text}
    return said, {name.removesuffix("_100g"): said[name] for name in FIGURES if name in said}
