from datetime import date
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from caloria.extensions import db
from caloria.filters.amounts import water
from caloria.forms.drinks import DRINK_FORMS
from caloria.models import Day, DayExtras, Drink, FormReused

bp = Blueprint("drinks", __name__, url_prefix="/diary/<date:day>/drinks")


@bp.post("")
def create(day):
    """Log a glass of water."""
    form = DRINK_FORMS[current_user.units]()
    if form.validate_on_submit():
        try:
            return _logged(Drink.log(current_user, day, form.ml, form.id.data, form.digest))
        except FormReused:
            form.start_anew()
    day = Day(current_user, day)
    return render_template("drinks/new.html", day=day, extras=DayExtras(day), drink_form=form), 422


@bp.post("/<uuid:id>/delete")
def delete(day, id):
    """Take a glass of water back."""
    drink = _find(day, id)
    drink.delete()
    db.session.commit()
    return _say_deleted(drink)


@bp.post("/<uuid:id>/restoration")
def restore(day, id):
    """Count a glass of water again."""
    drink = _find(day, id)
    drink.restore()
    return _logged(drink)


def _logged(drink: Drink):
    db.session.commit()
    if drink.deleted_at:
        return _say_deleted(drink)
    text = _("Water: %(amount)s.", amount=water(drink.water_ml))
    flash({"text": text, "undo": url_for(".delete", day=drink.day, id=drink.id)}, "undo")
    return redirect(url_for("diary.show", day=drink.day, _anchor="water"), 303)


def _say_deleted(drink: Drink):
    text = _("Took back %(amount)s of water.", amount=water(drink.water_ml))
    flash({"text": text, "undo": url_for(".restore", day=drink.day, id=drink.id)}, "undo")
    return redirect(url_for("diary.show", day=drink.day, _anchor="water"), 303)


def _find(day: date, id: UUID) -> Drink:
    """A glass of water of this person on that day; anything else is a 404."""
    drink = db.session.get(Drink, (current_user.id, id))
    return drink if drink and drink.day == day else abort(404)
