"""What every answer says to the browser."""

from collections.abc import Iterable
from typing import Any

from flask import Flask, Response, g, request
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from caloria.extensions import settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'{forms}",
        "frame-ancestors 'none'",
    )
)


class Ageless(URLSafeTimedSerializer):
    """Reads what was signed at any time, also by a server whose clock is ahead."""

    def loads(self, s: str | bytes, max_age: int | None = None, **said: Any) -> Any:
        return super().loads(s, max_age=None, **said)


class PagesAlone(SecureCookieSessionInterface):
    """A session that only pages carry: what a cache may keep for everybody must not hold anybody's cookie.

    The age of the cookie is not asked: it is the row of a session that ends it.
    """

    # Made once for each app: it tries out its format whenever it is made, and a request would make two.
    signing = None

    def get_signing_serializer(self, app):
        if self.signing is None:
            self.signing = super().get_signing_serializer(app)
            if self.signing is not None:
                self.signing.__class__ = Ageless
        return self.signing

    def save_session(self, app, session, response):
        if request.endpoint != "static":
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    app.session_interface = PagesAlone()
    app.after_request(add_headers)


def send_forms_to(hosts: Iterable[str]) -> None:
    """Let the forms of this one page lead to these hosts too: browsers ask that of redirects as well."""
    g.forms_sent_to = tuple(hosts)


def add_headers(response: Response) -> Response:
    """Forbid what no page of ours does, and keep personal pages out of caches."""
    forms = "".join(f" {host}" for host in g.get("forms_sent_to", ()))
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.format(forms=forms)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if settings().deployed:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static":
        # It is about windows: a style, a script or a drawing opens none.
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "no-store"
    return response
