"""The files as their sources publish them, where they are at hand."""

import os

import pytest
from surroundings import ROOT

from caloria.models.food_sources.amounts import Rejected
from caloria.operations.bulk_import.files import Package
from caloria.operations.bulk_import.merging import SAID
from caloria.operations.bulk_import.open_food_facts import OpenFoodFacts
from caloria.operations.bulk_import.run import usda_source
from caloria.operations.bulk_import.spool import spooling

DATA = ROOT.parent / "shared" / "data"
pytestmark = pytest.mark.skipif(
    not DATA.exists() and os.environ.get("CI") != "true", reason="the sources' files are not here"
)


def foods_of(path, make_source) -> tuple[list[tuple], int]:
    """The foods of a file, and how many of its rows are rejected."""
    with spooling() as spool:
        source = make_source(Package(path), spool)
        source.read(lambda _place: None)
        made = []
        for line, key, make in source.foods():
            try:
                made.append(make())
            except Rejected as error:
                spool.reject(line, key, str(error))
        assert spool.read == len(made) + spool.rejected
        return made, spool.rejected


def test_of_foundation_the_current_foods_come_in():
    [path] = (DATA / "fdc_foundation").glob("*.zip")

    made, rejected = foods_of(path, usda_source)

    assert (len(made), rejected) == (316, 71)
    hummus = dict(zip(SAID, next(food for food, _ in made if food[1] == "321358"), strict=True))
    portions = next(portions for food, portions in made if food[1] == "321358")
    assert (hummus["name"], hummus["energy_kcal"]) == ("Hummus, commercial", 229)
    assert portions == [(2.0, "tablespoon", 33.9)]
    assert sum(food[SAID.index("energy_kcal")] is not None for food, _ in made) > 280


def test_branded_foods_have_their_barcodes_and_servings():
    made, rejected = foods_of(DATA / "fdc_branded_sample", usda_source)

    assert (len(made), rejected) == (23, 0)
    assert all(len(food[SAID.index("gtin")]) == 14 for food, _ in made)
    assert next(portions for food, portions in made if food[1] == "436385") == [(1.0, "can", 354.0)]


def test_of_dirty_data_what_can_be_used_comes_in():
    made, rejected = foods_of(DATA / "openfoodfacts_sample" / "products.csv.gz", OpenFoodFacts)

    assert (len(made), rejected) == (186, 814)
