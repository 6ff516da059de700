"""Pages travel without the indentation of their templates, and without the empty lines of their tags."""

import re

from flask import Flask
from jinja2.ext import Extension

INDENTATION = re.compile(r"\n[ \t]+")
# The end of a line before another of nothing but tags goes into the first of these: lines keep their numbers.
LINE_OF_TAGS = re.compile(r"\n\{%([-+]?)(?=(?:(?!%\})[^\n])*%\}(?:\{%(?:(?!%\})[^\n])*%\})*\n)")


def init_app(app: Flask) -> None:
    app.jinja_env.add_extension(Unindented)


class Unindented(Extension):
    """Takes the spaces of templates out of pages as they are compiled; what they are filled with stays."""

    def preprocess(self, source, name, filename=None):
        if not (name and name.endswith(".html")):
            return source
        return LINE_OF_TAGS.sub(r"{%\1\n", INDENTATION.sub("\n", source))
