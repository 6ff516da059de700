"""The styles: one file for each component, one request for a page."""

import gzip
import re
from pathlib import Path

from caloria.assets import STYLES

FOLDER = Path(__file__).resolve().parents[1] / "caloria" / "static" / "css"
RAW = re.compile(r"oklch\(|rgba?\(|hsla?\(|#[0-9a-f]{3,8}\b(?! [>+~{])|\b\d*\.?\d+m?s\b|light-dark\(")
MOST_PACKED = 12_000


def test_a_page_asks_for_all_styles_at_once_and_keeps_them(client):
    (address,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', client.get("/").text)
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})

    assert address.startswith(f"/static/{STYLES}?v=")
    assert answer.mimetype == "text/css"
    assert "immutable" in answer.headers["Cache-Control"]
    styles = gzip.decompress(answer.data).decode()
    assert styles.index("@layer tokens,elements,shell") < styles.index("@layer components")
    rules = {path.name: path.read_text().count("{") for path in FOLDER.glob("*.css")}
    assert styles.count("{") == sum(rules.values())
    assert "/*" not in styles
    assert len(answer.data) < MOST_PACKED


def test_styles_asked_for_without_their_fingerprint_are_checked_again(client):
    first = client.get(f"/static/{STYLES}")
    again = client.get(f"/static/{STYLES}", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "no-cache"
    assert again.status_code == 304


def test_colours_and_times_stand_in_the_tokens_alone():
    raw = {
        path.name: RAW.findall(path.read_text()) for path in FOLDER.rglob("*.css") if path.stem != "tokens"
    }

    assert {name: found for name, found in raw.items() if found} == {}
