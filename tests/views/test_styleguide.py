"""The page for whoever works on the looks of Caloria."""

import pytest
from pages import Page

from caloria.colours import contrast
from caloria.extensions import settings
from caloria.views.styleguide import contrasts


@pytest.fixture
def developing(app, monkeypatch):
    monkeypatch.setattr(settings(), "environment", "development")


def test_the_styleguide_shows_every_component_in_development(client, developing):
    answer = client.get("/styleguide")

    assert answer.status_code == 200
    for words in (
        "Disabled",
        "kcal over",
        "Same as yesterday",
        "Nothing found for “zzz”",
        "Not found, please choose",
    ):
        assert words in Page(answer).words
    assert 'dir="rtl"' in client.get("/styleguide?dir=rtl").text


def test_elsewhere_there_is_no_styleguide(client):
    assert client.get("/styleguide").status_code == 404


def test_words_and_shapes_stand_out_from_what_they_stand_on():
    assert contrast(1.0, 0.0) == 21
    assert [pair for pair in contrasts() if min(pair[3:]) < pair[2]] == []
