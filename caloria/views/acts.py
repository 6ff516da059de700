from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from caloria.extensions import db
from caloria.filters.amounts import energy_sum
from caloria.filters.words import act_words
from caloria.models import Act, ChangedSince, Day, Entry
from caloria.models.day import total

bp = Blueprint("acts", __name__, url_prefix="/diary/<date:day>/acts")

SHOWN = 100


@bp.get("")
def index(day):
    """Show what was done to a day, the newest first."""
    acts = db.session.scalars(Act.on(current_user, day).limit(SHOWN)).all()
    return render_template("acts/index.html", day=Day(current_user, day), acts=acts)


@bp.post("/<uuid:id>/undo")
def undo(day, id):
    """Make the day what it was before an act."""
    act = _find_act(day, id)
    return _turned(act, act.undo, _("Undone: %(act)s.", act=act_words(act)), url_for(".redo", day=day, id=id))


@bp.post("/<uuid:id>/redo")
def redo(day, id):
    """Do again what was undone."""
    act = _find_act(day, id)
    return _turned(act, act.redo, _("Done again: %(act)s.", act=act_words(act)), None)


def say_done(act: Act, text: str) -> None:
    """Say what was done, with the way to undo it."""
    undo = url_for("acts.undo", day=act.day, id=act.id) if act.changes else None
    flash({"text": text, "undo": undo}, "undo")


def say_logged(day: Day, form_id: UUID, made: list[Entry], said=None, nothing: str | None = None) -> None:
    """Say what a form logged together, with the way to undo it.

    said gives the sentence for so many foods and their energy; nothing is the one where there was none.
    """
    there = [entry for entry in made if not entry.is_deleted]
    if not there:
        flash(nothing if nothing and not made else _("These were taken back before."))
        return
    text = (said or _logged)(len(there), energy_sum(total(there, "energy_kcal")))
    flash({"text": text, "undo": url_for("acts.undo", day=day.date, id=form_id)}, "undo")


def _logged(number: int, energy: str) -> str:
    return ngettext(
        "Logged %(num)s food, %(energy)s.", "Logged %(num)s foods, %(energy)s.", number, energy=energy
    )


def say_gone(entry: Entry):
    """Say that an entry is deleted, with the way to have it back, and show its day."""
    act = Act.last_of(entry)
    text = _("%(food)s is deleted.", food=entry.name)
    if act and act.undone_at:
        flash({"text": text, "redo": url_for("acts.redo", day=act.day, id=act.id)}, "undo")
    elif act:
        say_done(act, text)
    return redirect(url_for("diary.show", day=entry.day), 303)


def _turned(act: Act, turn, said: str, back: str | None):
    try:
        turn()
    except ChangedSince:
        flash(_("This was changed again since, perhaps on another day. Undo the later change first."))
        return redirect(url_for(".index", day=act.day), 303)
    db.session.commit()
    flash({"text": said, "redo": back} if back else said, "undo" if back else "message")
    return redirect(url_for("diary.show", day=act.day), 303)


def _find_act(day, id: UUID) -> Act:
    act = db.session.get(Act, (current_user.id, id), with_for_update=True)
    return act if act and act.day == day else abort(404)
