from datetime import date
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from caloria.extensions import db
from caloria.filters.amounts import energy
from caloria.forms.diary import (
    PORTION_PUT_AWAY,
    ChangeForm,
    EntryForm,
    QuickChangeForm,
    QuickEntryForm,
    RepeatForm,
    SeveralForm,
)
from caloria.models import Act, Day, Entry, Food, FormReused, PortionChoices
from caloria.models.portion_choices import AnyPortion
from caloria.models.to_log import ToLog
from caloria.models.together import log_together
from caloria.views.acts import say_done, say_gone, say_logged
from caloria.views.diary import render_day
from caloria.views.foods import find_food, find_foods, find_portion, render_food, take_food
from caloria.views.meals import find_meal

bp = Blueprint("entries", __name__, url_prefix="/diary/<date:day>")


@bp.post("/entries")
def create(day):
    """Log a food at a meal."""
    form = EntryForm()
    day = Day(current_user, day)
    food, portion, meal = _find_named(day, form)
    form.grams_per_unit = portion.grams_per_unit
    if form.validate_on_submit():
        try:
            said = form.id.data, form.digest, form.planned.data
            return _logged(day, day.log(food, portion, form.amount.data, meal, *said))
        except FormReused:
            form.start_anew()
    return render_food(find_food(food.id), day, meal, form), 422


@bp.post("/several-entries")
def create_several(day):
    """Log the foods that were ticked, each in its usual portion."""
    form, day = SeveralForm(), Day(current_user, day)
    meal = find_meal(day, form)
    if not form.validate_on_submit():
        flash(" ".join(form.summary))
        return render_day(day), 422
    said = meal, form.id.data, form.digest
    usual = [(food, food.usual_portion) for food in find_foods(form.food.data)]
    entries = [day.write(food, portion, portion.amount, *said) for food, portion in usual]
    try:
        made = log_together(day, entries, form.id.data, form.digest)
    except FormReused:
        form.start_anew()
        flash(" ".join(form.summary))
        return render_day(day), 422
    db.session.commit()
    say_logged(day, form.id.data, made)
    return redirect(url_for("diary.show", day=day.date, _anchor=f"meal-{meal.id}"), 303)


@bp.post("/quick-entries")
def create_quick(day):
    """Log calories without a food."""
    form = QuickEntryForm()
    day = Day(current_user, day)
    meal = find_meal(day, form)
    if form.validate_on_submit():
        try:
            return _logged(day, day.log_quick(form.title, form.amounts, meal, form.id.data, form.digest))
        except FormReused:
            form.start_anew()
    return render_day(day, form), 422


@bp.post("/repeats")
def repeat(day):
    """Log an earlier entry again, with the portion it had."""
    form = RepeatForm()
    day = Day(current_user, day)
    meal = find_meal(day, form)
    earlier_id = form.entry_id.data or abort(404)
    if form.validate_on_submit():
        try:
            return _logged(day, day.log_again(earlier_id, meal, form.made_id, form.digest))
        except NoResultFound:
            abort(404)
        except FormReused:
            form.start_anew()
    _find_entry(earlier_id)
    flash(" ".join(form.summary))
    return render_day(day), 422


def _logged(day: Day, entry: Entry):
    db.session.commit()
    if entry.is_deleted:
        return say_gone(entry)
    said = _("Planned %(food)s, %(energy)s.") if entry.planned else _("Logged %(food)s, %(energy)s.")
    flash(said % {"food": entry.name, "energy": energy(entry.energy_kcal)})
    return redirect(url_for("diary.show", day=day.date, _anchor=f"meal-{entry.meal_id}"), 303)


@bp.get("/entries/<uuid:id>/edit")
def edit(day, id):
    """Ask for another amount."""
    entry = _find_entry(id, day)
    return say_gone(entry) if entry.is_deleted else _edit_page(_edit_form(entry), entry)


@bp.post("/entries/<uuid:id>")
def update(day, id):
    """Change how much was eaten."""
    entry = _find_entry(id, day, lock=True)
    if entry.is_deleted:
        return say_gone(entry)
    form = _edit_form(entry)
    if not form.validate_on_submit():
        return _edit_page(form, entry), 422
    with Act.noting("changed", [entry]) as act:
        if entry.is_quick:
            entry.say(form.title, form.amounts)
        else:
            entry.take(form.amount.data)
    db.session.commit()
    say_done(act, _("Changed %(food)s to %(energy)s.", food=entry.name, energy=energy(entry.energy_kcal)))
    return redirect(url_for("diary.show", day=day, _anchor=f"meal-{entry.meal_id}"), 303)


@bp.post("/entries/<uuid:id>/delete")
def delete(day, id):
    """Take an entry out of the day; it can be put back."""
    entry = _find_entry(id, day, lock=True)
    if entry.is_deleted:
        return say_gone(entry)
    with Act.noting("deleted", [entry]) as act:
        entry.delete()
    db.session.commit()
    say_done(act, _("Deleted %(food)s.", food=entry.name))
    return redirect(url_for("diary.show", day=day), 303)


def _find_named(day: Day, form: EntryForm) -> ToLog:
    """The food, portion and meal that a form names: at once where it can be so, else one after the other."""
    if named := ToLog.named(current_user, form.food_id.data, form.portion_id.data, form.meal_id.data):
        return named
    food = take_food(form)
    return ToLog(food, _find_portion(food, form), find_meal(day, form))


def _find_portion(food: Food, form: EntryForm) -> AnyPortion:
    """The portion that a form names; where it was put away the form says so, and the usual stands in."""
    choices = PortionChoices(food, current_user)
    if portion := find_portion(choices, form.portion_id.data):
        return portion
    form.portion_id.refuse(PORTION_PUT_AWAY, choices.usual.id)
    return choices.usual


def _find_entry(id: UUID | None, day: date | None = None, lock: bool = False) -> Entry:
    """One of this person's entries, of that day if one is named; anything else is a 404."""
    entry = db.session.get(Entry, (current_user.id, id), with_for_update=lock or None) if id else None
    if entry is None or day not in (None, entry.day):
        abort(404)
    return entry


def _edit_form(entry: Entry) -> ChangeForm | QuickChangeForm:
    if entry.is_quick:
        quick = QuickChangeForm(obj=entry, seen=entry.energy_kcal)
        quick.stored = entry.energy_kcal
        return quick
    form = ChangeForm(amount=entry.portion_amount, seen=entry.portion_amount)
    form.grams_per_unit, form.stored = entry.grams_per_unit, entry.portion_amount
    return form


def _edit_page(form, entry: Entry) -> str:
    return render_template("diary/edit_entry.html", form=form, entry=entry, day=Day(current_user, entry.day))
