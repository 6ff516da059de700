"""What Jinja does some thousand times for each page, done with less.

A full day calls three hundred macros and functions, and says ninety texts.
"""

from functools import lru_cache, partial
from types import FunctionType
from typing import Any
from uuid import UUID, uuid4

from flask import Flask, g, has_request_context, request, url_for
from flask.templating import Environment
from flask_babel import get_translations
from flask_wtf.csrf import generate_csrf
from jinja2 import Template, pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Macro, missing
from markupsafe import Markup, escape

from caloria.compiling import PageCode
from caloria.languages import spoken

# Markup() of a text, without the question whether it is one.
as_markup = partial(str.__new__, Markup)
STAND_INS = (uuid4(), uuid4())
WRITTEN_STAND_INS = tuple(map(str, STAND_INS))


def init_app(app: Flask) -> None:
    """Come after Babel, whose texts these take the place of."""
    app.jinja_env.globals.update(_=said, gettext=said, url_for=address_of, csrf_token=csrf_token)
    app.context_processor(lambda: {"csrf_token": csrf_token})  # as Flask-WTF does


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


def csrf_token() -> str:
    """Flask-WTF's, which asks for its settings anew for each form of a page."""
    return g.get("csrf_token") or generate_csrf()


WANTS_PAGE = said.jinja_pass_arg  # type: ignore[attr-defined]


class QuickContext(Context):
    """Calls macros and plain functions without asking each anew what it wants to be given."""

    def call(__self, __called: Any, *words: Any, **named: Any) -> Any:
        kind = type(__called)
        if kind is QuickMacro:
            named.pop("_block_vars", None)
            named.pop("_loop_vars", None)
            return __called.drawn(__self.eval_ctx, words, named)
        if kind is FunctionType:
            wanted = __called.__dict__.get("jinja_pass_arg")
        else:
            return super().call(__called, *words, **named)
        if wanted not in (None, WANTS_PAGE):
            return super().call(__called, *words, **named)
        if named:
            named.pop("_block_vars", None)
            named.pop("_loop_vars", None)
        return __called(__self.eval_ctx, *words, **named) if wanted else __called(*words, **named)


class QuickMacro(Macro):
    """Takes its words in fewer steps, where it is called as it asks to be."""

    def drawn(self, page: EvalContext, words: tuple, named: dict[str, Any]) -> str:
        if self.catch_varargs or self.explicit_caller or len(words) > self._argument_count:
            return self(page, *words, **named)
        given = list(words)
        for name in self.arguments[len(words) :]:
            given.append(named.pop(name, missing))
        if self.caller:
            caller = named.pop("caller", None)
            given.append(self._environment.undefined(name="caller") if caller is None else caller)
        if self.catch_kwargs:
            given.append(named)
        elif named:
            return self(page, *words, **named)  # which says what is wrong
        drawn = self._func(*given)
        return as_markup(drawn) if page.autoescape else drawn


class QuickTemplate(Template):
    """Is imported without comparing all globals: none of ours is loaded with some of its own."""

    def _get_default_module(self, _context: Context | None = None) -> Any:
        return self._module or super()._get_default_module()


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
        # Jinja would ask filters for what they say of a constant once for everybody.
        super().__init__(*words, optimized=False, **named)
        self.in_languages: dict[str, Environment] = {}
        self.made: dict[str, Template] = {}

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:
        if self.overlayed:
            return self.made.get(name) or self.made.setdefault(name, super().get_template(name))
        if self.auto_reload or not has_request_context() or request.root_path:
            return super().get_template(name, parent, globals)
        return self.in_language(spoken()).get_template(name)

    def make_globals(self, d: Any) -> Any:
        # A chain of these and of a template's own, of which ours have none, is slow to copy.
        return super().make_globals(d) if d else self.globals

    def in_language(self, language: str) -> Environment:
        if language not in self.in_languages:
            spoken_in = self.overlay()
            spoken_in.made, spoken_in.new_kept = {}, dict
            self.in_languages[language] = spoken_in
        return self.in_languages[language]


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
