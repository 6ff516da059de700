"""An export of Caloria is imported again, and says then what it said before."""

import json
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from imported_files import preview_form, upload, zipped
from pages import Page
from scrub_life import live
from sqlalchemy import delete, func, select, update

from caloria.extensions import db
from caloria.models import (
    AuditEvent,
    DiaryImport,
    Entry,
    Erasure,
    Export,
    Food,
    Meals,
    Target,
)
from caloria.models.belongings import KEPT, belongings
from caloria.models.ids import new_id
from caloria.models.round_trip import CALLED, LEFT, LEFT_COLUMNS, PARTS, Reference, travellers


@pytest.fixture
def ann(app):
    return live("Ann")


def exported(person) -> bytes:
    file = BytesIO()
    Export(person).write(file)
    return file.getvalue()


def tables_of(file: bytes) -> dict:
    return json.loads(ZipFile(BytesIO(file)).read("caloria.json"))["tables"]


def travelled(file: bytes) -> dict:
    """The tables of an export that are imported again, but for whose they are."""
    owners = {each.name: each.owner.name if each.owner is not None else "" for each in travellers()}
    tables = tables_of(file)
    return {
        name: [{key: said for key, said in row.items() if key != owner} for row in tables[name]]
        for name, owner in owners.items()
    }


def forget(person) -> None:
    """Let nothing be left of a person, not even the empty foods that an erasure leaves."""
    foods = db.session.scalars(select(Food.id).where(Food.owner_id == person.id)).all()
    db.session.commit()
    Erasure.complete(person)
    db.session.execute(delete(Food).where(Food.id.in_(foods)))
    db.session.commit()


def bring(browser, file: bytes | str) -> Page:
    form = preview_form(Page(upload(browser, file, "caloria.zip")))
    return Page(browser.post(form.action, data=form.data, follow_redirects=True))


def changed(file: bytes, change) -> str:
    """The JSON of an export with something changed."""
    said = json.loads(ZipFile(BytesIO(file)).read("caloria.json"))
    change(said)
    return json.dumps(said)


def test_every_table_is_imported_again_or_is_named_with_the_reason_why_not():
    every = {each.table.name for each in belongings()}
    told = {each.name for each in travellers()}

    assert told | set(LEFT) == every | set(KEPT)
    assert not told & set(LEFT)
    assert told - set(PARTS) == set(CALLED)
    assert all(LEFT.values())
    assert all(LEFT_COLUMNS.values())
    # Its rows come as one statement, which knows every column that it has to say.
    assert all(isinstance(each, Reference) for table in travellers() for each in table.references)


def test_an_export_in_an_empty_account_is_exported_again_as_it_was(app, ann, signed_in, alice):
    before = exported(ann)
    forget(ann)

    page = bring(signed_in, before)

    assert "Imported." in page.words
    after = exported(alice)
    assert travelled(after) == travelled(before)
    assert all(travelled(before).values()), "scrub_life says nothing there"
    again = json.loads(ZipFile(BytesIO(after)).read("caloria.json"))["shared_foods"]
    assert again == json.loads(ZipFile(BytesIO(before)).read("caloria.json"))["shared_foods"]
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "diary import")).one()
    assert event.after == {"from": "Caloria", "entries": 3, "weights": 1}


def counted() -> dict[str, int]:
    return {
        each.name: db.session.scalar(select(func.count()).select_from(each.table)) for each in travellers()
    }


def test_twice_changes_nothing_and_an_import_is_taken_back_and_brought_back_as_a_whole(ann, signed_in, alice):
    file = exported(ann)
    forget(ann)
    empty = travelled(exported(alice))
    page = bring(signed_in, file)
    came = travelled(exported(alice))
    assert "there is nothing to import" in Page(upload(signed_in, file)).words
    assert "nothing changed" in bring(signed_in, file).words
    assert travelled(exported(alice)) == came

    back = Page(signed_in.post(page.form("/undo").action, follow_redirects=True))
    left = travelled(exported(alice))
    assert {name for name in left if left[name] != empty[name]} == {"foods", "portions"}
    assert all(food["archived_at"] for food in left["foods"])

    signed_in.post(back.form("/redo").action)
    stripped = {**travelled(exported(alice)), "foods": []}
    assert stripped == {**came, "foods": []}

    db.session.expire_all()
    signed_in.post(page.form("/undo").action)
    bring(signed_in, file)
    assert {**travelled(exported(alice)), "foods": []} == {**came, "foods": []}
    assert [bool(food["archived_at"]) for food in travelled(exported(alice))["foods"]] == [
        bool(food["archived_at"]) for food in came["foods"]
    ]


