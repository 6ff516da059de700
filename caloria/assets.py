"""Addresses of static files that change when the file does, so that browsers may keep them for ever.

The styles stand in one file for each component and are served as one, css/all.css: a page asks once. What
only admins see is a second one.
"""

import gzip
import re
from functools import cache, wraps
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

A_YEAR = 31_536_000
LINE_OF_COMMENT = re.compile(rb"^[ \t]*//.*\n", re.MULTILINE)
TEXTS = ("text/css", "text/javascript", "image/svg+xml")
STYLES, ADMIN_STYLES = "css/all.css", "css/admin/all.css"
JOINED = (STYLES, ADMIN_STYLES)
# Tokens first, since they say in which order the layers count; the components after these by name.
STYLES_FIRST = ("tokens", "elements", "shell", "layout", "text")


def init_app(app: Flask) -> None:
    app.jinja_env.globals["asset"] = asset
    app.view_functions["static"] = with_styles(app.view_functions["static"])
    app.after_request(let_browsers_keep)
    app.after_request(pack)


def asset(filename: str) -> str:
    """The address of a static file with a fingerprint of what is in it."""
    # A page has some twenty icons out of one file, which only a developer changes while the app runs.
    return _address(filename) if current_app.debug else _kept_address(filename, request.root_path)


@cache
def _kept_address(filename: str, _root: str) -> str:
    return _address(filename)


def _address(filename: str) -> str:
    return url_for("static", filename=filename, v=_fingerprint(*_parts(filename)))


def for_offline() -> list[str]:
    """What pages are made of beside their text, so that a browser can keep all of it."""
    folder = Path(current_app.static_folder)
    scripts = [path.relative_to(folder).as_posix() for path in sorted(folder.glob("js/**/*.js"))]
    drawings = [path.relative_to(folder).as_posix() for path in sorted(folder.glob("img/*.svg"))]
    return [asset(name) for name in (STYLES, *scripts, *drawings)]


def with_styles(send_file):
    """Send the styles of a folder as one file, and any other as it is."""

    @wraps(send_file)
    def send(filename: str):
        return send_styles(filename) if filename in JOINED else send_file(filename=filename)

    return send


def send_styles(filename: str) -> Response:
    """The styles of a folder, kept in memory and read again where a file was changed."""
    parts = _parts(filename) if current_app.debug else _kept_parts(filename)
    response = Response(_packed_styles(*parts), mimetype="text/css")
    response.cache_control.no_cache = True
    response.set_etag(_fingerprint(*parts))
    return response.make_conditional(request)


@cache
def _kept_parts(filename: str) -> tuple:
    return _parts(filename)


def _parts(filename: str) -> tuple:
    """The files that one is made of, each with when it was changed."""
    path = Path(current_app.static_folder) / filename
    paths = sorted(path.parent.glob("*.css"), key=_place) if filename in JOINED else [path]
    return tuple((each, each.stat().st_mtime_ns) for each in paths)


def _place(path: Path) -> tuple[int, str]:
    name = path.stem
    return (STYLES_FIRST.index(name) if name in STYLES_FIRST else len(STYLES_FIRST), name)


@cache
def _joined(*parts) -> bytes:
    return b"\n".join(path.read_bytes() for path, _ in parts)


@cache
def _packed_styles(*parts) -> bytes:
    """Without comments and most spaces, which are for those who read the files."""
    bare = re.sub(rb"/\*.*?\*/", b"", _joined(*parts), flags=re.DOTALL)
    return re.sub(rb"\s*([{};])\s*|(?<=[:,]) ", rb"\1", bare)


@cache
def _fingerprint(*parts) -> str:
    return sha256(_joined(*parts)).hexdigest()[:6]


def let_browsers_keep(response):
    """Let what is asked for by its fingerprint be kept; anything else is checked again."""
    if request.endpoint == "static" and "v" in request.args:
        response.cache_control.public = True
        response.cache_control.max_age = A_YEAR
        response.cache_control.immutable = True
        response.cache_control.no_cache = None
    return response


def _without_comments(response) -> bytes:
    """Scripts without their lines of comment, as styles are sent without theirs."""
    is_script = response.mimetype == "text/javascript"
    return LINE_OF_COMMENT.sub(b"", response.get_data()) if is_script else response.get_data()


def pack(response):
    """Send static texts compressed, but no pages: those hold secrets beside what others may have written."""
    if request.endpoint != "static" or response.mimetype not in TEXTS or response.status_code != 200:
        return response
    response.vary.add("Accept-Encoding")
    if "gzip" in request.accept_encodings:
        response.direct_passthrough = False
        response.set_data(gzip.compress(_without_comments(response), mtime=0))
        response.content_encoding = "gzip"
        for name in ("ETag", "Last-Modified", "Accept-Ranges", "Content-Disposition", "Date"):
            response.headers.pop(name, None)
    return response
