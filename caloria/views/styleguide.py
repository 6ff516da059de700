"""Every component in every state, for whoever works on them: there in development alone."""

import re
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

from flask import Blueprint, abort, current_app, render_template, request
from wtforms import BooleanField, Form, RadioField, SelectField, StringField, TextAreaField, validators

from caloria.access import public
from caloria.colours import SCHEMES, colours, contrast
from caloria.extensions import settings
from caloria.forms.fields import choices
from caloria.models import Entry, Meal
from caloria.models.clock import utc_now
from caloria.models.day import MealOfDay
from caloria.models.ids import new_id
from caloria.models.nutrients import Sum

# What stands on what, and the least contrast it needs: words 4.5, shapes 3.
PAIRS = (
    *(("ink", on, 4.5) for on in ("paper", "card", "sunken")),
    *(("ink-quiet", on, 4.5) for on in ("paper", "card", "sunken")),
    ("accent", "card", 4.5),
    ("accent-strong", "accent-soft", 4.5),
    ("on-accent", "accent", 4.5),
    ("attention", "card", 4.5),
    ("attention", "attention-soft", 4.5),
    ("on-notice", "notice", 4.5),
    ("on-notice-accent", "notice", 4.5),
    # Charts: the line and the dots on their band, the target beside bars, bars of days that aren't complete.
    *((shape, "accent-soft", 3.0) for shape in ("accent", "over")),
    *((shape, "card", 3.0) for shape in ("accent", "ink")),
    *((shape, "card", 3.0) for shape in ("carbs", "fat", "water", "over", "control-line")),
)

bp = Blueprint("styleguide", __name__)


class SampleForm(Form):
    name = StringField("Name")
    weight = StringField("Weight", description="In the morning, if you like.")
    place = SelectField("Meal", choices=choices(("1", "Breakfast"), ("2", "Lunch")))
    basis = RadioField(
        "The figures are for", choices=choices(("100", "100 g"), ("1", "one serving")), default="100"
    )
    keep = BooleanField("Use these keys on this device", default=True)
    text = TextAreaField("Anything else")
    wrong = StringField("Energy (kcal)", [validators.Regexp(r"^\d+$", message="Please write a number.")])


@bp.get("/styleguide")
@public
def show():
    if settings().environment != "development":
        abort(404)
    form = SampleForm(data={"wrong": "a lot", "place": "1", "basis": "100", "keep": True})
    form.validate()
    return render_template(
        "styleguide/show.html",
        form=form,
        day=sample_day(),
        Sum=Sum,
        icons=icon_names(),
        contrasts=contrasts(),
        **sample_series(),
        dir="rtl" if request.args.get("dir") == "rtl" else "ltr",
    )


def contrasts() -> list[tuple]:
    """Each pair of colours with the contrast it needs and has, in each scheme."""
    known = colours()
    return [
        (above, below, least, *(contrast(known[above][scheme], known[below][scheme]) for scheme in SCHEMES))
        for above, below, least in PAIRS
    ]


def icon_names() -> list[str]:
    return re.findall(
        r'<symbol id="([\w-]+)"', (Path(current_app.static_folder) / "img/icons.svg").read_text()
    )


def sample_series() -> dict:
    """A month of weights with a gap, and of what was eaten and aimed at."""
    days = [date(2026, 10, 24) + timedelta(days=number) for number in range(30)]
    weights = [(day, 81.5 - number * 0.1) for number, day in enumerate(days) if not 8 <= number <= 17]
    return {
        "days": days,
        "weights": weights,
        "dots": [(day, kg + (0.6 if day.day % 3 else -0.8)) for day, kg in weights],
        "gap": timedelta(days=5),
        "eaten": [(day, day, 1700.0 + day.day % 7 * 130) for day in days],
        "aims": [(day, day, 2000.0 if day.day % 7 else 2400.0) for day in days],
    }


def sample_entry(
    name: str, energy_kcal: float, amount: float | None = 1, unit: str | None = "cup", **more
) -> Entry:
    amounts = {"energy_kcal": energy_kcal, "protein_g": 6.0, "carbohydrate_g": 21.0, "fat_g": 3.2}
    portion = {"portion_amount": amount, "portion_unit": unit, "gram_weight": 81.0, "food_id": new_id()}
    return Entry(id=new_id(), name=name, **{**amounts, **portion, **more})


def sample_day() -> SimpleNamespace:
    """A day as the templates know it, with a meal in each state."""
    entries = [
        sample_entry("Rolled oats", 307),
        sample_entry("Grandmother Annemarie's slow-cooked beef and barley stew with root vegetables", 412, 2),
        sample_entry("Something eaten out", 650, None, None, food_id=None, gram_weight=None, protein_g=None),
        sample_entry("Apple, raw, with skin", 95, 1, "medium", planned=True),
    ]
    meals = [
        MealOfDay(Meal(id=new_id(), name="Breakfast"), entries=entries),
        MealOfDay(Meal(id=new_id(), name="Lunch"), energy_before=Sum(520.0, 3, 4)),
        MealOfDay(Meal(id=new_id(), name="Snacks")),
    ]
    today = utc_now().date()
    beside = {"previous": today - timedelta(days=1), "next": today + timedelta(days=1)}
    return SimpleNamespace(
        date=today, is_today=True, meals=meals, meal_now=meals[0], entries=entries, **beside
    )
