"""What Jinja does some thousand times for each page, done with less.

A full day calls three hundred macros and functions, and says ninety texts.
"""

from functools import lru_cache
from types import FunctionType
from typing import Any

from flask import Flask, has_request_context, request, url_for
from flask.templating import Environment
from flask_babel import get_translations
from jinja2 import Template, pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from caloria.compiling import PageCode
from caloria.languages import spoken


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


class Forgetful(dict):
    """Keeps nothing: while templates may change, and where addresses depend on more than the language."""

    def setdefault(self, _key: Any, value: Any) -> Any:
        return value


class PageEnvironment(Environment):
    """Has an environment for each language, whose templates keep what is the same in all its pages."""

    code_generator_class = PageCode
    context_class = QuickContext
    template_class = QuickTemplate
    new_kept: type[dict] = Forgetful

    def __init__(self, *words: Any, **named: Any) -> None:
        super().__init__(*words, **named)
        self.in_languages: dict[str, Environment] = {}
        self.made: dict[str, Template] = {}

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:
        if self.overlayed:
            return self.made.get(name) or self.made.setdefault(name, super().get_template(name))
        if self.auto_reload or not has_request_context() or request.root_path:
            return super().get_template(name, parent, globals)
        return self.in_language(spoken()).get_template(name)

    def in_language(self, language: str) -> Environment:
        if language not in self.in_languages:
            spoken_in = self.overlay()
            spoken_in.made, spoken_in.new_kept = {}, dict
            self.in_languages[language] = spoken_in
        return self.in_languages[language]


def written(value: Any) -> str:
    """What a page says of a value: as escape() has it, without an object of its own for each."""
    kind = type(value)
    if kind is Markup:
        return value
    if kind is not str:
        if hasattr(value, "__html__"):
            return escape(value)
        value = str(value)
    is_plain = not ("&" in value or "<" in value or ">" in value or '"' in value or "'" in value)
    return value if is_plain else escape(value)
