from flask import Blueprint, Response, json, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from caloria.access import public
from caloria.assets import asset

bp = Blueprint("manifest", __name__)

# The paper and the leaf of the drawing, as templates/layouts/_head.html and img/favicon.svg have them.
PAPER, LEAF = "#f8f5ee", "#1d6a50"
# Drawn by bin/icons: each size and what it may be used for.
DRAWINGS = (("icon-192", 192, "any"), ("icon-512", 512, "any"), ("icon-maskable-512", 512, "maskable"))


@bp.get("/manifest.webmanifest")
@public
def show():
    """What a device installs: the app's name, drawings and colours, in the language of whoever asks."""
    return Response(json.dumps(_manifest()), mimetype="application/manifest+json")


def _manifest() -> dict:
    today, locale = url_for("diary.index"), get_locale()
    return {
        "id": today,
        "start_url": today,
        "scope": url_for("pages.index"),
        "name": "Caloria",
        "short_name": "Caloria",
        "description": _("What you ate, and what is left of the day."),
        "lang": locale.language,
        "dir": locale.text_direction,
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": LEAF,
        "categories": ["health", "food", "lifestyle"],
        "icons": [_drawing(*each) for each in DRAWINGS],
        "shortcuts": [
            {"name": _("Search foods"), "url": url_for("foods.search")},
            {"name": _("Scan a barcode"), "url": url_for("barcodes.new")},
        ],
    }


def _drawing(name: str, size: int, purpose: str) -> dict[str, str]:
    address = asset(f"img/{name}.png")
    return {"src": address, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
