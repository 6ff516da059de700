"""Pages are made with less work than Jinja would do, and say the same."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from flask import g, render_template, url_for
from flask_babel import force_locale, lazy_gettext
from jinja2 import DictLoader, nodes
from markupsafe import Markup, escape

from caloria.compiling import DRAWN, FIXED, fixed_names
from caloria.page_environment import PageEnvironment
from caloria.rendering import address_of, escaped

EVIL = """<script>"&'</script>"""
TEMPLATES = Path(__file__).parents[1] / "caloria/templates"


class Name(str):
    """A text that is no plain one."""


class Drawing:
    def __html__(self):
        return "<svg>"


class Thing:
    def __str__(self):
        return EVIL


class OwnMarkup(Markup):
    """Safe texts of somebody else."""


@pytest.mark.parametrize(
    "value",
    [
        EVIL,
        *EVIL,
        "",
        "Milk",
        Name(EVIL),
        Thing(),
        Markup(EVIL),
        OwnMarkup(EVIL),
        Drawing(),
        None,
        7,
        -0.5,
        [EVIL],
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_page_escapes_whatever_it_says(app, value):
    assert escaped(value) == escape(value)
    page = app.jinja_env.from_string('<p title="{{ value }}">{{ value }} {{ _("Today") }}</p>')
    with app.test_request_context():
        assert page.render(value=value) == f'<p title="{escape(value)}">{escape(value)} Today</p>'


def test_a_text_that_waits_for_its_language_is_escaped(app):
    with app.test_request_context():
        assert escaped(lazy_gettext(EVIL)) == escape(lazy_gettext(EVIL))


def test_pages_say_what_they_keep_in_the_language_of_whoever_reads(app):
    with app.test_request_context():
        said = []
        for language in ("en", "es", "en", "es"):
            with force_locale(language):
                said.append(render_template("layouts/_footer.html"))
    assert said[:2] == said[2:]
    assert ">Privacy<" in said[0]
    assert ">Privacidad<" in said[1]


def test_what_pages_keep_is_below_where_the_app_is_mounted(app):
    for root, path in ((None, ""), ("/food", "/food"), (None, "")):
        with app.test_request_context(environ_overrides={"SCRIPT_NAME": root or ""}):
            page = render_template("layouts/_head.html")
            assert f'href="{path}/static/css/all.css?' in page
            assert f'href="{path}/manifest' in page


@pytest.mark.parametrize("path", sorted(DRAWN))
def test_what_pages_keep_of_a_component_depends_on_nothing_but_its_words(app, path):
    template = app.jinja_env.parse((TEMPLATES / path).read_text(), path)
    for macro in template.find_all(nodes.Macro):
        if macro.name in DRAWN[path]:
            names = [(each.name, each.ctx) for each in macro.find_all(nodes.Name)]
            read = {name for name, use in names if use == "load"} - {
                name for name, use in names if use != "load"
            }
            assert read <= {*FIXED, *(name for names in DRAWN.values() for name in names), "kwargs"}
            assert {each.name for each in macro.find_all(nodes.Filter)} <= {"xmlattr"}


def test_no_template_calls_something_else_by_the_name_of_what_is_kept(app):
    for path in TEMPLATES.rglob("*.html"):
        assert fixed_names(app.jinja_env.parse(path.read_text(), path.name)) >= FIXED, path


def test_an_address_holds_the_ids_that_it_was_asked_for(app):
    day, ids = date(2026, 11, 22), [uuid4() for _ in range(4)]
    asked = [
        ("foods.search", {"day": day, "meal": ids[0]}),
        ("foods.search", {"day": day, "meal": ids[1]}),
        ("foods.show", {"id": ids[1], "meal": ids[0], "day": day}),
        ("foods.show", {"id": ids[2], "meal": ids[2]}),
        ("foods.show", {"id": ids[0], "meal": ids[1], "a": ids[2], "b": ids[3]}),
    ]
    with app.test_request_context():
        assert [address_of(name, **values) for name, values in asked] == [
            url_for(name, **values) for name, values in asked
        ]


def test_a_number_in_a_template_is_said_as_each_reader_reads_it(app):
    page = app.jinja_env.from_string(
        "{{ 7700|kcal }} {{ _('%(n)s', n=7700|kcal) }}{% set n = 7700|kcal %} {{ n }}"
    )
    with app.test_request_context():
        for language, said in (("en", "7,700"), ("es", "7.700"), ("en", "7,700")):
            with force_locale(language):
                assert page.render() == f"{said} {said} {said}"
        g._login_user = SimpleNamespace(energy_unit="kJ")
        assert page.render() == "32,217 32,217 32,217"


def test_a_developer_sees_a_changed_component_at_once(app):
    files = {
        "components/icon.html": "{% macro icon(name) %}round {{ name }}{% endmacro %}",
        "page.html": "{% from 'components/icon.html' import icon %}{{ icon('plus') }}",
    }
    pages = PageEnvironment(app, loader=DictLoader(files), auto_reload=True)
    with app.test_request_context():
        assert pages.get_template("page.html").render() == "round plus"
        files["components/icon.html"] = files["components/icon.html"].replace("round", "square")
        assert pages.get_template("page.html").render() == "square plus"
