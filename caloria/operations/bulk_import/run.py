"""Importing a file: read it to its end, then bring it in batch by batch, then say what became of each row."""

import csv
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from caloria.extensions import db
from caloria.models import AuditEvent, FoodTier, FoodWord
from caloria.models.food_sources.amounts import Rejected
from caloria.operations.bulk_import.files import Package
from caloria.operations.bulk_import.merging import Counts, Foods, OpenFoods
from caloria.operations.bulk_import.open_food_facts import OpenFoodFacts
from caloria.operations.bulk_import.spool import Spool, spooling
from caloria.operations.bulk_import.staging import OF_ALL, be_patient
from caloria.operations.bulk_import.turn import alone
from caloria.operations.bulk_import.unfit import UnfitFile
from caloria.operations.bulk_import.usda_csv import UsdaCsv
from caloria.operations.bulk_import.usda_json import UsdaJson

ROWS_AT_ONCE = 5_000

# Told the stage, how much of it is done, how much there is to do, and how many rows that were.
Progress = Callable[[str, int, int, int], None]
READING, STORING, SORTING, LEARNING = "Reading", "Storing", "Sorting", "Learning words"


@dataclass
class Outcome:
    """What an import did, and where it says why rows were rejected."""

    counts: Counts = field(default_factory=Counts)
    samples: int = 0
    notes: int = 0
    report: Path | None = None


class Import:
    """One file, on its way into the database."""

    def __init__(self, source: Any, spool: Spool, target: Any, progress: Progress):
        self.source, self.spool, self.target, self.progress = source, spool, target, progress
        self.counts = Counts()

    def complete(self) -> Counts:
        """Read all of it, then store it. Raises UnfitFile, before anything is changed."""
        size = self.source.size
        self.source.read(lambda place: self.progress(READING, place, size, self.spool.read))
        if not self.spool.read:
            raise UnfitFile("There is no food in it.")
        total, done, rows = self.spool.kept, 0, self._made()
        self.progress(STORING, 0, total, 0)
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            self._store(batch)
            done += len(batch)
            self.progress(STORING, done, total, done)
        self.counts.read, self.counts.rejected = self.spool.read, self.spool.rejected
        self._make_searchable()
        return self.counts

    def _made(self) -> Iterator[tuple[int, str, Any]]:
        """Every row as it is to be stored; what is wrong with the others is noted."""
        for line, key, make in self.source.foods():
            try:
                yield line, key, make()
            except Rejected as error:
                self.spool.reject(line, key, str(error))

    def _store(self, batch: list[tuple[int, str, Any]]) -> None:
        """Store some rows, all of them or none."""
        added, updated, too_old = self.target.merge([made for _line, _key, made in batch])
        for line, key, _made in batch:
            if key in too_old:
                self.spool.reject(line, key, too_old[key])
        db.session.commit()
        self.counts.added += added
        self.counts.updated += updated
        self.counts.unchanged += len(batch) - len(too_old) - added - updated

    def _make_searchable(self) -> None:
        """Let searching know what is there now, each step by itself; after a killed run the next one does."""
        for stage, act in ((SORTING, FoodTier.sort), (LEARNING, FoodWord.know_shared)):
            self.progress(stage, 0, 1, 0)
            be_patient(OF_ALL)
            act()
            db.session.commit()
            self.progress(stage, 1, 1, 0)


def import_usda(path: Path, report: Path, progress: Progress) -> Outcome:
    """Bring in a download of FoodData Central, of any data type. Raises UnfitFile and Busy."""
    package = Package(path)
    require_place(report)
    with alone(), spooling() as spool:
        source = usda_source(package, spool)
        counts = Import(source, spool, Foods(), progress).complete()
        return _ended("usda", counts, source, spool, report)


def import_open_food_facts(path: Path, report: Path, progress: Progress) -> Outcome:
    """Bring in an export or a delta of Open Food Facts, as CSV or JSONL. Raises UnfitFile and Busy."""
    package = Package(path)
    require_place(report)
    with alone(), spooling() as spool:
        source = OpenFoodFacts(package, spool)
        counts = Import(source, spool, OpenFoods(), progress).complete()
        return _ended("openfoodfacts", counts, source, spool, report)


def usda_source(package: Package, spool: Spool) -> UsdaCsv | UsdaJson:
    """What reads this package: CSV where it has a food.csv, else its one JSON file. Raises UnfitFile."""
    downloads = [name for name in package.names if name == "food.csv" or name.lower().endswith(".json")]
    if len(downloads) > 1:
        raise UnfitFile(
            f"{package.path.name} holds {' and '.join(downloads)}. Import one download at a time."
        )
    if downloads and downloads[0] != "food.csv":
        return UsdaJson(package, spool, downloads[0])
    return UsdaCsv(package, spool)


def _ended(name: str, counts: Counts, source: Any, spool: Spool, report: Path) -> Outcome:
    AuditEvent.note("foods import", name, after=counts.as_dict())
    db.session.commit()
    written = write_report(spool, source.name, report) if spool.rejected or spool.noted else None
    return Outcome(counts, source.samples, spool.noted, written)


def require_place(report: Path) -> None:
    """That a report can be written there, before hours were spent. Raises UnfitFile."""
    try:
        report.parent.mkdir(parents=True, exist_ok=True)
        is_fit = not report.is_dir() and os.access(report if report.exists() else report.parent, os.W_OK)
    except OSError:
        is_fit = False
    if not is_fit:
        raise UnfitFile(f"The report cannot be written to {report}.")


def write_report(spool: Spool, name: str, path: Path) -> Path:
    """Say of each row that was rejected, and of each figure that was left out, why."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("what", "file", "row", "id", "reason"))
        rows.writerows(("rejected", name, *each) for each in spool.rejections())
        rows.writerows(("left out", *each) for each in spool.notes())
    return path
