"""What people most often look for comes first among the foods that Caloria ships, in English and in Spanish."""

import csv
from pathlib import Path

import pytest
from surroundings import ROOT

from caloria.models import FoodSearch

DATA = Path(__file__).parents[1] / "data"
LANGUAGES = ("en", "es")


@pytest.fixture(scope="module")
def shelf(make_database, migrated_url):
    """The address of a database that has every shipped food: filled once, and only read."""
    from caloria import create_app
    from caloria.extensions import db
    from caloria.operations.food_import import import_starter
    from caloria.operations.starter import starter_foods
    from config import Config
    from surroundings import environment

    app = create_app(Config.load(environment(make_database(copy_of=migrated_url)), root=ROOT))
    with app.app_context():
        import_starter(starter_foods())
        yield app
        db.session.remove()
        db.engine.dispose()
