"""Reading what other trackers export: what is said in which way, and what is wrong in which words."""

import zipfile
import zlib
from io import BytesIO

import pytest
from imported_files import (
    CRONOMETER,
    CRONOMETER_DAYS,
    CRONOMETER_WEIGHTS,
    LOSEIT,
    MACROFACTOR,
    MYFITNESSPAL,
    MYFITNESSPAL_WEIGHTS,
    SPARKYFITNESS,
    workbook,
    zipped,
)

from caloria.models.imported import upload
from caloria.models.imported.dates import clock
from caloria.models.imported.numbers import decimal_sign, number
from caloria.models.imported.reader import read
from caloria.models.imported.table import MOST_ROWS
from caloria.models.imported.trouble import BadCell, NotReadable

HEAD = "Day,Group,Food Name,Amount,Energy (kcal),Protein (g)\n"
ROW = "2026-03-01,Lunch,Soup,100 g,50,1\n"


def servings(*rows: str, head: str = HEAD):
    return read("servings.csv", (head + "\n".join(rows)).encode())


def refusal(content: bytes, name: str = "servings.csv") -> str:
    with pytest.raises(NotReadable) as refused:
        read(name, content)
    return refused.value.text % refused.value.said


def test_myfitnesspal_names_no_foods_and_gives_vitamins_in_per_cent():
    files = {"Nutrition-Summary-2026.csv": MYFITNESSPAL, "Measurement-Summary-2026.csv": MYFITNESSPAL_WEIGHTS}
    reading = read(
        "File-Export.zip", zipped({**files, "Exercise-Summary.csv": "Date,Exercise\n2026-03-01,Run\n"})
    )

    first, second, _ = reading.foods
    assert (first.name, first.meal, first.amounts["energy_kcal"]) == (
        "MyFitnessPal Breakfast",
        "Breakfast",
        1012.5,
    )
    assert not {"calcium_mg", "iron_mg", "vitamin_c_mg"} & first.amounts.keys()
    assert "fiber_g" not in second.amounts
    assert [(weight.value, weight.unit) for weight in reading.weights] == [(170.5, None), (170, None)]
    assert reading.left == [{"name": "Exercise-Summary.csv", "rows": 1, "what": "exercises"}]
    assert [note.text for note in reading.notes] == ["slept, badly and long"]
    assert not reading.problems


def test_cronometer_says_foods_weights_and_units_and_its_sums_are_not_taken_beside_them():
    files = {
        "servings.csv": CRONOMETER,
        "dailysummary.csv": CRONOMETER_DAYS,
        "biometrics.csv": CRONOMETER_WEIGHTS,
    }
    reading = read("export.zip", zipped(files))

    oats, apple = reading.foods
    assert [(drink.day, drink.ml) for drink in reading.drinks] == [("2026-03-02", 250)]
    assert (oats.amount, oats.unit, oats.grams, oats.time) == (58, "g", 58, "08:30")
    assert (apple.name, apple.grams) == ('Apple, raw (2 medium (2-2/3" dia))', None)
    assert (apple.amounts["vitamin_d_ug"], apple.amounts["folate_ug"]) == (1, 11)
    assert oats.amounts["carbohydrate_g"] == 35
    assert "vitamin_d_ug" not in oats.amounts
    assert [(weight.value, weight.unit) for weight in reading.weights] == [(154, "lb")]
    assert [(row.name, row.unit, row.value) for row in reading.measured] == [
        ("Heart Rate (bpm)", "number", 61)
    ]
    assert reading.left == [{"name": "dailysummary.csv", "rows": 1, "what": "sums"}]
    assert [day.name for day in read("dailysummary.csv", CRONOMETER_DAYS.encode()).foods] == ["Cronometer"]


