"""What people write, read with the foods that Caloria ships: how much of it is understood."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

from caloria.models.line.line import Line, Row
from caloria.models.user import LANGUAGES
from caloria.operations.food_import import import_starter
from caloria.operations.starter import starter_foods

SENTENCES = Path(__file__).parents[1] / "data"
TOLERANCE = 0.02


@dataclass
class Expected:
    """A food that a sentence means, by any of its names, and its grams; or what nobody can know."""

    names: list[str]
    grams: list[float]
    unknown: str | None = None

    @classmethod
    def read(cls, text: str) -> "Expected":
        if text.startswith("?"):
            return cls([], [], text[1:])
        names, _, grams = text.rpartition(":")
        return cls(names.split("|"), [float(each) for each in grams.split("|") if each])

    def is_food_of(self, row: Row) -> bool:
        if self.unknown is not None:
            return row.is_unknown and self.unknown in row.text
        return row.food is not None and row.food.name in self.names

    def is_weight_of(self, row: Row) -> bool:
        close = (abs(row.serving.grams - each) <= TOLERANCE * each for each in self.grams)
        return not self.grams or any(close)


@dataclass
class Score:
    """How much of some sentences was understood, and what was not."""

    expected: int = 0
    found: int = 0
    right: int = 0
    weighed: int = 0
    unknown: int = 0
    unknown_kept: int = 0
    too_many: int = 0
    misses: list[str] = field(default_factory=list)

    def take(self, sentence: str, wanted: list[Expected], rows: list[Row]) -> None:
        left = list(rows)
        pairs = [(each, self._pick(each, left)) for each in wanted]
        for each, row in pairs:
            row = row or next(
                (other for other in left if each.unknown is None and not other.is_unknown), None
            )
            if row in left:
                left.remove(row)
            self._judge(sentence, each, row)
        if left:
            self.too_many += 1
            self.misses.append(f"{sentence}: too much: {[(row.text, _said(row)) for row in left]}")

    def _pick(self, expected: Expected, left: list[Row]) -> Row | None:
        row = next((row for row in left if expected.is_food_of(row)), None)
        if row:
            left.remove(row)
        return row

    def _judge(self, sentence: str, expected: Expected, row: Row | None) -> None:
        if expected.unknown is not None:
            self.unknown += 1
            self.unknown_kept += row is not None
        else:
            self.expected += 1
            self.found += row is not None
            self.right += row is not None and expected.is_food_of(row)
            self.weighed += row is not None and expected.is_weight_of(row)
        fits = row is not None and expected.is_food_of(row)
        if not fits or (expected.unknown is None and not expected.is_weight_of(row)):
            wanted = expected.unknown or f"{'|'.join(expected.names)} {expected.grams}"
            self.misses.append(f"{sentence}: wanted {wanted}, read {_said(row)}")


def _said(row: Row | None) -> str:
    if row is None or row.food is None:
        return "nothing"
    return f"{row.food.name} {row.serving.grams:.1f} g ({row.serving.amount:g} {row.serving.portion.unit})"


def sentences(language: str) -> list[tuple[str, list[Expected]]]:
    with (SENTENCES / f"sentences_{language}.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [
        (row["sentence"], [Expected.read(each.strip()) for each in row["expected"].split(";")])
        for row in rows
    ]


def score(person, language: str) -> Score:
    result = Score()
    person.language = language
    for sentence, wanted in sentences(language):
        result.take(sentence, wanted, Line(person, sentence).rows)
    return result


def test_what_people_write_is_understood(app, alice):
    import_starter(starter_foods())
    scores = {language: score(alice, language) for language in LANGUAGES}
    for language, each in scores.items():
        print(
            f"{language}: {each.found} found, {each.right} right, {each.weighed} weighed of {each.expected}"
        )
        print("\n".join(each.misses))

    for each in scores.values():
        assert each.found >= 0.95 * each.expected
        assert each.right >= 0.90 * each.expected
        assert each.weighed >= 0.90 * each.found
        assert each.unknown_kept == each.unknown
        assert each.too_many <= 0.03 * each.expected
