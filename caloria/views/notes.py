from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from caloria.extensions import db
from caloria.forms.notes import NoteForm
from caloria.models import Day, DayExtras, DayNote
from caloria.models.day_note import NoteChanged

bp = Blueprint("notes", __name__, url_prefix="/diary/<date:day>/note")


@bp.post("")
def update(day):
    """Write the note of a day. One that was changed elsewhere meanwhile is shown and not overwritten."""
    form = NoteForm()
    if not form.validate_on_submit():
        return _page(Day(current_user, day), form), 422
    try:
        DayNote.write(current_user, day, form.text.data, form.seen.data or "")
    except NoteChanged as changed:
        form.show(changed.text)
        return _page(Day(current_user, day), form, changed.text), 422
    db.session.commit()
    flash(_("The note is saved."))
    return redirect(url_for("diary.show", day=day, _anchor="note"), 303)


def _page(day: Day, form: NoteForm, written_elsewhere: str | None = None) -> str:
    said = {"note_form": form, "written_elsewhere": written_elsewhere}
    return render_template("notes/edit.html", day=day, extras=DayExtras(day), **said)