def test_lose_it_leaves_out_what_was_deleted_there():
    reading = read("food-logs.csv", LOSEIT.encode())

    assert [(food.day, food.name) for food in reading.foods] == [
        ("2026-03-14", "Chicken"),
        ("2026-03-15", "Bagel (1 Each)"),
    ]
    assert "cholesterol_mg" not in reading.foods[0].amounts
    weights = read("weights.csv", b"Date,Weight,Last Updated,Deleted\n03/14/2026,80,x,0\n03/15/2026,81,x,1\n")
    assert (weights.tracker, [weight.value for weight in weights.weights]) == ("loseit", [80])


def test_macrofactor_is_an_excel_file_whose_formulas_are_not_worked_out():
    reading = read("macrofactor.xlsx", workbook(MACROFACTOR))

    (food,) = reading.foods
    assert (food.day, food.time, food.name) == ("2026-03-01", "12:30", '=HYPERLINK("x") (1.5 cup)')
    assert (food.amounts["energy_kcal"], food.amounts["protein_g"]) == (300, 12.25)
    assert [(weight.day, weight.value, weight.unit) for weight in reading.weights] == [
        ("2026-03-01", 70.4, "kg")
    ]
    assert reading.left == [{"name": "Calories & Macros", "rows": 1, "what": "sums"}]


def test_a_weight_into_which_the_food_does_not_go_is_kept_in_words_alone():
    good, wrong = servings(ROW.strip(), ROW.replace("100 g,50,1", "1 g,50,12").strip()).foods

    assert (good.name, good.grams, wrong.name, wrong.grams) == ("Soup", 100, "Soup (1 g)", None)


def test_sparkyfitness_says_brands():
    (skyr,) = read("diary.csv", SPARKYFITNESS.encode()).foods

    assert (skyr.name, skyr.brand, skyr.grams, skyr.amounts["fiber_g"]) == ("Skyr", "Arla", 150, 0)


EUROPEAN = (
    "Day;Group;Food Name;Amount;Energy (kJ);Protein (g)\r\n"
    '01.03.2026;Lunch;"Soup;\r\nà la crème";"1.250,5 g";1.046,0;2,5\r\n'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_letters_line_ends_and_numbers_of_any_country_are_read(encoding):
    (soup,) = read("servings.csv", EUROPEAN.encode(encoding)).foods

    assert (soup.day, soup.name, soup.grams) == ("2026-03-01", "Soup; à la crème", 1250.5)
    assert soup.amounts == {"energy_kcal": pytest.approx(250), "protein_g": 2.5}


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1,234", "0.5"], [1234, 0.5]),
        (["1.234", "0,5"], [1234, 0.5]),
        (["1,234.5", "7"], [1234.5, 7]),
        (["1 234,5", "n/a"], [1234.5, None]),
        (["12", ""], [12, None]),
        (["1e2", "--"], [100, None]),
    ],
)
def test_a_comma_is_what_the_whole_column_takes_it_for(cells, values):
    sign = decimal_sign(cells)
    assert [number(cell, sign, "x") for cell in cells] == values


@pytest.mark.parametrize("cell", ["NaN", "inf", "-1", "=1+1", "1,2,3", "5 apples", "1e999", "0x10"])
def test_what_is_no_amount_is_told(cell):
    with pytest.raises(BadCell):
        number(cell, ".", "Energy")


@pytest.mark.parametrize(
    ("days", "read_as", "is_open"),
    [
        (["9/4/2026", "9/13/2026"], "2026-09-04", False),
        (["9/4/2026", "13/4/2026"], "2026-04-09", False),
        (["9/4/2026"], "2026-09-04", True),
        (["9.4.2026"], "2026-04-09", False),
        (["2026-04-09T08:00:00Z"], "2026-04-09", False),
        (["46121"], "2026-04-09", False),
    ],
)
def test_a_date_is_what_all_dates_of_the_file_can_be(days, read_as, is_open):
    reading = servings(*(ROW.replace("2026-03-01", day).strip() for day in days))

    assert (reading.foods[0].day, reading.dates_open) == (read_as, is_open)


