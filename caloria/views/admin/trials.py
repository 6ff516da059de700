from flask import Blueprint
from flask_babel import gettext as _

from caloria.forms.admin import UntilForm
from caloria.models import Subscription
from caloria.views.admin.users import done, find_user, page_of

bp = Blueprint("trials", __name__, url_prefix="/users/<uuid:id>/trials")


@bp.post("")
def create(id):
    """Let somebody try Plus until a day."""
    user = find_user(id)
    form = UntilForm(user)
    if not form.validate_on_submit():
        return page_of(user, trial=form), 422
    Subscription.extend_trial(user, form.until)
    return done(id, _("The trial lasts until then."))
