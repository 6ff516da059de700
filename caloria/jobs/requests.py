"""People are told what became of what they asked for."""

from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from caloria.extensions import db
from caloria.jobs.letter import Letter, public_url, written
from caloria.jobs.queue import task
from caloria.models import FoodRequest, Job, User
from caloria.models.food_request import COMPLETED


@task
def request_ended(_job: Job, user_id: str, request_id: str) -> Letter | None:
    """Mail it, unless the account is closed or has no address by now."""
    user = db.session.get(User, UUID(user_id))
    request = db.session.get(FoodRequest, (UUID(user_id), UUID(request_id)))
    if request is None or request.is_open or not (user and user.active and user.has_address):
        return None

    def compose():
        done = request.state == COMPLETED
        subject = (
            _("Done: %(title)s", title=request.title) if done else _("About: %(title)s", title=request.title)
        )
        link = url_for("requests.show", id=request.id, _external=True)
        return subject, "emails/request_ended.txt", {"asked": request, "done": done, "link": link}

    return Letter(user.email, *written(public_url(), user, compose))
