from collections import defaultdict

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from caloria.extensions import db
from caloria.forms.targets import BODY_FORMS, TargetForm
from caloria.models import Body, FormReused, Target, WeekdayTarget, Weight
from caloria.models.body import propose

bp = Blueprint("targets", __name__, url_prefix="/targets")


@bp.get("")
def index():
    """Show the targets, the newest first."""
    targets = db.session.scalars(Target.of(current_user)).all()
    weekdays = defaultdict(list)
    for each in db.session.scalars(WeekdayTarget.of(current_user)):
        weekdays[each.starts_on].append(each)
    return render_template("targets/index.html", targets=targets, weekdays=weekdays)


@bp.get("/body")
def edit_body():
    """Ask what a proposal is worked out from; all of it may be skipped."""
    body = db.session.get(Body, current_user.id)
    form = BODY_FORMS[current_user.units](obj=body)
    if body and body.pace_kg_per_week:
        form.pace.data = f"{body.pace_kg_per_week:g}"
    weight = db.session.scalar(Weight.latest(current_user.id))
    form.show(body.height_cm if body else None, weight.weight_kg if weight else None)
    return render_template("targets/body.html", form=form)


@bp.post("/body")
def update_body():
    """Keep what the person told, and go on to the proposal."""
    form = BODY_FORMS[current_user.units]()
    if not form.validate_on_submit():
        return render_template("targets/body.html", form=form), 422
    Body.tell(
        current_user.id,
        height_cm=form.height_cm,
        birth_year=form.birth_year.data,
        sex=form.sex.data or None,
        activity=form.activity.data or None,
        aim=form.aim.data,
        pace_kg_per_week=float(form.pace.data),
    )
    try:
        if form.weight_kg is not None:
            Weight.note(current_user, form.weight_kg, form.id.data)
    except FormReused:
        form.start_anew()
        return render_template("targets/body.html", form=form), 422
    db.session.commit()
    return redirect(url_for(".new"), 303)


@bp.get("/new")
def new():
    """Propose a target, or show an empty form where too little is known."""
    proposal = _proposal()
    form = TargetForm(starts_on=current_user.today())
    if proposal:
        for name in ("energy_kcal", "protein_g", "carbohydrate_g", "fat_g", "fiber_g"):
            form[name].data = round(getattr(proposal, name))
    # They go on with the next target, unless the person empties them.
    for each in db.session.scalars(WeekdayTarget.newest(current_user)):
        form.of_weekdays[each.weekday].data = each.energy_kcal
    return render_template("targets/new.html", form=form, proposal=proposal)


@bp.post("")
def create():
    """Set the target that is in force from a date."""
    form = TargetForm()
    if form.validate_on_submit():
        try:
            Target.set(current_user, form.starts_on.data, form.amounts, form.id.data, form.digest)
            WeekdayTarget.set(current_user, form.starts_on.data, form.weekdays)
        except FormReused:
            form.start_anew()
        else:
            db.session.commit()
            flash(_("Your target is set."))
            return redirect(url_for("diary.index"), 303)
    return render_template("targets/new.html", form=form, proposal=_proposal()), 422


def _proposal():
    body = db.session.get(Body, current_user.id)
    weight = db.session.scalar(Weight.latest(current_user.id))
    return propose(body, weight.weight_kg if weight else None, current_user.today().year)
