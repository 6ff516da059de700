"""Pages travel without the indentation of their templates, and without the line ends that nobody sees."""

import re

from flask import Flask
from jinja2.ext import Extension

INDENTATION = re.compile(r"\n[ \t]+")
# The end of a line before another of nothing but tags goes into the first of these: lines keep their numbers.
LINE_OF_TAGS = re.compile(r"\n\{%([-+]?)(?=(?:(?!%\})[^\n])*%\}(?:\{%(?:(?!%\})[^\n])*%\})*\n)")

# Nothing is drawn of the space before what begins a line of its own.
BEFORE_A_BLOCK = re.compile(
    r"\n(?=</?(?:div|section|header|footer|nav|main|[uod]l|li|d[td]|p|h\d|form|fieldset|legend|details|summary"
    r"|table|thead|tbody|tr|t[hd]|option|dialog|template|head|body|meta|link|title|script)\b)"
)


def init_app(app: Flask) -> None:
    app.jinja_env.add_extension(Unindented)


class Unindented(Extension):
    """Takes the spaces of templates out of pages as they are compiled; what they are filled with stays."""

    def preprocess(self, source, name, filename=None):
        if not (name and name.endswith(".html")):
            return source
        lean = LINE_OF_TAGS.sub(r"{%\1\n", INDENTATION.sub("\n", source))
        # A comment holds the end of the line: lines keep their numbers.
        return BEFORE_A_BLOCK.sub("{#\n#}", lean)
