from flask import Blueprint
from flask_babel import gettext as _

from caloria.forms.admin import UntilForm
from caloria.models import Subscription
from caloria.models.clock import utc_now
from caloria.views.admin.users import done, find_user, page_of

bp = Blueprint("grants", __name__, url_prefix="/users/<uuid:id>/grants")


@bp.post("")
def create(id):
    """Give somebody Plus until a day."""
    user = find_user(id)
    form = UntilForm(user)
    if not form.validate_on_submit():
        return page_of(user, grant=form), 422
    Subscription.grant(user, form.until)
    return done(id, _("They have Plus until then."))


@bp.post("/delete")
def delete(id):
    """Take back what was given."""
    Subscription.grant(find_user(id), utc_now())
    return done(id, _("What was granted is taken back."))
