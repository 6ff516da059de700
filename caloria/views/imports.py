from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from caloria.extensions import db
from caloria.forms.imports import ImportForm, UploadForm
from caloria.models import DiaryImport, FormReused, Meals
from caloria.models.imported.layouts import TRACKERS
from caloria.models.imported.trouble import NotReadable
from caloria.models.imported.upload import MOST_OWN_BYTES

bp = Blueprint("imports", __name__, url_prefix="/account/imports")


@bp.url_value_preprocessor
def take_files(endpoint, _values):
    """Let a file be sent here: said before anything reads the form, be it for its token."""
    if endpoint == f"{bp.name}.create":
        request.max_content_length = MOST_OWN_BYTES


@bp.get("")
def index():
    """Ask for a file of another tracker, and show those that were brought along before."""
    return _index_page(UploadForm())


@bp.post("")
def create():
    """Read a file, and keep what it says until its person has looked at it."""
    form = UploadForm()
    if not form.validate_on_submit():
        return _index_page(form, 422)
    try:
        upload = DiaryImport.keep(current_user, form.file.file_name, form.file.data, form.id.data)
    except NotReadable as trouble:
        form.file.errors = [_(trouble.text, **trouble.said)]
        return _index_page(form, 422)
    except FormReused:
        form.start_anew()
        return _index_page(form, 422)
    db.session.commit()
    return redirect(url_for(".show", id=upload.id), 303)


@bp.get("/<uuid:id>")
def show(id):
    """Show what is in a file before anything is imported, or what became of it."""
    upload = _find_upload(id)
    form = None if upload.imported_at else _form_of(upload)
    return _page(upload, form)


@bp.post("/<uuid:id>")
def update(id):
    """Import a file at the meals and in the units that were chosen, once."""
    upload = _find_upload(id, lock=True)
    if upload.imported_at:
        return redirect(url_for(".show", id=id), 303)
    form = _form_of(upload)
    if not form.validate_on_submit():
        return _page(upload, form, 422)
    upload.complete(current_user, form.chosen(upload), say=_)
    db.session.commit()
    return redirect(url_for(".show", id=id), 303)


@bp.post("/<uuid:id>/delete")
def delete(id):
    """Throw away a file that was not imported."""
    upload = _find_upload(id, lock=True)
    if upload.imported_at is None:
        db.session.delete(upload)
        db.session.commit()
        flash(_("“%(file)s” is thrown away. Nothing was imported.", file=upload.file_name))
    return redirect(url_for(".index"), 303)


@bp.post("/<uuid:id>/undo")
def undo(id):
    """Take back all that came with a file."""
    upload = _find_upload(id, lock=True)
    upload.undo(current_user)
    db.session.commit()
    flash(_("What came with “%(file)s” is taken back.", file=upload.file_name))
    return redirect(url_for(".show", id=id), 303)


@bp.post("/<uuid:id>/redo")
def redo(id):
    """Bring back what was taken back."""
    upload = _find_upload(id, lock=True)
    upload.redo(current_user)
    db.session.commit()
    flash(_("What came with “%(file)s” is back.", file=upload.file_name))
    return redirect(url_for(".show", id=id), 303)


def _find_upload(id: UUID, lock: bool = False) -> DiaryImport:
    """One of this person's uploads; a stranger's is a 404."""
    return db.session.get(DiaryImport, (current_user.id, id), with_for_update=lock) or abort(404)


def _form_of(upload: DiaryImport) -> ImportForm:
    return ImportForm.of(upload, Meals(current_user).in_use, current_user.units)


def _index_page(form: UploadForm, status: int = 200):
    uploads = db.session.scalars(DiaryImport.of(current_user).limit(50)).all()
    page = render_template("imports/index.html", form=form, uploads=uploads, trackers=TRACKERS)
    return page, status


def _page(upload: DiaryImport, form: ImportForm | None, status: int = 200):
    placed = upload.way(current_user).placed() if form else None
    return render_template("imports/show.html", upload=upload, form=form, placed=placed), status
