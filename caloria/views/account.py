from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from caloria.extensions import db, settings
from caloria.forms.people import AccountForm
from caloria.integrations import mail
from caloria.languages import speak

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("")
def edit():
    """Show what the person has told about themselves."""
    form = AccountForm(obj=current_user)
    form.day_starts_at.data = f"{current_user.day_starts_at:%H:%M}"
    return _page(form)


@bp.post("")
def update():
    """Change name, time zone, start of the day, units or language. No stored day moves."""
    form = AccountForm()
    if not form.validate_on_submit():
        return _page(form), 422
    current_user.name = form.name.data
    current_user.time_zone = form.time_zone.data
    current_user.day_starts_at = form.day_start
    current_user.units = form.units.data
    current_user.energy_unit = form.energy_unit.data
    current_user.language = form.language.data
    db.session.commit()
    speak(current_user.language)
    flash(_("Saved."))
    return redirect(url_for(".edit"), 303)


def _page(form: AccountForm) -> str:
    return render_template("account/edit.html", form=form, can_mail=mail.is_set_up(settings()))
