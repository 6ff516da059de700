"""How Jinja runs our templates: with fewer steps between them, and apart for each language.

A full day calls three hundred macros and functions, imports thirty times and includes a dozen templates.
"""

from types import FunctionType
from typing import Any

from flask import has_request_context, request
from flask.templating import Environment
from jinja2 import Template
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Macro, missing

from caloria.compiling import PageCode
from caloria.languages import spoken
from caloria.rendering import as_markup, said

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
