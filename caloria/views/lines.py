from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.orm import selectinload

from caloria.extensions import db
from caloria.filters import energy
from caloria.forms.lines import LineEntriesForm, LineForm, RowForm
from caloria.models import Day, Entry, Food, FormReused
from caloria.models.day import total
from caloria.models.line.line import Line
from caloria.models.line.log import LineLog
from caloria.models.line.portions import Serving
from caloria.models.meal import Meal
from caloria.models.portion_choices import PortionChoices

bp = Blueprint("lines", __name__, url_prefix="/diary/<date:day>/lines")


@bp.post("")
def show(day):
    """Read what somebody wrote as rows that can be checked; nothing is stored."""
    form, day = LineForm(), Day(current_user, day)
    meal = day.meal(form.meal_id.data) or abort(404)
    if not form.validate_on_submit():
        return render_template("lines/new.html", day=day, meal=meal, line_form=form), 422
    line = Line(current_user, form.text.data)
    rows_form = LineEntriesForm(formdata=None, text=line.text, meal_id=meal.id)
    rows_form.show(line.rows)
    return _page(day, meal, rows_form, line)


@bp.post("/entries")
def create(day):
    """Log what was checked, all of it at once."""
    form, day = LineEntriesForm(), Day(current_user, day)
    meal = day.meal(form.meal_id.data) or abort(404)
    eaten = _eaten(form)
    is_asked_again = "again" in request.form
    if form.validate_on_submit() and not is_asked_again:
        try:
            made = LineLog(day, meal, list(eaten.values())).complete(form.id.data, form.digest)
        except FormReused:
            form.start_anew()
        else:
            db.session.commit()
            _say_logged(day, form, made)
            return redirect(url_for("diary.show", day=day.date, _anchor=f"meal-{meal.id}"), 303)
    line = _as_chosen(form, eaten)
    return _page(day, meal, form, line), 200 if is_asked_again and not form.errors else 422


def _eaten(form: LineEntriesForm) -> dict[int, tuple[Food, Serving]]:
    """What is ticked, by the number of its row; another person's food or portion is a 404."""
    foods = _find_foods({row.choice.food_id for row in form.chosen})
    eaten = {}
    for number, row in enumerate(form.rows):
        if row.form.is_chosen:
            food = foods.get(row.form.choice.food_id) or abort(404)
            eaten[number] = food, _serving(food, row.form)
    return eaten


def _find_foods(ids: set[UUID | None]) -> dict[UUID, Food]:
    foods = Food.visible_to(current_user).where(Food.id.in_(ids)).options(selectinload(Food.portions))
    return {food.id: food for food in db.session.scalars(foods)}


def _serving(food: Food, row: RowForm) -> Serving:
    portion = PortionChoices(food, current_user).find(row.choice.portion_id) or abort(404)
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


def _page(day: Day, meal: Meal, form: LineEntriesForm, line: Line) -> str:
    """Every row with the foods that it may be, and what all that are ticked come to."""
    rows = list(zip(line.rows, form.rows, strict=True))
    taken = [row for row, said in rows if said.form.taken.data]
    known = [row.energy_kcal for row in taken if row.energy_kcal is not None]
    return render_template(
        "lines/show.html",
        day=day,
        meal=meal,
        form=form,
        line=line,
        rows=rows,
        taken=taken,
        sum_kcal=sum(known),
    )


def _say_logged(day: Day, form: LineEntriesForm, made: list[Entry]) -> None:
    there = [entry for entry in made if not entry.is_deleted]
    if not there:
        flash(_("These were taken back before."))
        return
    text = ngettext(
        "Logged %(num)s food, %(energy)s.",
        "Logged %(num)s foods, %(energy)s.",
        len(there),
        energy=energy(total(there, "energy_kcal").amount),
    )
    flash({"text": text, "undo": url_for("acts.undo", day=day.date, id=form.id.data)}, "undo")
