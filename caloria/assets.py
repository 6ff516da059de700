"""Addresses of static files that change when the file does, so that browsers may keep them for ever."""

import gzip
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, current_app, request, url_for

A_YEAR = 31_536_000
TEXTS = ("text/css", "text/javascript", "image/svg+xml")


def init_app(app: Flask) -> None:
    app.jinja_env.globals["asset"] = asset
    app.after_request(let_browsers_keep)
    app.after_request(pack)


def asset(filename: str) -> str:
    """The address of a static file with a fingerprint of what is in it."""
    # A page has some fifty icons out of one file, which only a developer changes while the app runs.
    return _address(filename) if current_app.debug else _kept_address(filename, request.root_path)


@cache
def _kept_address(filename: str, _root: str) -> str:
    return _address(filename)


def _address(filename: str) -> str:
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


def pack(response):
    """Send static texts compressed, but no pages: those hold secrets beside what others may have written."""
    if request.endpoint != "static" or response.mimetype not in TEXTS or response.status_code != 200:
        return response
    response.vary.add("Accept-Encoding")
    if "gzip" in request.accept_encodings:
        response.direct_passthrough = False
        response.set_data(gzip.compress(response.get_data(), mtime=0))
        response.content_encoding = "gzip"
        response.headers.pop("ETag", None)
    return response
