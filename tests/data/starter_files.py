"""The files of the foods that Caloria ships, read as they are."""

import csv
import gzip
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
DATA = ROOT / "caloria" / "data"


def rows(path: Path) -> list[dict[str, str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lines(name: str) -> list[dict[str, str]]:
    return rows(DATA / f"starter_{name}.csv")


def by_food(name: str) -> dict[str, list[dict[str, str]]]:
    """The lines of a file that has several for each food or dish."""
    of_food = defaultdict(list)
    for line in lines(name):
        of_food[line["source_id"]].append(line)
    return of_food


def foods_and_dishes() -> list[dict[str, str]]:
    return [*lines("foods"), *lines("dishes")]


def figure(food: dict[str, str], nutrient: str) -> float | None:
    return float(food[nutrient]) if food[nutrient] else None
