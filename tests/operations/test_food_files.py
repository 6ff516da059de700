"""What the files of sources say. What is wrong with a row rejects it with its reason, or refuses the file."""

import gzip
import json
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from food_files import amounts, open_csv, open_jsonl, spread, usda_files, zipped

from caloria.models.food_sources.amounts import Rejected
from caloria.models.food_sources.open_food_facts import KEPT, NAMED
from caloria.models.nutrients import NUTRIENT_NAMES
from caloria.operations.bulk_import.files import Package
from caloria.operations.bulk_import.merging import SAID
from caloria.operations.bulk_import.open_food_facts import OpenFoodFacts
from caloria.operations.bulk_import.run import usda_source
from caloria.operations.bulk_import.spool import spooling
from caloria.operations.bulk_import.unfit import UnfitFile

APPLE = ("1", "sr_legacy_food", "Apple, raw", "9", "2019-04-01")


def read(source) -> tuple[list[dict], list[tuple]]:
    """The foods of a source, and its rejections."""
    source.read(lambda _place: None)
    made = []
    for line, key, make in source.foods():
        try:
            row = make()
        except Rejected as error:
            source.spool.reject(line, key, str(error))
            continue
        made.append(row)
    assert source.spool.read == len(made) + source.spool.rejected
    return made, list(source.spool.rejections())


def usda(path) -> tuple[list[dict], list[tuple]]:
    with spooling() as spool:
        made, rejected = read(usda_source(Package(path), spool))
    return [{**dict(zip(SAID, food, strict=True)), "portions": portions} for food, portions in made], rejected


def usda_of(tmp_path, **tables):
    return usda(zipped(tmp_path / "usda.zip", usda_files(**tables)))


def openly(path) -> tuple[list[dict], list[tuple]]:
    with spooling() as spool:
        made, rejected = read(OpenFoodFacts(Package(path), spool))
    return [dict(zip(KEPT, row, strict=True)) for row in made], rejected


@pytest.mark.parametrize(
    ("said", "energy"),
    [
        ([(1008, 52), (2047, 50), (2048, 51)], 52),
        ([(2047, 50), (2048, 51)], 51),
        ([(2047, 50)], 50),
        ([("208", 52), ("957", 50)], 52),
    ],
    ids=["id", "specific", "general", "legacy numbers"],
)
def test_energy_is_found_under_each_of_its_names(tmp_path, said, energy):
    given = amounts(*(("1", id, amount) for id, amount in said))

    [apple], rejected = usda_of(tmp_path, food=[APPLE], food_nutrient=given)

    assert (apple["energy_kcal"], apple["protein_g"], rejected) == (energy, None, [])


def test_portions_are_understood_in_all_three_dialects(tmp_path):
    fndds = {"measure_unit_id": 9999, "modifier": "10205"}
    portions = [
        {"fdc_id": 1, "amount": "1.0", "measure_unit_id": "1000", "modifier": "sliced", "gram_weight": "109"},
        {"fdc_id": 1, "amount": 1, "measure_unit_id": 9999, "modifier": 'large (3")', "gram_weight": "223"},
        {"fdc_id": 1, **fndds, "portion_description": "1/2 cup, chopped", "gram_weight": "60"},
        {"fdc_id": 1, **fndds, "portion_description": "Quantity not specified", "gram_weight": "100"},
        {"fdc_id": 1, "amount": "1", "measure_unit_id": "1000", "gram_weight": "0"},
    ]  # fmt: skip
    units = [("1000", "cup"), ("9999", "undetermined")]

    [apple], _ = usda_of(
        tmp_path,
        food=[APPLE],
        food_nutrient=amounts(("1", 1008, 52)),
        food_portion=portions,
        measure_unit=units,
    )

    assert apple["portions"] == [
        (1.0, "cup, sliced", 109),
        (1.0, 'large (3")', 223),
        (0.5, "cup, chopped", 60),
    ]


