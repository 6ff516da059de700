"""What every answer says to the browser."""

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface

from caloria.extensions import settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


class PagesAlone(SecureCookieSessionInterface):
    """A session that only pages carry: what a cache may keep for everybody must not hold anybody's cookie."""

    def save_session(self, app, session, response):
        if request.endpoint != "static":
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    app.session_interface = PagesAlone()
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """Forbid what no page of ours does, and keep personal pages out of caches."""
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if settings().deployed:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
