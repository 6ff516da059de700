"""From a barcode to its food: photographed, typed or in an address; known, unknown and somebody else's."""

from datetime import date
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from pages import Page
from PIL import Image
from printed import printed, sent
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from caloria.extensions import db
from caloria.models import Day, Food

DAY = date(2026, 11, 20)
MILK = "4006381333931"
COLA = "036000291452"


@pytest.fixture
def make_with_barcode(make_food):
    def make(name: str, digits: str, **more):
        food = make_food(name, energy_kcal=100, **more)
        food.gtin = digits.zfill(14)
        db.session.commit()
        return food

    return make


@pytest.fixture
def dinner(alice):
    return Day(alice, DAY).meals[2].meal


@pytest.fixture
def scan(signed_in, dinner):
    """Send what the page sends, and go where it leads."""

    def scan(photo: bytes | None = None, digits: str = "", name: str = "photo.jpg", follow=True):
        form = Page(signed_in.get(f"/foods/barcode?day={DAY}&meal={dinner.id}")).form("/foods/barcode")
        said = {
            **form.data,
            "digits": digits,
            "photo": (BytesIO(photo or b""), name if photo is not None else ""),
        }
        answer = signed_in.post(form.action, data=said)
        return signed_in.get(answer.location) if follow and answer.status_code == 303 else answer

    return scan


def leads_to(answer) -> tuple[str, dict]:
    assert answer.status_code == 303
    to = urlsplit(answer.location)
    return to.path, {name: values[0] for name, values in parse_qs(to.query).items()}


def test_a_photo_leads_to_its_food_at_the_day_and_meal_one_came_from(scan, make_with_barcode, dinner):
    milk = make_with_barcode("Oat milk", MILK)

    answer = scan(sent(printed(MILK).rotate(90, expand=True)))

    assert leads_to(answer) == (f"/foods/{milk.id}", {"day": str(DAY), "meal": str(dinner.id)})


@pytest.mark.parametrize("typed", [MILK, " 4 006381 333931", "4006381-333931", f"0{MILK}", "٤٠٠٦٣٨١٣٣٣٩٣١"])
def test_digits_lead_there_however_they_are_typed(scan, make_with_barcode, typed):
    milk = make_with_barcode("Oat milk", MILK)

    assert leads_to(scan(digits=typed))[0] == f"/foods/{milk.id}"


@pytest.mark.parametrize(
    ("kept", "typed"),
    [(COLA, f"0{COLA}"), (COLA, f"00{COLA}"), ("042100005264", "04252614"), ("01234565", "01234565")],
)
def test_a_food_is_found_by_another_form_of_its_digits(scan, make_with_barcode, kept, typed):
    food = make_with_barcode("Cola", kept)

    assert leads_to(scan(digits=typed))[0] == f"/foods/{food.id}"


def test_typed_digits_count_where_a_photo_came_too(scan, make_with_barcode):
    cola = make_with_barcode("Cola", COLA)

    assert leads_to(scan(sent(printed(MILK)), digits=COLA))[0] == f"/foods/{cola.id}"


def test_ones_own_food_comes_before_a_shared_one(scan, make_with_barcode, alice):
    own = make_with_barcode("My oat milk", MILK, owner=alice)
    make_with_barcode("Oat milk", MILK)

    assert leads_to(scan(digits=MILK))[0] == f"/foods/{own.id}"


def test_an_unknown_barcode_leads_to_a_new_food_with_its_digits(scan, signed_in, dinner):
    answer = scan(digits=f"00{COLA}")

    assert leads_to(answer) == ("/foods/new", {"gtin": COLA, "day": str(DAY), "meal": str(dinner.id)})
    page = Page(signed_in.get(answer.location))
    assert "it is yours for next time" in page.words
    assert page.form("/foods").data["gtin"] == COLA


def test_what_is_a_strangers_or_put_away_is_not_known(scan, make_with_barcode, alice, bob):
    make_with_barcode("Bob's oat milk", MILK, owner=bob)
    make_with_barcode("My old oat milk", MILK, owner=alice).archive()
    db.session.commit()

    assert leads_to(scan(digits=MILK))[0] == "/foods/new"


def test_what_was_copied_from_the_label_is_found_the_next_time(scan, signed_in):
    form = Page(signed_in.get(scan(sent(printed(MILK))).location)).form("/foods")
    made = signed_in.post(form.action, data={**form.data, "name": "Oat milk", "energy_kcal": "46"})

    assert leads_to(scan(digits=MILK)) == leads_to(made)


