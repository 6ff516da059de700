"""What a browser sends comes whole or not at all, and stays in memory.

A full disk refuses nobody then, and no photo is left lying there.
"""

from io import BytesIO
from typing import Any

import flask
from werkzeug.wsgi import get_content_length


class Request(flask.Request):
    """A request whose body is as long as was announced; a shorter one raises ClientDisconnected.

    Its files are kept in memory, where they are read anyway; each view says how much.
    """

    def __init__(self, environ: dict[str, Any], *words: Any, **named: Any):
        if get_content_length(environ) is not None:
            # By this gunicorn says that it knows where a body ends; it also ends where the connection broke.
            environ.pop("wsgi.input_terminated", None)
        super().__init__(environ, *words, **named)

    def _get_file_stream(self, *_ignored, **_too) -> BytesIO:
        return BytesIO()


def init_app(app: flask.Flask) -> None:
    app.request_class = Request