def test_only_current_foods_are_foods_and_categories_say_their_group(tmp_path):
    foods = [
        ("1", "foundation_food", "Ale", "28", "2020-01-01"),
        ("2", "foundation_food", "Old ale", "28", "2019-01-01"),
        ("3", "sub_sample_food", "Ale, sample", "28", "2020-01-01"),
    ]
    categories = [("14", "1400", "Beverages"), ("28", "1410", "Alcoholic Beverages")]

    [ale], rejected = usda_of(
        tmp_path,
        food=foods,
        food_category=categories,
        foundation_food=[("1", "", "")],
        food_nutrient=amounts(("1", 1008, 43), ("2", 1008, 43), ("3", 1008, 43)),
    )

    assert ale["category"] == "Beverages › Alcoholic Beverages"
    assert [(line, key, "no longer current" in reason) for line, key, reason in rejected] == [(3, "2", True)]


def test_of_one_barcode_the_newest_record_counts_and_wrong_digits_are_rejected(tmp_path):
    foods = [(str(id), "branded_food", "CHEESE CURLS", "", "2019-04-01") for id in (11, 12, 13)]
    labels = [
        ("11", "MARIN'S", "", "33049105252", "28.0", "g", "1 ONZ", "Other Snacks", "2019-04-01"),
        ("12", "MARIN'S", "", "033049105252", "355", "ml", "1 CAN", "Soda", "2021-04-01"),
        ("13", "MARIN'S", "", "33049105253", "28.0", "g", "1 ONZ", "Other Snacks", "2021-04-01"),
    ]

    [newest], rejected = usda_of(
        tmp_path,
        food=foods,
        branded_food=labels,
        food_nutrient=amounts(*((str(id), 1008, 500) for id in (11, 12, 13))),
    )

    said = (newest["source_id"], newest["gtin"], newest["name"], newest["brand"], newest["density_g_per_ml"])
    assert said == ("12", "00033049105252", "Cheese curls", "MARIN'S", 1.0)
    assert newest["portions"] == [(1.0, "can", 355)]
    assert {key: reason.partition(":")[0] for _, key, reason in rejected} == {
        "11": "the file has a newer record of the barcode 00033049105252",
        "13": "barcode 33049105253",
    }


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        ("NaN", "protein_g: NaN is no amount"),
        ("-1", "protein_g: -1 is negative"),
        ("250", "protein_g: 250 cannot be in 100 g"),
        ("lots", "protein_g: 'lots' is no number"),
        ("1_0", "protein_g: '1_0' is no number"),
    ],
)
def test_an_amount_that_cannot_be_rejects_its_food_alone(tmp_path, amount, reason):
    foods = [APPLE, ("2", "sr_legacy_food", "Pear, raw", "9", "2019-04-01")]

    made, rejected = usda_of(
        tmp_path, food=foods, food_nutrient=amounts(("1", 1003, amount), ("2", 1003, "0.4"))
    )

    assert ([food["name"] for food in made], rejected) == (["Pear, raw"], [(2, "1", reason)])


def test_a_byte_order_mark_windows_lines_and_odd_bytes_do_no_harm(tmp_path):
    foods = [APPLE, ("2", "sr_legacy_food", "Pear", "9", ""), ("1", "sr_legacy_food", "Apple again", "9", "")]
    files = usda_files(food=foods, food_nutrient=amounts(("1", 1008, 52), ("2", 1008, 57)))
    files["food.csv"] = b"\xef\xbb\xbf" + files["food.csv"].replace(b"\n", b"\r\n").replace(
        b"Pear", b"P\xe9ar"
    )

    [apple], rejected = usda(zipped(tmp_path / "usda.zip", files))

    assert apple["name"] == "Apple, raw"
    assert [each[2] for each in rejected] == ["it is not UTF-8", "the id stands in the file more than once"]


def test_a_line_without_end_is_rejected_without_being_held(tmp_path):
    """A line far longer than the longest: it is read in pieces."""
    files = usda_files(food=[APPLE], food_nutrient=amounts(("1", 1008, 52)))
    noise = bytes(48 + place % 10 for place in range(1 << 20))
    files["food.csv"] += (
        b'"2","sr_legacy_food","' + noise * 20 + b'","",""\n"3","sr_legacy_food","Pear","",""\n'
    )

    _, rejected = usda(zipped(tmp_path / "usda.zip", files))

    assert rejected[0][2] == "the line is longer than 3 MiB"


