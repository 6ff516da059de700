"""What every answer says to the browser."""

from collections.abc import Iterable

from flask import Flask, Response, g, request

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


def init_app(app: Flask) -> None:
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
