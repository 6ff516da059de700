from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from caloria.extensions import db, settings
from caloria.forms.reminders import ReminderForm
from caloria.integrations import mail
from caloria.models import FormReused, LimitReached, Meals, Reminder, Reminders
from caloria.models.reminders import SameReminder

bp = Blueprint("reminders", __name__, url_prefix="/account/reminders")


@bp.get("")
def index():
    """Show when this person is reminded by mail."""
    return _page()


@bp.post("")
def create():
    """Add a reminder."""
    form = ReminderForm(Meals(current_user))
    if not _can_mail() or not form.validate_on_submit():
        return _page(form), 422
    try:
        Reminders(current_user).add(form.at.data, form.meal, form.id.data, form.digest)
    except FormReused:
        form.start_anew()
        return _page(form), 422
    except SameReminder:
        form.form_errors.append(_("You are reminded of this at that time already."))
        return _page(form), 422
    except LimitReached as reached:
        form.form_errors.append(
            ngettext(
                "There is room for %(num)s reminder. What you have goes on.",
                "There is room for %(num)s reminders. What you have goes on.",
                reached.most,
            )
        )
        return _page(form), 422
    db.session.commit()
    flash(_("You will be reminded."))
    return redirect(url_for(".index"), 303)


@bp.post("/<uuid:id>/delete")
def delete(id):
    """Turn a reminder off."""
    Reminder.find(current_user.id, id) or abort(404)
    Reminder.turn_off(current_user.id, id)
    db.session.commit()
    flash(_("This reminder is off."))
    return redirect(url_for(".index"), 303)


def _page(form=None):
    reminders, meals = Reminders(current_user), Meals(current_user)
    return render_template(
        "reminders/index.html",
        reminders=reminders,
        meals={meal.id: meal for meal in meals.all},
        form=form or ReminderForm(meals),
        can_mail=_can_mail(),
    )


def _can_mail() -> bool:
    return mail.is_set_up(settings()) and bool(settings().link_root)