def test_times_are_read_or_not_known():
    said = ["8:30 AM", "12:05 am", "07:30", "19:15:20", "0.5", "25:00", "soon", ""]
    assert [f"{found:%H:%M}" if (found := clock(text)) else None for text in said] == [
        *("08:30", "00:05", "07:30", "19:15", "12:00"),
        *(None, None, None),
    ]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("2026-03-01,Lunch,Soup", "This row ends early: it has 3 of 6 columns."),
        ("2026-03-01,Lunch,Soup,100 g,50,1,7", "more columns than the first line has names"),
        ("2026-02-30,Lunch,Soup,100 g,50,1", "“2026-02-30” is no date"),
        ("9999-01-01,Lunch,Soup,100 g,50,1", "“9999-01-01” is no date"),
        ("0000-01-01,Lunch,Soup,100 g,50,1", "“0000-01-01” is no date"),
        ("2025-02-29,Lunch,Soup,100 g,50,1", "“2025-02-29” is no date"),
        ("2026-03-01;Lunch;Soup;100 g;50;1", "it has 1 of 6 columns"),
        ("2026-03-01,Lunch,,100 g,50,1", "no name of a food"),
        ("2026-03-01,Lunch,Soup,100 g,NaN,1", "“NaN” in the column Energy (kcal) is no number."),
        ("2026-03-01,Lunch,Soup,100 g,-50,1", "“-50” in the column Energy (kcal) is less than zero."),
        ("2026-03-01,Lunch,Soup,100 g,=50+1,1", "“=50+1” in the column Energy (kcal) is no number."),
        ("2026-03-01,Lunch,Soup,100 g,1e12,1", "more than can be eaten at once"),
    ],
)
def test_a_row_that_is_wrong_is_told_and_left_out_alone(row, says):
    reading = servings(ROW.strip(), row, ROW.strip())

    assert len(reading.foods) == 2
    (problem,) = reading.problems
    assert (problem["line"], says in problem["text"] % problem["said"]) == (3, True)


def test_a_name_that_looks_like_a_formula_is_a_name_and_nothing_unseen_stays_in_it():
    names = ["=cmd|' /C calc'!A0", "@SUM(1)", "So\x07up \u202eexe", "x" * 400]
    reading = servings(*(ROW.replace("Soup", name).strip() for name in names))

    assert [food.name for food in reading.foods] == [names[0], names[1], "So up exe", "x" * 200]


def test_of_columns_that_are_called_the_same_the_first_counts():
    (soup,) = servings(
        "2026-03-01,Lunch,Soup,100 g,50,70", head=HEAD.replace("Protein (g)", "Energy (kcal)")
    ).foods

    assert soup.amounts == {"energy_kcal": 50}


def test_a_leap_day_and_an_hour_that_a_clock_leaps_over_are_what_the_file_says():
    head = "Day,Time,Group,Food Name,Amount,Energy (kcal)\n"
    rows = ("2024-02-29,02:30,Lunch,Soup,100 g,50", "2026-03-29,2:30 AM,Lunch,Soup,100 g,50")

    assert [(food.day, food.time) for food in servings(*rows, head=head).foods] == [
        ("2024-02-29", "02:30"),
        ("2026-03-29", "02:30"),
    ]


def test_a_body_is_measured_in_the_units_of_its_columns():
    rows = "Date,Weight (lb),Body Fat %,Waist (in),Hips,Water (fl oz)\n2026-03-01,180,21,33,95,8\n"
    reading = read("Measurement-Summary.csv", rows.encode())

    assert [(row.value, row.unit) for row in reading.weights] == [(180, "lb")]
    assert [(row.name, row.value, row.unit) for row in reading.measured] == [
        ("Body fat", 21, "percent"),
        ("Waist", 33, "in"),
        ("Hips", 95, None),
    ]
    assert reading.summary["lengths_open"]


@pytest.mark.parametrize("cell", ['<c r="XFD1048576"><v>1</v></c>', "<c/>" * 100_000])
def test_a_sheet_is_read_as_far_as_columns_go_and_no_further(cell):
    packed = zipped_again(workbook({"Food Log": MACROFACTOR["Food Log"]}), "</row>", f"{cell}</row>")

    assert len(read("macrofactor.xlsx", packed).foods) == 1


