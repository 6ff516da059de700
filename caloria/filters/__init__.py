"""How whatever has no words of its own becomes text: numbers, amounts, dates and what things are called."""

from datetime import date

from flask import Flask

from caloria.filters import amounts, dates, numbers, sources, words
from caloria.models.ids import new_id
from caloria.models.nutrients import BY_NAME
from caloria.models.plan import COMING, FEATURES, FREE, PLUS

# Those that templates call rather than filter through.
CALLED = (
    dates.day_url,
    amounts.energy_unit,
    amounts.weight_unit,
    amounts.per_weight_unit,
    amounts.per_energy_unit,
    amounts.measure_unit,
    numbers.number_words,
    amounts.nutrient_labels,
    amounts.food_shares,
)


def init_app(app: Flask) -> None:
    for part in (numbers, amounts, dates, sources, words):
        app.jinja_env.filters.update({each.__name__: each for each in part.FILTERS})
    app.jinja_env.filters["as_date"] = date.fromisoformat
    app.jinja_env.globals.update({each.__name__: each for each in CALLED})
    app.jinja_env.globals.update(new_id=new_id, nutrient_of=BY_NAME.__getitem__)
    app.jinja_env.globals.update(free=FREE, plus=PLUS, features=FEATURES, coming=COMING)
