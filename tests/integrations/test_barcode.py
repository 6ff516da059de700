"""Barcodes on photos: as they are printed, and held, lit and sent as people do."""

from random import Random
from threading import Thread

import pytest
from PIL import Image, ImageEnhance, ImageFilter
from printed import printed, sent
from zxingcpp import BarcodeFormat

from caloria.integrations import barcode
from caloria.models import gtin

MILK = "4006381333931"


def blotches(size: tuple[int, int]) -> Image.Image:
    """Something that is no barcode, the same each time."""
    return Image.frombytes("L", (40, 30), Random(40).randbytes(1200)).resize(size)


def on_a_table(label: Image.Image, size: tuple[int, int] = (1300, 1000)) -> Image.Image:
    """A photo of a pack on which the code stands on its white label."""
    table = blotches(size).convert("RGB")
    place = (size[0] // 4, size[1] // 4)
    table.paste(
        "white", (*(edge - 60 for edge in place), place[0] + label.width + 60, place[1] + label.height + 60)
    )
    table.paste(label.convert("RGB"), place)
    return table


def turned(code: Image.Image, degrees: float) -> Image.Image:
    return code.rotate(degrees, expand=True, fillcolor=255)


@pytest.mark.parametrize(
    ("kind", "printed_digits", "digits"),
    [
        (BarcodeFormat.EAN13, MILK, MILK),
        (BarcodeFormat.EAN8, "96385074", "96385074"),
        (BarcodeFormat.UPCA, "036000291452", "036000291452"),
        (BarcodeFormat.UPCE, "04252614", "042100005264"),
        (BarcodeFormat.UPCE, "01234531", "012300000451"),
        (BarcodeFormat.ITF14, "10012345678902", "10012345678902"),
        (BarcodeFormat.Code128, MILK, MILK),
        (BarcodeFormat.Code128, f"010{MILK}", MILK),
    ],
)
def test_each_kind_of_barcode_is_read(kind, printed_digits, digits):
    photo = on_a_table(printed(printed_digits, kind))

    assert barcode.read(sent(photo)) == digits
    if len(printed_digits) == 8:
        assert gtin.normalised(printed_digits) == digits.zfill(14)


def test_what_a_box_says_beside_its_number_is_left_out():
    code = printed(f"(01)0{MILK}(17)270131", BarcodeFormat.Code128, gs1=True)

    assert barcode.read(sent(on_a_table(code))) == MILK


@pytest.mark.parametrize("degrees", [20, 45, 90, 180, 300])
def test_a_barcode_may_be_held_at_any_angle(degrees):
    assert barcode.read(sent(on_a_table(turned(printed(MILK), degrees)))) == MILK


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda photo: photo.filter(ImageFilter.GaussianBlur(2)),
        lambda photo: ImageEnhance.Contrast(photo).enhance(0.25),
        lambda photo: ImageEnhance.Brightness(photo).enhance(0.2),
        lambda photo: photo.resize((700, 540)),
    ],
    ids=["blurred", "pale", "dark", "small"],
)
def test_a_photo_need_not_be_good(spoilt):
    assert barcode.read(sent(spoilt(on_a_table(printed(MILK, scale=5))), quality=70)) == MILK


def test_a_small_code_on_a_sharp_photo_is_found():
    photo = on_a_table(turned(printed(MILK, scale=2), 40), (3200, 2400))

    assert barcode.read(sent(photo)) == MILK


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "MPO"])
def test_each_kind_of_photo_is_read(kind):
    assert barcode.read(sent(on_a_table(printed(MILK)), kind)) == MILK


@pytest.mark.parametrize("mode", ["1", "P", "RGBA", "CMYK"])
def test_colours_make_no_difference(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"

    assert barcode.read(sent(printed(MILK).convert(mode), kind)) == MILK


@pytest.mark.parametrize("other", ["hello", "12345670", "4006381333932", "0104006381333932"])
def test_a_code_that_numbers_no_product_is_none(other):
    assert barcode.read(sent(on_a_table(printed(other, BarcodeFormat.Code128)))) is None


def test_the_code_of_the_product_goes_before_that_of_its_box():
    photo = on_a_table(printed("10012345678902", BarcodeFormat.ITF14, scale=5))
    photo.paste(printed(MILK, scale=5).convert("RGB"), (400, 660))

    assert barcode.read(sent(photo)) == MILK


def test_a_photo_without_a_barcode_has_none():
    assert barcode.read(sent(blotches((900, 700)))) is None


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"x",
        b"%PDF-1.7 and so on",
        b"\xff\xd8\xff\xe0" + b"\0" * 500,
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"GIF89a" + b"\xff" * 50,
        b"RIFF\x10\0\0\0WEBPVP8 ",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        sent(printed(MILK))[:2000],
        sent(printed(MILK), "PNG")[:300],
        sent(printed(MILK), "BMP"),
        sent(printed(MILK), "TIFF"),
    ],
    ids=lambda each: repr(each[:8]),
)  # fmt: skip
def test_what_is_no_photo_is_told_so(wrong):
    with pytest.raises(barcode.Unreadable, match="cannot be read as a photo"):
        barcode.read(wrong)


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"hevc", b"mif1"])
def test_a_heic_photo_is_told_what_would_do(brand):
    with pytest.raises(barcode.Unreadable, match="as JPEG, or type the digits"):
        barcode.read(b"\0\0\0\x18ftyp" + brand + b"\0" * 100)


@pytest.mark.parametrize(("kind", "side"), [("PNG", 6500), ("PNG", 15_000), ("JPEG", 6500)])
def test_a_photo_of_more_pixels_than_any_camera_takes_is_not_unpacked(kind, side):
    bomb = sent(Image.new("1", (side, side)).convert("L" if kind == "JPEG" else "1"), kind)

    assert len(bomb) < 3_000_000
    with pytest.raises(barcode.Unreadable, match="too many pixels"):
        barcode.read(bomb)


def test_photos_are_read_one_at_a_time():
    found = []
    photo = sent(on_a_table(printed(MILK)))
    readers = [Thread(target=lambda: found.append(barcode.read(photo))) for _ in range(3)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()

    assert found == [MILK] * 3
