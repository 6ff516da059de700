import re
from pathlib import Path

from caloria.extensions import db
from caloria.models.nutrients import NUTRIENT_NAMES, NUTRIENTS
from caloria.models.round_trip import LEFT, LEFT_COLUMNS

ROOT = Path(__file__).resolve().parents[1]
MEASURED = ("foods", "open_foods", "entries", "saved_meal_items")


def described() -> dict[str, set[str]]:
    """The columns that the data dictionary names, by table."""
    page = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    sections = re.split(r"^## ", page, flags=re.MULTILINE)[1:]
    return {
        section.splitlines()[0].strip(): set(re.findall(r"^\| (\w+) \|", section, re.MULTILINE)) - {"column"}
        for section in sections
    }


def test_the_data_dictionary_describes_every_column_and_no_other(app):
    tables = described()
    assert tables.pop("Nutrients") == set(NUTRIENT_NAMES)

    for name, table in db.metadata.tables.items():
        own = {column.name for column in table.columns}
        measured = own & set(NUTRIENT_NAMES) if name in MEASURED else set()
        assert tables.pop(name) == own - measured, name
    assert not tables


def test_the_data_dictionary_names_the_sources_of_every_nutrient():
    page = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")

    for nutrient in NUTRIENTS:
        assert f"| {nutrient.tagname} | {nutrient.fdc_id} | {nutrient.fdc_number} |" in page


def test_the_page_on_exports_names_everything_that_is_not_imported_again():
    page = (ROOT / "docs" / "export.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([`a-z_., ]+) \|", page.partition("are not imported:")[2], re.MULTILINE)

    named = {name.strip("` ") for row in rows for name in row.split(",")} - {"table"}
    assert named == {*LEFT, *LEFT_COLUMNS}


def test_every_link_between_our_pages_leads_somewhere():
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} points at {target}"
