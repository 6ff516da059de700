"""Each bad value in each field of each form: refused with what was typed, or taken as it is."""

import unicodedata
from collections import defaultdict

import pytest
from markupsafe import escape
from places import FIELDS, FIRST_PLACES, NEVER_SENT, PLACES, fields
from values import VALUES, as_shown
from wtforms import BooleanField, DateField, FieldList, SelectField

from caloria.forms.amounts import AmountField, SeenField
from caloria.forms.base import Form
from caloria.forms.fields import EmailField, IdField, IdsField, PasswordField, ProseField, TextField

# What only a press of a button sends.
PRESSES = (".delete", ".restore", ".undo", ".redo", "retries.create", "unsubscriptions.create")
PRESSES += ("email_links.create", "email_confirmations.create", "exports.create")
PRESSES += ("approvals.create", "reviews.create", "disablings.create", "promotions.create")
PRESSES += ("password_links.create", "replays.create")
PRESSES += ("cancellations.create", "cards.create", "checkouts.update")
# No person sends that: what it is told is tried in tests/payments.
PRESSES += ("webhooks.create",)
# Each field has bounds, and columns, of its own.
TOLD_TO_EVERY_FIELD = (
    "nothing",
    "emoji",
    "NaN",
    "-1",
    "2^63",
    "10,000 characters",
)


def all_forms(form: type[Form] = Form) -> set[type[Form]]:
    return {form}.union(*map(all_forms, form.__subclasses__()))


def test_every_form_has_a_place():
    assert all_forms() == NEVER_SENT | {place.form for place in PLACES}


def test_every_address_that_takes_more_than_a_press_has_a_place(app, cast):
    addresses = app.url_map.bind("localhost")
    filled_in = {addresses.match(place.filled_in(cast)[0], "POST")[0] for place in PLACES}

    views = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in rule.methods}
    assert {view for view in views - filled_in if not view.endswith(PRESSES)} == set()


def values_for(place, name: str) -> list[str]:
    """What one field is told. What is not told to every field is shared out: each sixth one hears the same.

    So every kind of field hears everything, and one that stands in many forms hears it in several.
    """
    kind = fields(place.form)[name]
    alike = [(other, each) for other, each in FIELDS if fields(other.form)[each] is kind]
    shared, shares = [what for what in VALUES if what not in TOLD_TO_EVERY_FIELD], min(6, len(alike))
    return [*TOLD_TO_EVERY_FIELD, *shared[alike.index((place, name)) % shares :: shares]]


def test_every_kind_of_field_hears_everything():
    heard = defaultdict(set)
    for place, name in FIELDS:
        heard[fields(place.form)[name]].update(values_for(place, name))
    assert all(each == set(VALUES) for each in heard.values())


def answers_to(kind: type, what: str, makes_or_ignores: bool) -> set[int]:
    """The answers that a value may get in a field of a kind."""
    if issubclass(kind, FieldList):
        return {303}  # only its rows have names that are heard
    if issubclass(kind, SeenField | BooleanField):
        return {303, 422}
    if issubclass(kind, IdsField):
        return {404, 422}
    if issubclass(kind, IdField) and what != "nothing":
        return {303, 404, 422} if makes_or_ignores else {404, 422}
    if what in ("nothing", "blanks"):
        return {303, 404, 422}
    if issubclass(kind, ProseField) and what == "two lines":
        return {303}
    if what in ("a NUL", "an escape", "two lines", "10,000 characters", "10,000 digits"):
        return {422}
    if issubclass(kind, AmountField):
        return {303, 422} if what == "Arabic digits" else {422}
    if issubclass(kind, DateField | SelectField | EmailField):
        return {422}
    return {303, 422}


@pytest.mark.parametrize("place", FIRST_PLACES.values(), ids=str)
def test_a_bad_value_is_refused_with_what_was_typed_or_taken_as_it_is(place, sent):
    form = sent(place)
    for name in fields(place.form):
        for what in values_for(place, name):
            with form.anew():
                assert_refused_or_taken(form, name, what)


def assert_refused_or_taken(form, name: str, what: str) -> None:
    place, value = form.place, VALUES[what]
    answer = form.send({**form.good, name: value})
    if answer.status_code != 303:
        form.assert_unchanged(name, what)
    answers = answers_to(fields(place.form)[name], what, name == "id" or name not in form.good)
    assert answer.status_code in answers, (name, what)
    assert b"<script>alert" not in answer.data, (name, what)
    assert b"11111103" not in answer.data, (name, what)
    if answer.status_code == 422:
        assert_kept(place, {**form.good, name: as_shown(value)}, answer.text)


def assert_kept(place, typed: dict[str, str], page: str) -> None:
    for name, kind in fields(place.form).items():
        if issubclass(kind, TextField | AmountField | DateField):
            text = typed.get(name, "")
            if issubclass(kind, TextField):
                text = unicodedata.normalize("NFC", text).strip()
            assert str(escape(text)) in page, name
        if issubclass(kind, PasswordField) and typed.get(name):
            assert f'value="{escape(typed[name])}"' not in page