def test_a_quotation_mark_that_is_missing_says_which_lines_it_takes_with_it(tmp_path):
    foods = [(str(id), "sr_legacy_food", "Apple", "9", "") for id in (1, 2, 3)]
    files = usda_files(food=foods, food_nutrient=amounts(*((str(id), 1008, 52) for id in (1, 2, 3))))
    files["food.csv"] = files["food.csv"].replace(b'""', b'"', 1)

    [apple], [(_line, key, reason)] = usda(zipped(tmp_path / "usda.zip", files))

    assert (apple["source_id"], key, "lines 2 to 3" in reason) == ("3", "1", True)


def test_a_branded_food_without_its_label_is_rejected(tmp_path):
    """It would lose the barcode that it had."""
    food = ("11", "branded_food", "CHEESE CURLS", "", "")

    made, [(_line, _key, reason)] = usda_of(
        tmp_path, food=[food], branded_food=[], food_nutrient=amounts(("11", 1008, 500))
    )

    assert (made, reason) == ([], "branded_food.csv says nothing of it")


def test_an_id_that_no_index_can_hold_is_rejected(tmp_path):
    long = "9" * 4000

    made, [(_line, _key, reason)] = usda_of(
        tmp_path, food=[(long, *APPLE[1:])], food_nutrient=amounts((long, 1008, 52))
    )

    assert (made, reason) == ([], "its fdc_id is no number")


def cut(path, files):
    path.write_bytes(zipped(path, files).read_bytes()[:-60])


def without_column(path, files):
    zipped(path, {**files, "food.csv": files["food.csv"].replace(b"fdc_id", b"id")})


def bomb(path, files):
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        file.writestr("food.csv", bytes(96 << 20))
        file.writestr("food_nutrient.csv", files["food_nutrient.csv"])


def damaged(path, files):
    content = bytearray(zipped(path, files).read_bytes())
    content[120:130] = b"\0" * 10
    path.write_bytes(content)


def no_food(path, files):
    zipped(path, {"nutrient.csv": files["nutrient.csv"]})


def two_downloads(path, files):
    with ZipFile(zipped(path, files), "a") as file:
        file.writestr("another/food.csv", files["food.csv"])


def csv_and_json(path, files):
    zipped(path, {**files, "foundation.json": b""})


def old_lines(path, files):
    zipped(path, {**files, "food.csv": files["food.csv"].replace(b"\n", b"\r")})


def latin_head(path, files):
    zipped(path, {**files, "food.csv": files["food.csv"].replace(b"publication", b"publicaci\xf3n")})


def cut_before(path, files):
    """Cut off before it was zipped: the rest of a nutrient would be taken for all of it."""
    zipped(path, {**files, "food_nutrient.csv": files["food_nutrient.csv"][:-20]})


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (cut, "cut off"),
        (without_column, "no column fdc_id"),
        (bomb, "fill a disk"),
        (damaged, "broken"),
        (no_food, "no food.csv"),
        (two_downloads, "more than one food.csv"),
        (csv_and_json, "one download at a time"),
        (old_lines, "no column fdc_id"),
        (latin_head, "not UTF-8"),
        (cut_before, "food_nutrient.csv ends within a row"),
    ],
    ids=lambda each: each.__name__ if callable(each) else "",
)
def test_a_file_that_is_broken_is_refused_as_a_whole(tmp_path, spoil, said):
    path = tmp_path / "usda.zip"
    spoil(path, usda_files(food=[APPLE], food_nutrient=amounts(("1", 1008, 52))))

    with pytest.raises(UnfitFile, match=said):
        usda(path)


def test_a_stream_that_unpacks_for_ever_is_refused(tmp_path):
    path = tmp_path / "products.csv.gz"
    path.write_bytes(gzip.compress(bytes(96 << 20)))

    with pytest.raises(UnfitFile, match="fill a disk"):
        openly(path)


