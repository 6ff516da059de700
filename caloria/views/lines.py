from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from caloria.extensions import db
from caloria.forms.diary import PORTION_PUT_AWAY
from caloria.forms.lines import LineEntriesForm, RowForm, option
from caloria.models import Day, Food, FormReused
from caloria.models.line.line import Line
from caloria.models.line.log import LineLog
from caloria.models.line.portions import Serving
from caloria.models.meal import AnyMeal
from caloria.models.portion_choices import PortionChoices
from caloria.views.acts import say_logged
from caloria.views.foods import find_foods, find_portion
from caloria.views.meals import find_meal

bp = Blueprint("lines", __name__, url_prefix="/diary/<date:day>/lines")


@bp.post("/entries")
def create(day):
    """Log what was checked, all of it at once."""
    form, day = LineEntriesForm(), Day(current_user, day)
    meal = find_meal(day, form)
    eaten = _eaten(form)
    is_asked_again = "again" in request.form
    if form.validate_on_submit() and not is_asked_again:
        try:
            made = LineLog(day, meal, list(eaten.values())).complete(form.id.data, form.digest)
        except FormReused:
            form.start_anew()
        else:
            db.session.commit()
            say_logged(day, form.id.data, made)
            return redirect(url_for("diary.show", day=day.date, _anchor=f"meal-{meal.id}"), 303)
    line = _as_chosen(form, eaten)
    return _page(day, meal, form, line), 200 if is_asked_again and not form.errors else 422


def _eaten(form: LineEntriesForm) -> dict[int, tuple[Food, Serving]]:
    """What is ticked, by the number of its row; another person's food or portion is a 404."""
    foods = find_foods([row.choice.food_id for row in form.chosen])
    choices = PortionChoices.of_foods(foods, current_user)
    eaten = {}
    for number, row in enumerate(form.rows):
        if row.form.is_chosen:
            of_food = choices[row.form.choice.food_id]
            eaten[number] = of_food.food, _serving(of_food, row.form)
    return eaten


def _serving(choices: PortionChoices, row: RowForm) -> Serving:
    """So many of the portion of a row; where that was put away the row says so, and the usual stands in."""
    portion = find_portion(choices, row.choice.portion_id)
    if portion is None:
        portion = choices.usual
        row.choice.refuse(PORTION_PUT_AWAY, option(choices.food, portion))
    row.grams_per_unit = portion.grams_per_unit
    return Serving(portion, row.amount.data or 0)


def _as_chosen(form: LineEntriesForm, eaten: dict[int, tuple[Food, Serving]]) -> Line:
    """The line read again, with what the person has chosen since."""
    line = Line(current_user, form.text.data or "")
    if len(line.rows) != len(form.rows):
        form.show(line.rows)
        return line
    for number, (food, serving) in eaten.items():
        line.take(number, food, serving)
    return line


def _page(day: Day, meal: AnyMeal, form: LineEntriesForm, line: Line) -> str:
    return render_template("lines/show.html", day=day, meal=meal, text=line.text, **form.beside(line))
