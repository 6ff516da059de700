"""What the service worker in a browser is told: whose a page is, and whether to keep it to be read offline.

It keeps nothing of its own accord: only what a view marked readable_offline has shown.
"""

from flask import Flask, Response, current_app, g, request, session

PERSON, KEEP = "Caloria-Person", "Caloria-Keep"
NOBODY = "nobody"


def init_app(app: Flask) -> None:
    app.after_request(tell_worker)


def readable_offline(view):
    """Let a browser keep the latest pages of this view, asked for as such, for the person whose they are."""
    view.is_readable_offline = True
    return view


def tell_worker(response: Response) -> Response:
    """Say on every page whose it is; what an earlier person left in the browser then goes."""
    if request.endpoint == "static" or response.mimetype != "text/html" or response.status_code >= 500:
        return response
    person = whose()
    if person:
        response.headers[PERSON] = person
    if person not in (None, NOBODY) and response.status_code == 200 and _is_readable_offline():
        response.headers[KEEP] = "1"
    return response


def whose() -> str | None:
    """Who this page is for, or nobody; None where that was not asked, for a page that is for everybody."""
    user = g.get("_login_user")
    if user is None:
        return None if "_user_id" in session else NOBODY
    return str(user.id) if user.is_authenticated else NOBODY


def _is_readable_offline() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "is_readable_offline", False) and not request.query_string
