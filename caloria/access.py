"""Who may see what: everything needs a signed-in person unless its view says otherwise."""

from datetime import timedelta
from functools import lru_cache
from hmac import compare_digest
from ipaddress import ip_address

from flask import Flask, abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import host_is_trusted

from caloria.extensions import db, login_manager, settings
from caloria.forms.confirmations import ConfirmationForm
from caloria.languages import speak
from caloria.models import AuditEvent, Confirmation, Session, Throttle
from caloria.models.clock import utc_now
from caloria.origin import act_as

# In a quarter of an hour: the audit cannot be pruned, so nobody may fill it at will.
NOTED_AT_MOST = 10
ADMINS_CONFIRM_EVERY = 60  # minutes
FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip")


def public(view):
    """Open a view to visitors."""
    view.is_public = True
    return view


def for_machines(view):
    """Open a view to health checks too, which name the server as they like."""
    view.is_for_machines = True
    return public(view)


def init_app(app: Flask) -> None:
    """Ask of every request whether it may go on."""
    believe_proxies(app)
    public(app.view_functions["static"])
    # The session row is what signs a person in; there is no remember cookie to protect.
    login_manager.session_protection = None
    login_manager.user_loader(load_person)
    app.before_request(require_known_host)
    app.before_request(require_person)


def believe_proxies(app: Flask) -> None:
    """Believe as many proxies about a request's address and name as stand before this server."""
    count = app.extensions["caloria_config"].trusted_proxy_count
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)


def load_person(token: str):
    """Find the person of a session token, noting now and then that they were here."""
    person = Session.person(token)
    if person:
        act_as(person)
        speak(person.language)
    if person and person.session.note(utc_now()):
        db.session.commit()
    return person


def require_known_host():
    """Refuse a request that was sent to a name this server does not go by."""
    if _view_has("is_for_machines"):
        return
    trusted = settings().trusted_hosts
    if trusted and not is_known_host(request.host, tuple(trusted)):
        abort(400)


@lru_cache(maxsize=64)
def is_known_host(host: str, names: tuple[str, ...]) -> bool:
    return host_is_trusted(host, names)


def require_person():
    """Send a visitor to sign in; what they had typed is kept on the page that says so."""
    if request.endpoint is None or _view_has("is_public"):
        return None
    if current_user.is_authenticated:
        return refuse_anothers()
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("sessions.new", next=request.full_path.rstrip("?")), 303)
    return render_template("errors/401.html"), 401


def refuse_anothers():
    """Log for nobody what somebody else typed on a page that was still open beside theirs."""
    me = str(current_user.id)
    if request.method == "POST" and request.form.get("person", me) != me:
        return render_template("errors/409.html"), 409
    return None


def require_admin():
    """Keep the admin pages to admins who gave their password lately, and note who else asked for one."""
    if not current_user.is_admin:
        if not Throttle.is_exceeded({f"admin pages of {current_user.id}": NOTED_AT_MOST}):
            AuditEvent.note("admin page refused", f"page {request.path}")
        db.session.commit()
        abort(403)
    return require_recent(ADMINS_CONFIRM_EVERY)


def require_recent(minutes: int):
    """Ask for the password of somebody who has not given it for so long; what they sent is kept meanwhile."""
    if current_user.session.was_confirmed(timedelta(minutes=minutes)):
        return None
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("confirmations.new", next=request.full_path.rstrip("?")), 303)
    form = ConfirmationForm()
    status = confirm(form) if form.is_sent else 401
    return None if status == 200 else (render_template("confirmations/again.html", form=form), status)


def confirm(form: ConfirmationForm) -> int:
    """Take a password as a sign that it is still this person: 200, or the status of the page that asks on."""
    attempt = Confirmation(current_user, form.confirmation_password.data)
    allowed = attempt.is_allowed()
    db.session.commit()
    if not allowed:
        form.form_errors.append(_("That was tried too often. Please wait a quarter of an hour."))
        return 429
    if not form.validate():
        return 422
    try:
        confirmed = attempt.complete()
        db.session.commit()
    except StaleDataError:  # the same was sent twice at once, and the other one has a new cookie
        db.session.rollback()
        form.form_errors.append(_("This was sent twice. Please try once more, signed in anew if need be."))
        return 422
    if not confirmed:
        form.confirmation_password.errors = [_("This is not your password.")]
        return 422
    login_user(current_user._get_current_object())
    return 200


def may_see_figures() -> bool:
    """Whether this request is of monitoring, or of this machine itself."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    expected = settings().metrics_token
    if expected and scheme.lower() == "bearer":
        return compare_digest(token.encode(), expected.encode())
    return is_this_machine()


def is_this_machine() -> bool:
    """Whether the request came from here and for nobody else."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _view_has(mark: str) -> bool:
    return getattr(current_app.view_functions.get(request.endpoint or ""), mark, False)
