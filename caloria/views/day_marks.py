from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from caloria.extensions import db
from caloria.forms.day_marks import DayMarkForm
from caloria.models import Day, DayMark
from caloria.views.diary import render_day

bp = Blueprint("day_marks", __name__, url_prefix="/diary/<date:day>/mark")


@bp.post("")
def update(day):
    """Keep whether everything that was eaten on this day is in it."""
    form, of_day = DayMarkForm(), Day(current_user, day)
    if not form.validate_on_submit() or of_day.is_to_come:
        flash(" ".join(form.summary) or _("This day is still to come."))
        return render_day(of_day), 422
    DayMark.write(current_user, day, form.mark)
    db.session.commit()
    flash(_SAID[form.mark]())
    return redirect(url_for("diary.show", day=day), 303)


_SAID = {
    True: lambda: _("This day counts as complete."),
    False: lambda: _("This day is left out of averages."),
    None: lambda: _("Caloria judges by itself whether this day is complete."),
}
