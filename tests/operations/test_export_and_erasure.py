"""What belongs to a person is read from the schema: a new table is neither forgotten nor given away."""

import csv
import json
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from scrub_canaries import OF_PEOPLE, plant
from scrub_life import live
from sqlalchemy import Column, ForeignKey, MetaData, Table, Text, Uuid, select, text, update

from caloria.extensions import db
from caloria.models import AuditEvent, Entry, Erasure, Export, Food, FoodRequest, Job, LastAdmin, export
from caloria.models.belongings import KEPT, MARKS, UnclearOwner, belongings
from caloria.models.erasure import A_FOOD_OF_NOBODY, EMPTIED, MOMENTS

# What says something of everybody, or of no person.
OF_NOBODY = {
    "audit_archives",
    "audit_events",
    "audit_seals",
    "backup_runs",
    "daily_figures",
    "food_words",
    "identity",
    "jobs",
    "open_foods",
    "payment_events",
    "servers",
    "throttles",
}


@pytest.fixture
def ann(app):
    return live("Ann")


@pytest.fixture
def bob(app):
    return live("Bob")


@pytest.fixture
def planted(ann) -> dict[str, str]:
    """A word in every text of Ann's, by its column."""
    noted = {
        f"{t.name}.{c.name}" for t in db.metadata.sorted_tables if t.name.startswith("audit") for c in t.c
    }
    words, _refused = plant(db.session.connection(), but={"users.password_hash", "users.units", *noted})
    db.session.expire_all()
    return words


def rows(each, person_id) -> list:
    return db.session.execute(select(each.table).where(each.rows_of(person_id))).all()


def exported(person) -> ZipFile:
    file = BytesIO()
    Export(person).write(file)
    return ZipFile(file)


def tables_of(archive: ZipFile) -> dict:
    return json.loads(archive.read("caloria.json"))["tables"]


def test_every_table_belongs_to_people_or_is_known_to_belong_to_nobody():
    theirs = {each.table.name for each in belongings()}

    assert set(db.metadata.tables) == theirs | set(KEPT) | MARKS | OF_NOBODY
    named = {name for name, table in db.metadata.tables.items() if "user_id" in table.c}
    assert named <= theirs | set(KEPT) | MARKS


def test_a_new_table_is_found_by_what_it_refers_to():
    metadata = MetaData()
    Table("users", metadata, Column("id", Uuid, primary_key=True))

    def add(name: str, **refers: tuple[str, bool]) -> None:
        keys = [
            Column(key, Uuid, ForeignKey(f"{to}.id"), nullable=not must) for key, (to, must) in refers.items()
        ]
        Table(name, metadata, Column("id", Uuid, primary_key=True), Column("text", Text), *keys)

    add("receipts", person_id=("users", True), reader_id=("users", False))
    add("receipt_lines", receipt_id=("receipts", True))
    add("facts")
    found = {each.table.name: each for each in belongings(metadata)}

    assert list(found) == ["users", "receipts", "receipt_lines"]
    assert [column.name for column in found["receipts"].mentions] == ["reader_id"]
    assert found["receipt_lines"].through is found["receipts"]
    add("letters", from_id=("users", True), to_id=("users", True))
    with pytest.raises(UnclearOwner, match="letters"):
        belongings(metadata)


def test_an_export_holds_every_row_of_a_person_and_none_of_anybody_else(ann, bob):
    archive = exported(ann)

    tables = tables_of(archive)
    beside = {"README.txt", "caloria.json", "columns.csv", "shared_foods.csv"}
    assert set(archive.namelist()) == {*beside, *(f"{name}.csv" for name in tables)}
    assert all(name in archive.read("README.txt").decode() for name in archive.namelist() if "csv" in name)
    for each in Export(ann).tables:
        name = each.table.name
        assert rows(each, ann.id), f"{name}: scrub_life writes nothing of a person there"
        assert len(tables[name]) == len(rows(each, ann.id)), name
        assert len(list(csv.reader(StringIO(archive.read(f"{name}.csv").decode())))) == len(tables[name]) + 1
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert str(bob.id).encode() not in everything
    assert b"Ann@example.org" in everything


def test_an_export_does_not_say_which_admin_worked_on_a_request(ann, bob):
    db.session.query(FoodRequest).filter_by(user_id=ann.id).update({"owner_id": bob.id})

    archive = exported(ann)

    assert tables_of(archive)["food_requests"]
    assert not [name for name in archive.namelist() if str(bob.id).encode() in archive.read(name)]


def test_an_export_says_what_people_wrote_and_nothing_that_lets_anybody_in(ann, planted):
    everything = b"".join(exported(ann).read(name) for name in exported(ann).namelist())

    told = {f"{each.table.name}.{c.name}" for each in Export(ann).tables for c in export.told(each)}
    lost = {name for name, word in planted.items() if name in told and word.encode() not in everything}
    hidden = {name for name, word in planted.items() if name not in told and word.encode() in everything}
    assert (lost, hidden - {"alembic_version.version_num"}) == (set(), set())
    assert ann.password_hash.encode() not in everything
    assert {"users.password_hash", "sessions.token_hash", "email_confirmations.token_hash"}.isdisjoint(told)


def test_every_column_of_an_export_has_its_unit_and_the_schema_its_revision(ann):
    archive = exported(ann)

    said = list(csv.reader(StringIO(archive.read("columns.csv").decode())))[1:]
    assert len(said) == sum(len(export.told(each)) for each in Export(ann).tables)
    unitless = {f"{table}.{column}" for table, column, kind, unit in said if kind == "number" and not unit}
    assert unitless == set()
    head = json.loads(archive.read("caloria.json"))
    assert (head["format"], len(head["schema"])) == (export.FORMAT, 4)
    (oats,) = head["shared_foods"]
    assert (oats["source"], oats["id"]) == ("usda", head["tables"]["own_portions"][0]["food_id"])


