from tempfile import TemporaryFile

from flask import Blueprint, send_file

from caloria.extensions import db
from caloria.models import Export
from caloria.views.admin.users import find_user

bp = Blueprint("user_exports", __name__, url_prefix="/users/<uuid:id>/exports")


@bp.post("")
def create(id):
    """Hand out everything of a person, as they would get it themselves."""
    user, file = find_user(id), TemporaryFile()  # noqa: SIM115  the answer closes it
    Export(user).write(file)
    db.session.commit()
    file.seek(0)
    return send_file(file, "application/zip", as_attachment=True, download_name=f"caloria-{user.id}.zip")
