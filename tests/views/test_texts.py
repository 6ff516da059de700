"""What holds here, and what is kept of people: said by us, or by whoever runs it."""

import pytest

from caloria.extensions import settings

OWN = """# Privacy at the <b>club</b>

Run by the club,
in its cellar: https://club.example/about.

## What is kept
- your name
- your diary

<script>alert(1)</script>
"""


@pytest.fixture
def texts(app, tmp_path, monkeypatch):
    """The folder of an operator's own texts."""
    monkeypatch.setattr(settings(), "texts_dir", tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["privacy", "terms"])
def test_everybody_finds_them_at_the_foot_of_each_page_and_at_sign_up(client, signed_in, name):
    assert client.get(f"/{name}").status_code == 200
    for browser, page in ((client, "/"), (client, "/signup"), (signed_in, "/account"), (client, "/nowhere")):
        assert f'href="/{name}"' in browser.get(page).text


def test_an_operators_own_text_takes_the_place_of_ours_and_is_no_html(client, texts):
    (texts / "privacy.en.txt").write_text(OWN)

    page = client.get("/privacy").text

    assert "<h1>Privacy at the &lt;b&gt;club&lt;/b&gt;</h1>" in page
    assert '<a href="https://club.example/about">https://club.example/about</a>.' in page
    assert "<h2>What is kept</h2>" in page
    assert "<li>your name</li><li>your diary</li>" in page
    assert "&lt;script&gt;" in page
    assert "run by whoever gave you its address" not in page
    assert "These few things hold" in client.get("/terms").text


def test_it_comes_in_the_language_of_the_reader_where_there_is_one(client, texts):
    (texts / "terms.en.txt").write_text("Be fair.")
    spanish = {"Accept-Language": "es"}
    assert "Be fair." in client.get("/terms", headers=spanish).text

    (texts / "terms.es.txt").write_text("Sé justo.", encoding="utf-8")

    assert "Sé justo." in client.get("/terms", headers=spanish).text
    assert "Be fair." in client.get("/terms").text
    (texts / "terms.es.txt").write_bytes(b"\xff\n\n- ")
    assert client.get("/terms", headers=spanish).status_code == 200
