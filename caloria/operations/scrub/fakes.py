"""What stands in the place of what people wrote, as SQL that both engines understand.

Each is made of words chosen by the last digits of an id: a food is called the same wherever it is named.
"""

import gettext
from collections.abc import Iterable
from pathlib import Path
from zoneinfo import available_timezones

from caloria.models.meal import FIRST_MEALS
from caloria.models.measurement import MEASURES
from caloria.models.user import LANGUAGES
from caloria.operations.starter import lines

TRANSLATIONS = Path(__file__).parents[2] / "translations"
DIGITS = "0123456789abcdef"

# Sixteen of each, one for each digit. Those of foods are in small letters: folded as they stand.
FIRST_NAMES = (
    "Alder Aspen Beech Birch Cedar Elm Hawthorn Hazel Iris Larch Maple Oak Poplar Rowan Sycamore Yew"
)
LAST_NAMES = "Bay Brook Cliff Creek Dale Field Fjord Glen Harbour Hill Lake Meadow Peninsula Reef Shore Vale"
KINDS = (
    "baked boiled bright chunky cold creamy crisp fresh mild old-fashioned plain rich simple soft sour warm"
)
DISHES = (
    "bake bowl broth casserole crumble dumplings fritters hash hotpot loaf mash pie porridge soup stew wrap"
)
BRANDS = (
    "acorn beacon compass dynamo ember flint granite horizon jigsaw kestrel lantern mosaic nib opal quill tor"
)
PORTIONS = "basin beaker carton dish flask helping ladle mould mug pan plateful pot ramekin scoopful tin tub"
OCCASIONS = (
    "autumn beach birthday camping city early easy garden harvest hurried late lazy rainy spring sunny winter"
)
SENTENCES = " ".join(["The weather was fine and there was time for a walk."] * 100)


def made_up(id_: str, *lists: str) -> str:
    """A word of each list, such as "cold soup", by an id."""
    return " || ' ' || ".join(one_of(id_, place, words.split()) for place, words in enumerate(lists))


def one_of(id_: str, place: int, words: list[str]) -> str:
    """A word by one digit of an id; only the engines' own texts of it differ in their dashes."""
    digit = f"substr(replace(CAST({id_} AS text), '-', ''), {32 - place}, 1)"
    choices = " ".join(f"WHEN '{digit}' THEN '{word}'" for digit, word in zip(DIGITS, words, strict=True))
    return f"CASE {digit} {choices} END"


def if_any(column: str, fake: str) -> str:
    """Another value where there is one."""
    return f"CASE WHEN {column} IS NOT NULL THEN {fake} END"


def unless_own(column: str, fake: str = "NULL") -> str:
    """A shared food's column as it is; another value on what a person made."""
    return f"CASE WHEN owner_id IS NULL THEN {column} ELSE {fake} END"


def unless_of_own(table: str, column: str, fake: str) -> str:
    """What belongs to a shared food as it is; another value on what belongs to a person's own."""
    its = f"foods.id = {table}.food_id AND foods.owner_id IS NULL"
    return f"CASE WHEN EXISTS (SELECT 1 FROM foods WHERE {its}) THEN {column} ELSE {fake} END"  # noqa: S608


def as_shared(table: str, column: str, fake: str) -> str:
    """What the shared food of a snapshot says today; another value where it was a person's own, or none."""
    its = f"foods.id = {table}.food_id AND foods.owner_id IS NULL"
    return f"COALESCE((SELECT foods.{column} FROM foods WHERE {its}), {fake})"  # noqa: S608  our own words


def as_long(column: str) -> str:
    """Sentences of the length of what was written; nothing where nothing was."""
    return f"substr('{SENTENCES}', 1, length({column}))"


def if_listed(column: str, words: Iterable[str], fake: str) -> str:
    """The column as it is where it is one of these words; another value where a person thought of it."""
    listed = ", ".join("'" + word.replace("'", "''") + "'" for word in sorted(words))
    return f"CASE WHEN {column} IS NULL OR {column} IN ({listed}) THEN {column} ELSE {fake} END"


def units() -> set[str]:
    """What Caloria itself calls portions, in every language."""
    shipped = {word for line in lines("units") for word in line.values() if word}
    return {"g", "ml", "oz", "fl oz", "serving"} | shipped


def first_meals() -> set[str]:
    """What the meals of a new diary are called, in every language."""
    spoken = [gettext.translation("messages", TRANSLATIONS, [each], fallback=True) for each in LANGUAGES]
    return {words.gettext(name) for words in spoken for name, _usual_from in FIRST_MEALS}


ADDRESS = "'user' || email_key || '@example.invalid'"
PERSON = made_up("id", FIRST_NAMES, LAST_NAMES)
FOOD = made_up("id", KINDS, DISHES)
BRAND = made_up("id", BRANDS)
BRAND_AFTER = f"' ' || {BRAND}"
FOLDED = f"{FOOD} || COALESCE({if_any('brand', BRAND_AFTER)}, '')"
PORTION = made_up("food_id", PORTIONS)
SAVED_MEAL = made_up("id", OCCASIONS, DISHES)
MEAL = made_up("id", OCCASIONS) + " || ' meal'"
TIME_ZONE = if_listed("time_zone", available_timezones(), "'UTC'")
# Common names stay; one that a person thought of may be a diagnosis.
MEASURED = if_listed("name", MEASURES, "'Measured in ' || unit")
EATEN = made_up("COALESCE(food_id, id)", KINDS, DISHES)
EATEN_BRAND = made_up("COALESCE(food_id, id)", BRANDS)
EATEN_PORTION = made_up("COALESCE(food_id, id)", PORTIONS)
NEW_ID = {"postgresql": "gen_random_uuid()", "sqlite": "lower(hex(randomblob(16)))"}
