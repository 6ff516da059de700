"""The languages that Caloria speaks, and which of them an answer is in."""

from functools import cache

from babel import Locale
from flask import Flask, g, has_request_context, request, session
from flask_babel import get_locale, gettext, refresh

LANGUAGES = {"en": "English", "es": "Español"}
FIRST = "en"
COOKIE = "language"  # its name in the session


def init_app(app: Flask) -> None:
    app.context_processor(page_language)
    app.jinja_env.filters["translated"] = gettext


def chosen() -> Locale:
    """The language of whoever asks: the one they chose, else the best of their browser's.

    It is read from the cookie of the session: error pages do without the database. Commands speak English.
    """
    if not has_request_context():
        return locale(FIRST)
    chosen = session.get(COOKIE)
    return locale(chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or FIRST)


@cache  # of LANGUAGES
def locale(language: str) -> Locale:
    return Locale(language)


def known(language: str | None) -> str:
    """A language that an address names, if it is one of ours."""
    return language if language in LANGUAGES else FIRST


def speak(language: str) -> None:
    """Answer in this language from here on, also where the person cannot be looked up."""
    if session.get(COOKIE) != language:
        session[COOKIE] = language
        refresh()


def spoken() -> str:
    """The language of this answer, which each text and number of a page asks for."""
    try:
        return g._get_current_object()._flask_babel.babel_locale.language  # as get_locale() keeps it
    except AttributeError:
        return get_locale().language


def page_language() -> dict[str, str]:
    """What the root of every page says: its language, and the direction that it is written in."""
    return _said_by_root(spoken())


@cache
def _said_by_root(language: str) -> dict[str, str]:
    return {"lang": language, "dir": locale(language).text_direction}
