"""What a browser sends stays in memory: a full disk refuses nobody, and no photo is left lying there."""

from io import BytesIO

import flask


class Request(flask.Request):
    """A request whose files are kept in memory, where they are read anyway; each view says how much."""

    def _get_file_stream(self, *_ignored, **_too) -> BytesIO:
        return BytesIO()


def init_app(app: flask.Flask) -> None:
    app.request_class = Request
