from flask import Blueprint, request
from flask_babel import gettext as _

from caloria.extensions import settings
from caloria.integrations import mail
from caloria.models import AuditEvent, Job
from caloria.views.admin.users import back_to, done, find_user

bp = Blueprint("password_links", __name__, url_prefix="/users/<uuid:id>/password-links")


@bp.post("")
def create(id):
    """Have a link for a new password mailed; nobody but the person sees it."""
    user = find_user(id)
    if not (user.active and user.has_address and mail.is_set_up(settings())):
        return back_to(id, _("No link is mailed: mail is not set up, or nobody may get one."))
    Job.put("password_reset", user_id=str(user.id), root=request.url_root)
    AuditEvent.note("password link", user)
    return done(id, _("A link for a new password is mailed to them."))