@pytest.mark.parametrize(
    ("sent_instead", "sentence"),
    [
        (b"", "cannot be read as a photo"),
        (b"no photo at all", "cannot be read as a photo"),
        (bytes(range(256)) * 40, "cannot be read as a photo"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 99, "HEIC"),
        (sent(Image.new("1", (9000, 9000)), "PNG"), "too many pixels"),
        (sent(Image.new("L", (800, 600), 200)), "No barcode was found"),
    ],
    ids=["empty", "text", "garbage", "heic", "bomb", "nothing on it"],
)  # fmt: skip
def test_a_photo_that_does_not_do_is_told_why(scan, sent_instead, sentence):
    answer = scan(sent_instead)

    assert answer.status_code == 422
    assert sentence in Page(answer).words


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "take a photo of the barcode, or type"),
        ("12345", "8, 12, 13 or 14 digits"),
        ("4006381333932", "last digit does not go with the others"),
        ("oat <milk>", "8, 12, 13 or 14 digits"),
        ("4" * 41, "40 characters"),
    ],
)
def test_digits_that_are_none_are_told_and_kept(scan, typed, sentence):
    answer = scan(digits=typed)

    page = Page(answer)
    assert answer.status_code == 422
    assert sentence in page.words
    assert page.form("/foods/barcode").data["digits"] == typed


@pytest.mark.parametrize("digits", ["1", "4006381333932", "oats", "%00", "9" * 300, "%3Cb%3E"])
def test_an_address_of_no_barcode_asks_again(signed_in, digits):
    answer = signed_in.get(f"/foods/barcode/{digits}")

    assert answer.status_code == 422
    assert Page(answer).has_form("/foods/barcode")
    assert "<b>" not in answer.text


@pytest.mark.parametrize(("bytes_more", "status"), [(9_000_000, 303), (10_500_000, 413)])
def test_a_photo_may_have_ten_megabytes(signed_in, bytes_more, status):
    photo = FileStorage(BytesIO(sent(printed(MILK)) + b"\0" * bytes_more), "photo.jpg")
    boundary, body = encode_multipart({"photo": photo})

    answer = signed_in.post(
        "/foods/barcode",
        data=body,
        csrf=False,
        content_type=f"multipart/form-data; boundary={boundary}",
        headers={"X-CSRFToken": signed_in.csrf_token()},
    )

    assert answer.status_code == status


def test_other_forms_still_take_no_more_than_they_did(signed_in):
    assert signed_in.post("/account", data={"name": "x" * 1_100_000}).status_code == 413


def test_nothing_of_a_photo_is_kept(scan, statements, caplog):
    scan(sent(printed(MILK)))
    scan(b"no photo")

    assert not [said for said in statements if said.startswith("INSERT")]
    # Of each request the line that says how it went, and nothing else.
    assert {record.name for record in caplog.records} == {"caloria.request_log"}


def test_the_search_offers_to_scan_for_the_day_and_meal(signed_in, dinner):
    for page in (
        f"/diary/{DAY}",
        f"/foods/search?day={DAY}&meal={dinner.id}",
        f"/foods/search?q=zzz&day={DAY}",
    ):
        [scan] = [link for link in Page(signed_in.get(page)).links if link.startswith("/foods/barcode")]
        assert f"day={DAY}" in scan
        assert "meal=" in scan


def test_two_foods_of_ones_own_do_not_share_a_barcode(signed_in, make_with_barcode, alice, bob):
    make_with_barcode("Bob's", MILK, owner=bob)
    old = make_with_barcode("Old", MILK, owner=alice)
    form = Page(signed_in.get(f"/foods/new?gtin={MILK}")).form("/foods")
    said = {**form.data, "name": "New", "energy_kcal": "46"}

    answer = signed_in.post(form.action, data=said)

    page = Page(answer)
    assert answer.status_code == 422
    assert "“Old” has this barcode already" in page.words
    assert f"/foods/{old.id}" in page.links
    assert page.form("/foods").data["name"] == "New"
    old.archive()
    db.session.commit()
    assert signed_in.post(form.action, data=said).status_code == 303
    assert signed_in.post(form.action, data=said).status_code == 303


def test_any_number_of_foods_have_no_barcode(signed_in):
    for name in ("Bread", "Butter"):
        form = Page(signed_in.get("/foods/new")).form("/foods")
        said = {**form.data, "name": name, "energy_kcal": "250"}
        assert signed_in.post(form.action, data=said).status_code == 303


def test_the_barcode_of_ones_own_food_is_changed_and_taken_away(signed_in, make_with_barcode, alice):
    food = make_with_barcode("Oat milk", COLA, owner=alice)
    other = make_with_barcode("Other", MILK, owner=alice)
    form = Page(signed_in.get(f"/foods/{food.id}/edit")).form(f"/foods/{food.id}")
    assert form.data["gtin"] == COLA

    def change(digits: str) -> tuple[int, str | None]:
        answer = signed_in.post(form.action, data={**form.data, "gtin": digits})
        db.session.expire_all()
        return answer.status_code, db.session.scalar(select(Food.gtin).where(Food.id == food.id))

    kept = COLA.zfill(14)
    assert change(COLA) == (303, kept)
    assert change(MILK) == (422, kept)
    assert change("4006381333932") == (422, kept)
    assert change("96385074") == (303, "00000096385074")
    assert change("") == (303, None)
    assert other.gtin == MILK.zfill(14)
