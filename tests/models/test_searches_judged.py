"""What people most often look for comes first among the shipped foods, in English and in Spanish."""

import csv
from pathlib import Path

import pytest
from surroundings import PASSWORD, ROOT, environment

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="module")
def person(make_database, migrated_url):
    """Somebody in front of every food that is shipped. Filled once; the searches only read."""
    from caloria import create_app
    from caloria.extensions import db
    from caloria.models import Signup
    from caloria.operations.food_import import import_starter
    from caloria.operations.starter import starter_foods
    from config import Config

    told = environment(make_database(copy_of=migrated_url))
    with create_app(Config.load(told, root=ROOT)).app_context():
        import_starter(starter_foods())
        person = Signup("Alice", "alice@example.org", PASSWORD, "Europe/Madrid").complete()
        db.session.commit()
        yield person
        db.session.remove()
        db.engine.dispose()


def judged(language: str) -> list[dict[str, str]]:
    """What is typed, the foods of which one should come first, and whether it is misspelt."""
    with (DATA / f"searches_{language}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def places(person, searches: list[dict[str, str]]) -> list[int]:
    """The place of the first right food for each search, from 1; 9 if it is not among the first five."""
    from caloria.models import FoodSearch

    found_at = []
    for search in searches:
        names = [food.name for food in FoodSearch(person).find(search["query"], 5)]
        right = search["right"].split("|")
        found_at.append(next((at for at, name in enumerate(names, 1) if name in right), 9))
        if found_at[-1] > 1:
            print(f"{search['query']} ({found_at[-1]}): {'; '.join(names)}")
    return found_at


def share(found_at: list[int], within: int) -> float:
    return sum(place <= within for place in found_at) / len(found_at)


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_most_people_mean_comes_first(person, language):
    found_at = places(person, [search for search in judged(language) if not search["misspelt"]])

    assert len(found_at) >= 200
    assert share(found_at, within=1) >= 0.90
    assert share(found_at, within=3) >= 0.97


def test_what_is_misspelt_is_found_all_the_same(person):
    searches = [search for language in ("en", "es") for search in judged(language) if search["misspelt"]]
    found_at = places(person, searches)

    assert len(found_at) >= 100
    assert share(found_at, within=3) >= 0.95


def test_every_food_that_is_right_is_one_that_is_shipped(person):
    from caloria.extensions import db
    from caloria.models import Food

    shipped = set(db.session.scalars(db.select(Food.name)))
    right = {
        name
        for language in ("en", "es")
        for search in judged(language)
        for name in search["right"].split("|")
    }
    assert right <= shipped, right - shipped