def test_a_long_diary_is_read_a_few_rows_at_a_time(ann, monkeypatch):
    whole = tables_of(exported(ann))
    monkeypatch.setattr(export, "ROWS_AT_ONCE", 2)

    assert tables_of(exported(ann)) == whole


@pytest.mark.parametrize(
    ("said", "cell"),
    [
        ('=HYPERLINK("http://evil.test")', '\'=HYPERLINK("http://evil.test")'),
        ("+1+1", "'+1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2+3", "'-2+3"),
        ("＝1+1", "'＝1+1"),
        ("-1.5", "-1.5"),
        ("'=1+1", "''=1+1"),
        (-1.5, -1.5),
        (None, None),
        ("two\nlines, and a \"quote\"", "two\nlines, and a \"quote\""),
        (True, "true"),
        ({"a": "ä"}, '{"a": "ä"}'),
    ],
)  # fmt: skip
def test_a_spreadsheet_executes_nothing(said, cell):
    assert export._cell(said) == cell


def of_others(person) -> dict:
    """All that is a person's, but for who works on their request."""
    every = {each.table.name: rows(each, person.id) for each in belongings()}
    owner = FoodRequest.__table__.columns.keys().index("owner_id")
    updated = FoodRequest.__table__.columns.keys().index("updated_at")
    asked = [
        [v for place, v in enumerate(row) if place not in (owner, updated)] for row in every["food_requests"]
    ]
    return {**every, "food_requests": asked}


def test_an_erased_person_is_gone_from_every_table_and_nobody_else_is(ann, bob):
    db.session.execute(update(FoodRequest).values(owner_id=ann.id))
    before = of_others(bob)
    ann_id, emails = ann.id, (ann.email, f"new{ann.email}")

    payments = Erasure.complete(ann)
    db.session.commit()

    assert [each.table.name for each in belongings() if rows(each, ann_id)] == []
    assert of_others(bob) == before
    assert db.session.scalars(select(FoodRequest.owner_id)).all() == [None]
    assert payments == 1
    erasure = db.session.get(Erasure, ann_id)
    assert (erasure.payments_kept, erasure.kept_because) == (1, "tax law")
    assert [words_left(email) for email in emails] == [[], []]


def words_left(word: str) -> list[str]:
    """The tables in which a word stands."""
    found = []
    for table in db.metadata.sorted_tables:
        every = db.session.execute(select(table)).all()
        if any(word in str(value) for row in every for value in row):
            found.append(table.name)
    return found


def test_what_a_person_wrote_is_nowhere_after_erasing(ann, planted):
    theirs = {each.table.name for each in belongings()}

    Erasure.complete(ann)
    db.session.commit()

    words = {name: word for name, word in planted.items() if name.partition(".")[0] in theirs}
    said = " ".join(
        str(row) for table in db.metadata.sorted_tables for row in db.session.execute(select(table))
    )
    assert set(OF_PEOPLE) <= {name.partition(".")[0] for name in words}
    assert [name for name, word in words.items() if word in said] == []


def test_an_emptied_food_says_nothing_in_any_column(ann):
    table = Food.__table__
    known = {column.name for column in table.columns if column.nullable} | {*A_FOOD_OF_NOBODY, *MOMENTS}

    assert set(table.columns.keys()) == known | {"id", "source_id"}
    assert table.name == EMPTIED


def test_a_food_that_somebody_else_ate_of_stays_theirs_without_its_maker(ann, bob):
    soup = db.session.scalars(select(Food).where(Food.owner_id == ann.id)).first()
    entries = next(each for each in belongings() if each.table.name == "entries")
    db.session.execute(update(Entry).where(Entry.user_id == bob.id).values(food_id=soup.id))
    before = rows(entries, bob.id)

    Erasure.complete(ann)

    db.session.refresh(soup)
    assert (soup.name, soup.owner_id, soup.amounts["energy_kcal"]) == ("Erased", None, None)
    assert rows(entries, bob.id) == before


def test_erasing_is_noted_by_number_and_ends_what_is_charged_and_what_waits(ann, bob):
    db.session.execute(text("UPDATE subscriptions SET provider = 'stripe', provider_id = 'sub_' || user_id"))
    db.session.commit()
    ann_id = ann.id

    Erasure.complete(ann)
    db.session.commit()

    jobs = {(job.task, job.arguments, job.key) for job in db.session.scalars(select(Job))}
    (ended,) = [json.loads(said) for task, said, _key in jobs if task == "end_subscription"]
    assert ended["provider_id"].startswith("sub_")
    assert [job for job in jobs if str(ann_id) in f"{job[1:]}" and job[0] != "end_subscription"] == []
    assert [job[0] for job in jobs if str(bob.id) in f"{job[1:]}"] == ["password_reset"]
    noted = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "erasure")).one()
    assert (noted.object, noted.after["payments_kept"]) == (f"user {ann_id}", 1)


def test_the_last_admin_cannot_be_erased_and_one_of_two_can(ann, bob):
    ann.is_admin = True
    db.session.commit()
    with pytest.raises(LastAdmin):
        Erasure.complete(ann)
    bob.is_admin = True
    db.session.commit()

    Erasure.complete(ann)

    assert db.session.get(Erasure, ann.id)
