from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from caloria.extensions import db
from caloria.filters.dates import day_words
from caloria.filters.numbers import amount
from caloria.forms.picks import EATEN, PLANNED, MoveForm, PickForm, ShareForm, StateForm
from caloria.models import Act, Day, Entry, FormReused
from caloria.models.day import MealOfDay
from caloria.models.snapshot import NotMeasurable
from caloria.views.acts import say_done
from caloria.views.meals import find_meal

bp = Blueprint("picks", __name__, url_prefix="/diary/<date:day>")


@bp.get("/picks")
def index(day):
    """Show a day to tick several foods of it; where a meal is named its own are, and its ways shown."""
    day = Day(current_user, day)
    meal_id = request.args.get("meal", type=UUID)
    of_meal = next((of_day for of_day in day.meals if of_day.meal.id == meal_id), None)
    ticked = {entry.id for entry in of_meal.entries} if of_meal else set()
    return _page(day, ticked, of_meal=of_meal)


@bp.post("/moves")
def move(day):
    """Move to another day, another meal, or both."""
    form, day = MoveForm(), Day(current_user, day)
    meal = find_meal(day, form) if form.meal_id.data else None

    def act(entries):
        Day(current_user, form.to_day.data).take_in(entries, meal)
        return _("Moved to %(day)s: %(foods)s.", day=day_words(form.to_day.data), foods=_foods(entries))

    return _done(day, form, "moved", act)


@bp.post("/shares")
def share(day):
    """Take only a share of what several had together."""
    form = ShareForm()

    def act(entries):
        for entry in entries:
            entry.share(form.percent.data / 100)
        percent = amount(form.percent.data)
        return _("Your share is %(percent)s %% of %(foods)s now.", percent=percent, foods=_foods(entries))

    return _done(Day(current_user, day), form, "shared", act)


@bp.post("/states")
def state(day):
    """Say that something planned was eaten, or that it was only planned."""
    form, day = StateForm(), Day(current_user, day)
    planned = form.state.data == PLANNED or day.is_to_come

    def act(entries):
        for entry in entries:
            entry.planned = planned
        said = _("Planned: %(foods)s.") if planned else _("Eaten: %(foods)s.")
        return said % {"foods": _foods(entries)}

    return _done(day, form, PLANNED if planned else EATEN, act)


@bp.post("/deletions")
def delete(day):
    """Take several out of the day."""

    def act(entries):
        for entry in entries:
            entry.delete()
        return _("Deleted %(foods)s.", foods=_foods(entries))

    return _done(Day(current_user, day), PickForm(), "deleted", act)


def _done(day: Day, form: PickForm, kind: str, change: Callable[[list[Entry]], str]):
    """Do something to what was ticked, once for each form, and say it with the way back."""
    if not form.validate_on_submit():
        return _page(day, set(form.entry.data or []), form), 422
    entries = day.picked(form.entry.data)
    with suppress(FormReused):
        if Act.of_form(current_user, form.id.data, form.digest):
            return redirect(url_for("diary.show", day=day.date), 303)
        if entries:
            return _changed(day, form, kind, entries, change)
        form.entry.errors = [_("These are no longer on this day. Here is the day as it is now.")]
        return _page(day, set(), form), 422
    form.start_anew()
    return _page(day, set(form.entry.data), form), 422


def _changed(day: Day, form: PickForm, kind: str, entries: list[Entry], change):
    try:
        with Act.noting(kind, entries, form.id.data, form.digest) as act:
            said = change(entries)
    except NotMeasurable:
        db.session.rollback()
        form["percent"].errors = [_("That share of a food is too little to be told.")]
        return _page(day, set(form.entry.data), form), 422
    db.session.commit()
    say_done(act, said)
    return redirect(url_for("diary.show", day=day.date), 303)


def _page(day: Day, ticked: set[UUID], wrong: PickForm | None = None, of_meal: MealOfDay | None = None):
    """The day with boxes; its fields are sent together, so that each keeps what was typed."""
    forms = {kind.__name__: kind() for kind in (MoveForm, ShareForm, StateForm, PickForm)}
    forms["MoveForm"].to_day.data = forms["MoveForm"].to_day.data or day.date
    if wrong:
        forms[type(wrong).__name__] = wrong
    return render_template(
        "picks/index.html", day=day, ticked=ticked, forms=forms, wrong=wrong, of_meal=of_meal
    )


def _foods(entries: list[Entry]) -> str:
    """The name of one food, or how many they are."""
    if len(entries) == 1:
        return entries[0].name
    return ngettext("%(num)s food", "%(num)s foods", len(entries))