JSON_APPLE = {
    "fdcId": 7, "dataType": "Foundation", "description": "Apple, raw", "publicationDate": "4/1/2020",
    "foodCategory": {"description": "Fruits"},
    "foodNutrients": [
        {"nutrient": {"id": 2047, "number": "957", "unitName": "kcal"}, "amount": 52.0},
        {"nutrient": {"id": 1093, "number": "307", "unitName": "g"}, "amount": 0.001},
    ],
    "foodPortions": [
        {"amount": 1.0, "gramWeight": 109.0, "measureUnit": {"name": "cup"}, "modifier": "sliced"},
    ],
}  # fmt: skip


def test_the_json_download_says_the_same(tmp_path):
    path = tmp_path / "foundation.json"
    wrong = {**JSON_APPLE, "fdcId": 8, "foodNutrients": []}
    path.write_text(json.dumps({"FoundationFoods": [JSON_APPLE, wrong, JSON_APPLE]}, ensure_ascii=False))

    [apple], rejected = usda(path)

    assert (apple["energy_kcal"], apple["sodium_mg"], apple["category"]) == (52, 1, "Fruits")
    assert apple["portions"] == [(1.0, "cup, sliced", 109)]
    assert [(line, key) for line, key, _ in rejected] == [(2, "8"), (3, "7")]


def test_a_portion_that_cannot_be_is_left_out_of_a_json_download_too(tmp_path):
    path = tmp_path / "foundation.json"
    portions = [{"amount": 1, "gramWeight": -5, "modifier": "slice"}, *JSON_APPLE["foodPortions"]]
    path.write_text(json.dumps({"FoundationFoods": [{**JSON_APPLE, "foodPortions": portions}]}))

    [apple], rejected = usda(path)

    assert ([unit for _, unit, _ in apple["portions"]], rejected) == (["cup, sliced"], [])


@pytest.mark.parametrize("end", [-1, -30, 40])
def test_a_json_download_that_ends_too_early_is_refused(tmp_path, end):
    path = tmp_path / "foundation.json"
    path.write_text(json.dumps({"FoundationFoods": [JSON_APPLE, JSON_APPLE]})[: end - 1])

    with pytest.raises(UnfitFile, match=r"ends too early|begins with none"):
        usda(path)


def test_a_product_is_read_out_of_grams_and_words(tmp_path):
    [product], _ = openly(open_csv(tmp_path / "products.csv.gz", spread(**{"vitamin-c_100g": "0.01"})))

    said = (
        product["gtin"],
        product["brand"],
        product["energy_kcal"],
        product["sodium_mg"],
        product["vitamin_c_mg"],
    )
    assert said == ("03017620422003", "Nutty", 539, pytest.approx(42.8), 10)
    assert (product["serving_amount"], product["serving_name"], product["serving_grams"]) == (1, "tbsp", 15)


@pytest.mark.parametrize(
    ("said", "kcal"),
    [
        ({"energy-kcal_100g": "", "energy-kj_100g": "418.4"}, pytest.approx(100)),
        ({"energy-kcal_100g": "", "energy_100g": "418.4"}, pytest.approx(100)),
        ({"energy-kcal_100g": "2252", "energy-kj_100g": "2252"}, pytest.approx(538.24, abs=0.01)),
    ],
    ids=["kJ", "the old name is kJ", "kJ typed as kcal"],
)
def test_energy_in_kilojoules_is_converted(tmp_path, said, kcal):
    [product], _ = openly(open_csv(tmp_path / "products.csv.gz", spread(**said)))

    assert product["energy_kcal"] == kcal


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"code": "3017620422004"}, "check digit is wrong"),
        ({"product_name": ""}, "no name"),
        ({"salt_100g": "400"}, "sodium_mg: 160000 cannot be in 100 g"),
        ({"energy-kcal_100g": "", "energy_100g": ""}, "no energy"),
        ({"proteins_100g": "-5"}, "negative"),
        ({"proteins_100g": "nan"}, "no amount"),
    ],
)
def test_a_product_that_cannot_be_is_rejected_with_its_reason(tmp_path, said, reason):
    made, [(line, _key, why)] = openly(open_csv(tmp_path / "products.csv.gz", spread(**said)))

    assert (made, line, reason in why) == ([], 2, True), why