def test_a_full_diary_gets_what_it_lacks_and_keeps_what_it_has(ann, signed_in, alice, oats):
    Target.set(alice, date(2026, 11, 20), {"energy_kcal": 1500.0}, new_id(), "mine")
    breakfast = Meals(alice).in_use[0]
    own = Entry(user_id=alice.id, id=new_id(), day=date(2026, 11, 20), meal_id=breakfast.id)
    own.name, own.energy_kcal = "Mine", 5.0
    db.session.add(own)
    db.session.commit()
    before = travelled(exported(alice))

    # Ann is still here: what is hers stays so, under the ids that the file names.
    file = exported(ann)
    anns = travelled(file)
    bring(signed_in, file)

    after = travelled(exported(alice))
    assert all(row in after[name] for name in before for row in before[name])
    assert travelled(exported(ann)) == anns
    assert len(after["meals"]) == len(before["meals"]) == 4
    assert len(after["entries"]) == 4
    assert {row["meal_id"] for row in after["entries"]} <= {row["id"] for row in before["meals"]}
    assert (after["targets"], after["weekday_targets"]) == (before["targets"], [])
    foods = {row["id"] for row in after["foods"]}
    assert len(foods) == len(anns["foods"])
    assert not foods & {row["id"] for row in anns["foods"]}
    assert {row["food_id"] for row in after["portions"]} <= foods
    bring(signed_in, file)
    assert travelled(exported(alice)) == after


def test_what_is_not_here_leaves_the_figures_and_takes_the_link(ann, signed_in, alice):
    file = exported(ann)
    anns = travelled(file)["entries"]
    db.session.execute(update(Food).where(Food.owner_id.is_(None)).values(source_id="another"))
    db.session.commit()

    bring(signed_in, file)

    entries = {row["id"]: row for row in travelled(exported(alice))["entries"]}
    shared = [row for row in anns if row["name"] == "Oats, dry"]
    assert shared
    assert [entries[row["id"]]["food_id"] for row in shared] == [None]
    assert [entries[row["id"]]["energy_kcal"] for row in shared] == [row["energy_kcal"] for row in shared]
    assert travelled(exported(alice))["own_portions"] == []


def _stranger(said):
    """Somebody writes the ids of others into their own file."""
    tables = said["tables"]
    for row in tables["entries"]:
        row["food_id"] = tables["foods"][0]["id"]
        row["user_id"] = tables["users"][0]["id"]
    tables["foods"], tables["portions"], tables["own_portions"] = [], [], []
    tables["food_merges"], said["shared_foods"] = [], []


def test_ids_of_others_give_no_way_to_what_is_theirs(ann, signed_in, alice):
    file = changed(exported(ann), _stranger)
    anns = travelled(exported(ann))

    bring(signed_in, file)

    mine = db.session.scalars(select(Entry).where(Entry.user_id == alice.id)).all()
    assert len(mine) == 3
    assert [entry.food_id for entry in mine] == [None] * 3
    assert travelled(exported(ann)) == anns


def _set(table: str, column: str, value):
    def change(said):
        said["tables"][table][0][column] = value

    return change


ROWS = {
    "a number as text": _set("weights", "weight_kg", "70"),
    "a truth as a number": _set("weights", "weight_kg", True),
    "more than anybody weighs": _set("weights", "weight_kg", 1e9),
    "more than a number": _set("weights", "weight_kg", 10**400),
    "an unlikely day": _set("weights", "day", "0001-01-01"),
    "no day": _set("weights", "day", "yesterday"),
    "no text": _set("measurements", "name", {"a": [1]}),
    "a sign that no database keeps": _set("day_notes", "text", "a\0b"),
    "half a letter": _set("day_notes", "text", "\ud800"),
    "a day without an end": _set("day_notes", "text", "x" * 5001),
    "a moment that is nowhere": _set("weights", "created_at", "2026-01-01T00:00:00"),
    "no id": _set("drinks", "id", "../../etc/passwd"),
    "a meal of nobody": _set("entries", "meal_id", str(new_id())),
    "no meal": _set("entries", "meal_id", None),
    "a food of everybody's": _set("foods", "source", "usda"),
    "names that are none": _set("foods", "names", {"es": 5}),
}