def zipped_again(content: bytes, what: str, instead: str) -> bytes:
    """A workbook in whose sheet something stands instead of something else."""
    with zipfile.ZipFile(BytesIO(content)) as packed:
        files = {name: packed.read(name).decode() for name in packed.namelist()}
    return zipped({name: text.replace(what, instead) for name, text in files.items()})


def test_a_zip_whose_parts_begin_before_it_is_damaged():
    packed = bytearray(zipped({"servings.csv": CRONOMETER}))
    directory = packed.rindex(b"PK\1\2")
    packed[directory + 42 : directory + 46] = b"\xf0\xff\xff\xff"

    assert "damaged" in refusal(bytes(packed))


BOMB = zipped({"servings.csv": b"0" * (upload.MOST_UNPACKED + 1)})
DAMAGED = zipped({"servings.csv": HEAD + ROW * 500}, compression=0)
XML_BOMB = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "nothing in this file"),
        (b"  \n\n", "nothing in this file"),
        (b"\xef\xbb\xbf\n", "nothing in this file"),
        (HEAD.encode(), "nothing to import"),
        (b"Date,Exercise,Minutes\n2026-03-01,Run,30\n", "begins with Date, Exercise, Minutes"),
        (b"hello", "begins with hello"),
        (b'{"entries": []}', "a kind that we do not know"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "no file that a tracker exports"),
        (zlib.compress(ROW.encode() * 99) + b"\0\1" * 9, "no file that a tracker exports"),
        (HEAD.encode() + ROW.encode() + b"2026-03-01,Lunch,So\0up,1 g,1,1", "no file that a tracker exports"),
        (HEAD.encode() + b"a" * 300_000, "Line 2 is too long"),
        (b"Day,Group,Food Name,Amount" + b",a" * 1_000_000, "Line 1 is too long"),
        (b"Fecha,Comida,Alimento\n2026-03-01,Cena,Sopa\n", "begins with Fecha, Comida, Alimento"),
        (HEAD.replace(",", "|").encode(), "a kind that we do not know"),
        (HEAD.encode() + (b"a" * 1000 + b",") * 250, "Line 2 is too long"),
        (HEAD.encode() + ROW.encode() + b'2026-03-01,Lunch,"Soup' + b"\nx" * 90_000, "Line 3 is too long"),
        ((HEAD + ROW * (MOST_ROWS + 1)).encode(), "more than 60,000 rows"),
        (zipped({"servings.csv": CRONOMETER})[:-40], "damaged"),
        (DAMAGED[:600] + b"XXXX" + DAMAGED[604:], "damaged"),
        (b"PK\x03\x04" + b"\0" * 40, "damaged"),
        (zipped({"photo.png": b"x"}), "no CSV file"),
        (zipped({f"{n}.csv": ROW for n in range(300)}), "would be larger than 60 MB"),
        (BOMB, "would be larger than 60 MB"),
        (workbook(MACROFACTOR, head=XML_BOMB), "damaged"),
        (zipped({"xl/workbook.xml": "<workbook", "xl/_rels/workbook.xml.rels": "<x/>"}), "damaged"),
    ],
    ids=lambda each: None if isinstance(each, bytes) else each,
)
def test_a_file_that_cannot_be_read_says_why(content, says):
    assert says in refusal(content)


def test_a_file_that_was_cut_off_within_a_row_keeps_the_others():
    reading = read("servings.csv", CRONOMETER.encode()[:-30])

    assert len(reading.foods) == 2
    assert reading.problem_count == 1


def test_rows_that_say_the_same_are_told_apart_by_their_number_alone():
    whole, half = servings(*[ROW.strip()] * 3), servings(*[ROW.strip()] * 2)

    assert [food.key for food in whole.foods][:2] == [food.key for food in half.foods]
    assert len({food.key for food in whole.foods}) == 3
