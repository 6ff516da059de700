"""The barcode on a photo, read by zxing-cpp. No photo is kept, and nothing of one is noted."""

import re
from collections.abc import Iterator
from io import BytesIO
from threading import Lock

from flask_babel import lazy_gettext as _l
from PIL import Image, ImageFilter
from zxingcpp import BarcodeFormat, BarcodeFormats, read_barcodes

from caloria.models import gtin

# What browsers send photos as. Each further kind is a further decoder to trust with what strangers made.
KINDS = ("JPEG", "PNG", "WEBP", "GIF")
RETAIL = (BarcodeFormat.EAN13, BarcodeFormat.EAN8, BarcodeFormat.UPCA, BarcodeFormat.UPCE)
FORMATS = BarcodeFormats((*RETAIL, BarcodeFormat.ITF, BarcodeFormat.Code128))
# Codes on boxes may say anything, in any length: less than this is no product, or only the half of one.
SHORTEST_ELSEWHERE = 13
# GS1-128 says with 01 that the number of a product follows.
GS1 = re.compile(r"(?:\(01\)|01)(\d{14})(?:\(.*)?")
MOST_PIXELS = 40_000_000
# Most codes fill much of a photo: a small copy is quick to read and free of noise. Others need a large one.
SMALL, LARGE = 1200, 3200
# What is blurred is read better with its edges made harder.
SHARPER = ImageFilter.UnsharpMask(radius=4, percent=200, threshold=0)
# Codes are found along the sides of a photo and some 20 degrees off; turned by this, the others are too.
SLANT_DEGREES = 45
HEIC = re.compile(rb".{4}ftyp(hei|hev|mif1|msf1)", re.DOTALL)

NO_PHOTO = _l("This cannot be read as a photo. JPEG, PNG, WebP and GIF can.")
IS_HEIC = _l("HEIC photos cannot be read here. Please send it as JPEG, or type the digits.")
TOO_LARGE = _l("This photo has too many pixels. Please send a smaller one, or type the digits.")

# A large photo takes some 200 MB while it is read: one at a time.
one_photo = Lock()


class Unreadable(Exception):
    """What was sent cannot be opened as a photo; says so in a sentence."""


def read(photo: bytes) -> str | None:
    """The digits of the barcode on a photo, or None where none is found. Raises Unreadable."""
    with one_photo:
        return next(filter(None, map(_found, _views(_opened(photo)))), None)


def _opened(photo: bytes) -> Image.Image:
    """The photo in shades of grey. Raises Unreadable."""
    try:
        with Image.open(BytesIO(photo), formats=KINDS) as image:
            # So far only its head was read.
            if image.width * image.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            image.draft("L", (LARGE, LARGE))
            return image.convert("L")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unreadable(TOO_LARGE) from None
    except Exception:
        # What a broken file raises depends on where it is broken.
        raise Unreadable(IS_HEIC if HEIC.match(photo) else NO_PHOTO) from None


def _views(photo: Image.Image) -> Iterator[Image.Image]:
    """The photo as it may be readable, what is quick first."""
    photo.thumbnail((LARGE, LARGE))
    small = photo.copy()
    small.thumbnail((SMALL, SMALL))
    for view in (small, _slanted(small)):
        yield view
        yield view.filter(SHARPER)
    yield photo
    yield _slanted(photo)


def _slanted(image: Image.Image) -> Image.Image:
    return image.rotate(SLANT_DEGREES, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def _found(image: Image.Image) -> str | None:
    """The number of the first product, those of shops before those of boxes."""
    codes = sorted(read_barcodes(image, formats=FORMATS), key=lambda code: code.format not in RETAIL)
    return next(filter(None, map(_product, codes)), None)


def _product(code) -> str | None:
    """The number of a product as it is printed, where a code holds one."""
    inside = GS1.fullmatch(code.text)
    digits = inside[1] if inside else code.text
    if code.format not in RETAIL and len(digits) < SHORTEST_ELSEWHERE:
        return None
    try:
        # What it stands for is known here: padded, eight digits are not taken for those of another kind.
        return gtin.shown(gtin.normalised(digits.zfill(gtin.LENGTH)))
    except gtin.NotABarcode:
        return None