@pytest.mark.parametrize("change", ROWS.values(), ids=ROWS.keys())
def test_a_row_that_cannot_be_is_left_out_and_said(ann, signed_in, alice, change):
    file = changed(exported(ann), change)

    page = Page(upload(signed_in, file))

    assert "row cannot be read" in page.words or "rows cannot be read" in page.words
    form = preview_form(page)
    assert "Imported." in Page(signed_in.post(form.action, data=form.data, follow_redirects=True)).words


def _add(**more):
    return lambda said: said.update(more)


def _text(change) -> str:
    return json.dumps({"format": 1, "tables": {"weights": []}}).replace('"weights": []', change)


FILES = {
    "a later format": (_add(format=99), "A newer version wrote it"),
    "a column that is not known": (_set("weights", "body_fat", 5), "“weights.body_fat”"),
    "a table that is not known": (lambda said: said["tables"].update(auras=[]), "“auras”"),
    "no format": (lambda said: said.pop("format"), "no export of Caloria"),
    "tables of another kind": (_add(tables=[]), "no export of Caloria"),
    "a table of another kind": (lambda said: said["tables"].update(weights={}), "no export of Caloria"),
    "nothing": (lambda said: said.update(tables={}), "it holds no diary"),
}


@pytest.mark.parametrize(("change", "words"), FILES.values(), ids=FILES.keys())
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(ann, signed_in, alice, change, words):
    answer = upload(signed_in, changed(exported(ann), change))

    assert answer.status_code == 422
    assert words in Page(answer).words
    assert db.session.scalar(select(func.count()).where(DiaryImport.user_id == alice.id)) == 0


TEXTS = {
    "cut off": '{"format": 1, "tables": {"weights": [{"id": "',
    "deep": _text('"weights": ' + "[" * 100_000),
    "deep in what is passed over": _text('"acts": ' + "[" * 100_000),
    "a text without an end in what is passed over": _text('"acts": ["' + "\\\\x" * 100_000),
    "many names": json.dumps(dict.fromkeys(map(str, range(101)))),
    "a table twice": _text('"weights": [], "weights": []'),
    "its tables twice": '{"format": 1, "tables": {}, "tables": {}}',
    "no number": _text('"weights": [{"weight_kg": NaN}]'),
    "endless digits": _text('"weights": [{"weight_kg": ' + "9" * 9000 + "}]"),
    "a very long row": _text('"weights": [{"weight_kg": "' + "9" * 300_000 + '"}]'),
    "something behind": '{"format": 1, "tables": {}} and more',
    "another language": "{'format': 1}",
    "no letters": b'{"format": 1, "caloria": "\xff\xfe"}',
    "an empty object": "{}",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_text_that_is_no_export_is_refused_kindly(signed_in, text):
    answer = upload(signed_in, text, "caloria.json")

    assert answer.status_code == 422
    assert "export" in Page(answer).words


def test_a_zip_that_unpacks_to_more_than_it_says_is_refused(signed_in, monkeypatch):
    from caloria.models.imported import own_file

    monkeypatch.setattr(own_file, "MOST_UNPACKED", 10)
    answer = upload(signed_in, zipped({"a/caloria.json": '{"format": 1, "tables": {}}'}), "x.zip")

    assert (answer.status_code, "would be larger" in Page(answer).words) == (422, True)


def test_a_long_file_is_read_a_few_letters_at_a_time(ann, signed_in, alice, monkeypatch):
    from caloria.models.imported import json_stream

    before = exported(ann)
    forget(ann)
    monkeypatch.setattr(json_stream, "CHUNK", 7)

    # As another program writes it: in another order, and indented.
    said = json.dumps(
        json.loads(ZipFile(BytesIO(before)).read("caloria.json")),
        sort_keys=True,
        indent=1,
        ensure_ascii=False,
    )
    bring(signed_in, said)

    assert travelled(exported(alice)) == travelled(before)
