"""Addresses of static files that change when the file does, so that browsers may keep them for ever."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, current_app, request, url_for

A_YEAR = 31_536_000


def init_app(app: Flask) -> None:
    app.jinja_env.globals["asset"] = asset
    app.after_request(let_browsers_keep)


def asset(filename: str) -> str:
    """The address of a static file with a fingerprint of what is in it."""
    path = Path(current_app.static_folder) / filename
    return url_for("static", filename=filename, v=_fingerprint(path, path.stat().st_mtime_ns))


@cache
def _fingerprint(path: Path, _modified: int) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]


def let_browsers_keep(response):
    """Let what is asked for by its fingerprint be kept; anything else is checked again."""
    if request.endpoint == "static" and "v" in request.args:
        response.cache_control.public = True
        response.cache_control.max_age = A_YEAR
        response.cache_control.immutable = True
        response.cache_control.no_cache = None
    return response
