"""What Jinja does some thousand times for each page, done with less.

A full day calls three hundred macros and functions, and says ninety texts.
"""

from functools import lru_cache
from types import FunctionType
from typing import Any

from flask import Flask, has_request_context, request, url_for
from flask_babel import get_translations
from jinja2 import Template, pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from caloria.languages import spoken


def init_app(app: Flask) -> None:
    """Come after Babel, whose texts these take the place of."""
    app.jinja_env.context_class = QuickContext
    app.jinja_env.template_class = QuickTemplate
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
    safe = {name: escape(word) for name, word in filled_in.items()}
    return Markup(str.__mod__(written, safe))  # noqa: S704


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
    return _address_of(request.root_path, endpoint, tuple(values.items()))


@lru_cache(maxsize=2048)
def _address_of(_root: str, endpoint: str, values: tuple) -> str:
    return url_for(endpoint, **dict(values))


WANTS_PAGE = said.jinja_pass_arg  # type: ignore[attr-defined]


class QuickContext(Context):
    """Calls macros and plain functions without asking each anew what it wants to be given."""

    def call(__self, __called: Any, *words: Any, **named: Any) -> Any:
        kind = type(__called)
        if kind is Macro:
            wanted = WANTS_PAGE
        elif kind is FunctionType:
            wanted = __called.__dict__.get("jinja_pass_arg")
        else:
            return super().call(__called, *words, **named)
        if wanted not in (None, WANTS_PAGE):
            return super().call(__called, *words, **named)
        if named:
            named.pop("_block_vars", None)
            named.pop("_loop_vars", None)
        return __called(__self.eval_ctx, *words, **named) if wanted else __called(*words, **named)


class QuickTemplate(Template):
    """Is imported without comparing all globals: none of ours is loaded with some of its own."""

    def _get_default_module(self, _context: Context | None = None) -> Any:
        return super()._get_default_module()
