"""Pages travel without the indentation of their templates: some three kilobytes of a full day."""

import re

from flask import Flask
from jinja2.ext import Extension

INDENTATION = re.compile(r"\n[ \t]+")


def init_app(app: Flask) -> None:
    app.jinja_env.add_extension(Unindented)


class Unindented(Extension):
    """Takes the indentation out of pages as they are compiled; what they are filled with stays."""

    def preprocess(self, source, name, filename=None):
        return INDENTATION.sub("\n", source) if name and name.endswith(".html") else source
