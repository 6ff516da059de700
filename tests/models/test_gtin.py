"""Barcodes as their digits: which are right, what they stand for, and how they are shown."""

import pytest

from caloria.models import gtin


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("4006381333931", "04006381333931"),
        ("036000291452", "00036000291452"),
        ("0036000291452", "00036000291452"),
        ("00036000291452", "00036000291452"),
        ("10012345678902", "10012345678902"),
        ("96385074", "00000096385074"),
        (" 4 006381-333931 ", "04006381333931"),
        ("4\N{NO-BREAK SPACE}006381\N{EN DASH}333931", "04006381333931"),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", "04006381333931"),
    ],
)
def test_however_it_is_typed_a_barcode_is_kept_as_one_text(typed, kept):
    assert gtin.normalised(typed) == kept


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("04252614", "042100005264"),
        ("01234505", "012000003455"),
        ("01278916", "012100007896"),
        ("01291829", "012200009189"),
        ("01234531", "012300000451"),
        ("01234543", "012340000053"),
        ("01234565", "012345000065"),
        ("01234596", "012345000096"),
    ],
)
def test_a_upc_e_is_the_upc_a_that_it_is_short_for(short, long):
    assert gtin.normalised(short) == long.zfill(14) == gtin.normalised(long)


def test_eight_digits_that_may_be_two_things_are_looked_for_as_both():
    assert gtin.readings("01234565") == ["00012345000065", "00000001234565"]
    assert gtin.readings("96385074") == ["00000096385074"]


@pytest.mark.parametrize("misread", ["4006381333932", "036000291453", "96385075", "10012345678903", "0" * 13])
def test_a_digit_that_was_misread_is_found_out(misread):
    with pytest.raises(gtin.NotABarcode, match="last digit"):
        gtin.normalised(misread)


@pytest.mark.parametrize(
    "typed",
    ["", "-", "123", "40063813339", "400638133393", "400638133393100", "4006381333931x", "½" * 8, "²" * 8],
)
def test_what_is_no_barcode_is_refused(typed):
    with pytest.raises(gtin.NotABarcode):
        gtin.normalised(typed)


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("04006381333931", "4006381333931"),
        ("00036000291452", "036000291452"),
        ("00000096385074", "96385074"),
        ("10012345678902", "10012345678902"),
        ("00000001234565", "000001234565"),
    ],
)
def test_a_barcode_is_shown_as_it_is_printed_and_read_back_as_itself(kept, shown):
    assert gtin.shown(kept) == shown
    assert gtin.normalised(shown) == kept
