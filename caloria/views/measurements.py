from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from caloria.extensions import db
from caloria.filters.amounts import measured, shown_measure
from caloria.forms.measurements import MEASUREMENT_FORMS, MeasurementChangeForm, MeasurementForm, stored
from caloria.models import FormReused, Measurement, Series
from caloria.models.measurement import MEASURES

bp = Blueprint("measurements", __name__, url_prefix="/measurements")


@bp.get("")
def index():
    """Show what this person measures, each with a way to log it again."""
    return _page(MEASUREMENT_FORMS[current_user.units](formdata=None))


@bp.post("")
def create():
    """Log a measurement."""
    form = MEASUREMENT_FORMS[current_user.units]()
    if form.validate_on_submit():
        said = (form.name.data, form.unit.data, form.stored)
        try:
            return _said(Measurement.log(current_user, *said, form.id.data, form.digest))
        except FormReused:
            form.start_anew()
    return _page(form), 422


@bp.get("/<uuid:id>/edit")
def edit(id):
    """Ask for another amount, or another day."""
    row = _find_standing(id)
    form = MeasurementChangeForm(formdata=None, amount=shown_measure(row.amount, row.unit), day=row.day)
    return render_template("measurements/edit.html", measurement=row, form=form)


@bp.post("/<uuid:id>")
def update(id):
    """Change what was measured."""
    row, form = _find_standing(id), MeasurementChangeForm()
    if not form.validate_on_submit():
        return render_template("measurements/edit.html", measurement=row, form=form), 422
    row.day, row.amount = form.day.data, stored(form.amount.data, row.unit)
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for(".index"), 303)


@bp.post("/<uuid:id>/delete")
def delete(id):
    """Take a measurement back."""
    measurement = _find(id)
    measurement.delete()
    return _said(measurement)


@bp.post("/<uuid:id>/restoration")
def restore(id):
    """Have a measurement back."""
    measurement = _find(id)
    measurement.restore()
    return _said(measurement)


def _page(form: MeasurementForm) -> str:
    every = Series.all_of(current_user)
    return render_template("measurements/index.html", every=every, form=form, measures=MEASURES)


def _said(row: Measurement):
    db.session.commit()
    said = {"name": row.name, "amount": measured(row.amount, row.unit)}
    if row.deleted_at:
        undo, text = url_for(".restore", id=row.id), _("%(name)s, %(amount)s: taken back.", **said)
    else:
        undo, text = url_for(".delete", id=row.id), _("%(name)s: %(amount)s.", **said)
    flash({"text": text, "undo": undo}, "undo")
    return redirect(url_for(".index"), 303)


def _find(id: UUID) -> Measurement:
    """A measurement of this person's; anything else is a 404."""
    return db.session.get(Measurement, (current_user.id, id)) or abort(404)


def _find_standing(id: UUID) -> Measurement:
    """One that can be changed: what was taken back meanwhile is a 404, and not saved out of sight."""
    row = _find(id)
    return row if row.deleted_at is None else abort(404)
