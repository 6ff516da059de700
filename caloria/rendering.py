"""What templates ask for a thousand times for each page, with less work: texts, addresses, escaped values."""

from functools import lru_cache, partial
from typing import Any
from uuid import UUID, uuid4

from flask import Flask, has_request_context, request, url_for
from flask_babel import get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from caloria.languages import spoken

# Markup() of a text, without the question whether it is one.
as_markup = partial(str.__new__, Markup)
# Stand in an address for ids that are filled in later.
STAND_INS = (uuid4(), uuid4())
WRITTEN_STAND_INS = tuple(map(str, STAND_INS))


def init_app(app: Flask) -> None:
    """Come after Babel, whose texts these take the place of."""
    app.jinja_env.globals.update(_=said, gettext=said, url_for=address_of)


@pass_eval_context
def said(page: EvalContext, text: str, /, **filled_in: Any) -> str:
    """A text in the language of this answer, with what is filled in."""
    written = _said(spoken(), text, page.autoescape, bool(filled_in))
    if not filled_in:
        return written
    if not page.autoescape:
        return written % filled_in
    # As Markup does it, without an object of its own for each word.
    safe = {name: escaped(word) for name, word in filled_in.items()}
    return as_markup(str.__mod__(written, safe))


@lru_cache(maxsize=8192)
def _said(_language: str, text: str, is_markup: bool, is_filled_in: bool) -> str:
    written = get_translations().ugettext(text)
    written = Markup(written) if is_markup else written  # noqa: S704  texts of ours, which may hold tags
    # "%%" is a percent sign in each of them.
    return written if is_filled_in else written % {}


def address_of(endpoint: str, **values: Any) -> str:
    """url_for(), which a page asks the same again and again."""
    # ".show" is another page in each blueprint.
    if endpoint.startswith(".") or "_external" in values or not has_request_context():
        return url_for(endpoint, **values)
    # An id stands in an address as it is: one address does for all of them.
    ids = [name for name in values if type(values[name]) is UUID][: len(STAND_INS)]
    if not ids:
        return _address_of(request.root_path, endpoint, tuple(values.items()))
    asked = {**values, **dict(zip(ids, STAND_INS, strict=False))}
    address = _address_of(request.root_path, endpoint, tuple(asked.items()))
    for name, stand_in in zip(ids, WRITTEN_STAND_INS, strict=False):
        address = address.replace(stand_in, str(values[name]))
    return address


@lru_cache(maxsize=2048)
def _address_of(_root: str, endpoint: str, values: tuple) -> str:
    return url_for(endpoint, **dict(values))


def escaped(value: Any) -> str:
    """A value as a page says it: as escape() has it, but as a plain text where nothing had to be escaped."""
    kind = type(value)
    if kind is Markup:
        return value
    if kind is not str:
        if hasattr(value, "__html__"):
            return escape(value)
        value = str(value)
    is_plain = not ("&" in value or "<" in value or ">" in value or '"' in value or "'" in value)
    return value if is_plain else escape(value)