def test_a_vitamin_off_by_a_thousand_is_left_out_and_the_product_stays(tmp_path):
    with spooling() as spool:
        path = open_csv(tmp_path / "products.csv.gz", spread(**{"vitamin-c_100g": "60"}))
        [row], _ = read(OpenFoodFacts(Package(path), spool))
        notes = list(spool.notes())

    assert dict(zip(KEPT, row, strict=True))["vitamin_c_mg"] is None
    assert notes == [("products.csv.gz", 2, "03017620422003", "vitamin_c_mg: 60000 cannot be in 100 g")]


def test_of_several_rows_of_a_product_the_one_that_was_changed_last_counts(tmp_path):
    rows = [
        spread(product_name=name, last_modified_t=at) for name, at in (("old", 1), ("new", 9), ("older", 5))
    ]

    [product], rejected = openly(open_csv(tmp_path / "products.csv.gz", *rows))

    assert (product["name"], [line for line, *_ in rejected]) == ("new", [2, 4])


def test_lines_of_json_fall_back_over_languages_and_servings(tmp_path):
    told = {
        "code": 3017620422003,
        "lang": "fr",
        "product_name_de": "Nusscreme",
        "serving_size": "2 biscuits (25g)",
        "serving_quantity": 25,
        "categories_tags": ["en:spreads", "en:sweet-spreads"],
        "nutriments": {"energy-kcal_serving": 100, "proteins_serving": "2"},
    }
    path = open_jsonl(tmp_path / "delta.jsonl.gz", told)
    path.write_bytes(path.read_bytes() + gzip.compress(b'{"code": \n[1]\n'))

    [product], rejected = openly(path)

    assert (product["name"], product["energy_kcal"], product["protein_g"]) == ("Nusscreme", 400, 8)
    assert (product["serving_amount"], product["serving_name"]) == (2, "biscuits")
    assert product["category"] == "Spreads › Sweet spreads"
    assert [each[2] for each in rejected] == ["it is no JSON", "it is no object"]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"nutriments": {"energy-kcal_100g": 10**400}}, "is no number"),
        ({"nutriments": {"energy-kcal_100g": True}}, "is no number"),
        ({"serving_quantity": 10**400, "nutriments": {"energy-kcal_serving": 1}}, "no amount of any"),
        ({"code": "\ud8003017620422003"}, "it is no barcode"),
        ({"product_name": "\ud800"}, "it has no name"),
    ],
    ids=["too many digits", "true", "a serving of too many digits", "half a letter", "half a name"],
)
def test_what_json_can_say_and_no_database_can_hold_is_rejected(tmp_path, said, reason):
    product = {"code": "3017620422003", "product_name": "Spread", "nutriments": {"energy-kcal_100g": 5}}

    made, [(_line, _key, why)] = openly(open_jsonl(tmp_path / "delta.jsonl.gz", {**product, **said}))

    assert (made, reason in why) == ([], True), why


def test_a_moment_that_is_far_away_and_letters_that_grow_do_no_harm(tmp_path):
    said = {"code": "3017620422003", "product_name": "İ" * 200, "nutriments": {"energy-kcal_100g": 5}}
    path = open_jsonl(
        tmp_path / "delta.jsonl.gz",
        {**said, "last_modified_t": 7_000_000_000},
        {**said, "last_modified_t": 10**400},
    )

    [product], [(line, _key, _reason)] = openly(path)

    assert (len(product["name"]), product["changed_at"].year, line) == (200, 2191, 2)


def test_a_delta_that_was_cut_off_is_refused(tmp_path):
    path = tmp_path / "delta.jsonl"
    path.write_text(json.dumps(spread()) + "\n" + json.dumps(spread())[:-9])

    with pytest.raises(UnfitFile, match="cut off"):
        openly(path)


def test_every_figure_of_the_vocabulary_has_a_name_there():
    assert {*NAMED, "energy_kcal", "folate_dfe_ug"} == set(NUTRIENT_NAMES)
