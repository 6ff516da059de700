"""SQLite keeps whatever it is given. What PostgreSQL would not is told row by row, before a move."""

import json

import pytest

LONG = "x" * 300
# A statement, and the table, column and reason that are told of it.
TRAPS = [
    ("UPDATE users SET active = 'yes' WHERE email LIKE 'Z%'", "users", "active", "neither true nor false"),
    ("UPDATE users SET password_hash = x'00FF' WHERE email LIKE 'Z%'", "users", "password_hash", "a blob"),
    (
        "UPDATE entries SET created_at = '2026-01-02T10:00:00' WHERE rowid = 1",
        "entries",
        "created_at",
        "writes it: 2026-01-02T10",
    ),
    (
        "UPDATE entries SET created_at = '2026-01-02 10:00:00.5' WHERE rowid = 2",
        "entries",
        "created_at",
        "writes it: 2026-01-02 10:00:00.5",
    ),
    (
        "UPDATE entries SET created_at = 1700000000 WHERE rowid = 3",
        "entries",
        "created_at",
        "writes it: 1700000000",
    ),
    ("UPDATE entries SET updated_at = '' WHERE rowid = 4", "entries", "updated_at", "writes"),
    ("UPDATE entries SET day = '2026-02-30' WHERE rowid = 5", "entries", "day", "does not exist"),
    ("UPDATE entries SET day = '2026-1-2' WHERE rowid = 6", "entries", "day", "as Caloria writes it"),
    ("UPDATE entries SET energy_kcal = 9e999 WHERE rowid = 7", "entries", "energy_kcal", "is infinite"),
    (
        "UPDATE entries SET energy_kcal = -5, fat_g = -1 WHERE rowid = 8",
        "entries",
        "energy_kcal",
        "ck_entries",
    ),
    ("UPDATE entries SET name = name WHERE rowid = 8", "entries", "fat_g", "ck_entries_fat_g"),
    (
        "UPDATE entries SET energy_kcal = 'lots' WHERE rowid = 9",
        "entries",
        "energy_kcal",
        "text where a number",
    ),
    ("UPDATE entries SET name = CAST(x'410042' AS TEXT) WHERE rowid = 10", "entries", "name", "NUL byte"),
    ("UPDATE entries SET name = CAST(x'C328' AS TEXT) WHERE rowid = 11", "entries", "name", "valid UTF-8"),
    (f"UPDATE entries SET name = '{LONG}' WHERE rowid = 12", "entries", "name", "ck_entries_name"),
    ("UPDATE entries SET meal_id = user_id WHERE rowid = 13", "entries", "user_id, meal_id", "not there"),
    ("UPDATE entries SET eaten_at = '25:00:00' WHERE rowid = 14", "entries", "eaten_at", "does not exist"),
    ("UPDATE entries SET planned = 7 WHERE rowid = 15", "entries", "planned", "neither true nor false"),
    ("UPDATE weights SET id = 'no id' WHERE rowid = 1", "weights", "id", "32 hexadecimal digits"),
    ("""UPDATE foods SET names = '{"es": 1, "es": 2}' WHERE rowid = 1""", "foods", "names", "one name twice"),
    ("UPDATE foods SET names = '{broken' WHERE rowid = 2", "foods", "names", "not valid JSON"),
    ("UPDATE foods SET names = '{\"es\": NaN}' WHERE rowid = 3", "foods", "names", "not valid JSON"),
    ("UPDATE foods SET everyday = 2.5 WHERE rowid = 4", "foods", "everyday", "where a whole number belongs"),
    ("UPDATE foods SET everyday = 3000000000 WHERE rowid = 5", "foods", "everyday", "out of the range"),
]
TWIN = """
    INSERT INTO users (id, email, email_key, name, password_hash, time_zone, day_starts_at, units, is_admin,
                       active, created_at)
    SELECT replace(id, substr(id, 1, 4), 'abcd'), ' ZOË@example.org', 'ZOË@example.org', name, password_hash,
           time_zone, day_starts_at, units, is_admin, 1, created_at FROM users WHERE email LIKE 'Z%'
"""


@pytest.fixture
def trapped(source):
    source.run("PRAGMA ignore_check_constraints=ON", TWIN, *(statement for statement, *_ in TRAPS))
    return source


def test_every_problem_of_every_row_is_told_in_one_pass_and_nothing_is_moved(trapped, target, move):
    report = move()
    assert report.exit_code == 4
    assert target.is_empty
    told = report.problems.listed
    for statement, table, column, reason in TRAPS:
        found = [
            each for each in told if (each.table, each.column) == (table, column) and reason in str(each)
        ]
        assert found, statement
    assert all(len(each.value or "") <= 60 for each in told)
    assert not any(each.value for each in told if each.column == "password_hash")


def test_two_spellings_of_one_address_are_told_as_a_pair(trapped, move):
    pair = {
        person for (person,) in trapped.run("SELECT id FROM users WHERE email LIKE '%ZO%' OR email LIKE 'Z%'")
    }
    told = [each for each in move(dry_run=True).problems.listed if "same address" in each.reason]
    assert {each.reason[-32:] for each in told} == {each.key.replace("-", "") for each in told} == pair


def test_a_dry_run_of_what_is_in_order_moves_nothing(target, move):
    report = move(dry_run=True)
    assert (report.exit_code, report.state, report.kept) == (0, "checked", None)
    assert target.is_empty


def test_what_is_left_out_is_in_a_file_and_all_else_is_there(trapped, target, move, tmp_path):
    file = tmp_path / "left out.jsonl"
    report = move(quarantine=file)
    assert (report.exit_code, report.state, report.differences) == (3, "moved", [])
    assert file.stat().st_mode & 0o777 == 0o600
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert len(lines) == report.left_out > 20
    assert all(table["rows"] == table["moved"] + table["left_out"] for table in report.tables)
    [infinite] = [line for line in lines if line["values"].get("energy_kcal") == "inf"]
    assert infinite["problems"] == ["energy_kcal is infinite"]
    again = move()
    assert (again.exit_code, again.state, again.left_out) == (3, "verified before", report.left_out)


def test_rows_that_depend_on_a_row_with_a_problem_are_left_out_with_it(source, target, move, tmp_path):
    source.run("UPDATE users SET created_at = 'once' WHERE email_key = 'demo@caloria.example'")
    checked = move(dry_run=True)
    assert [each.column for each in checked.problems.listed] == ["created_at"]
    assert checked.problems.depending["entries"] > 50
    report = move(quarantine=tmp_path / "left out.jsonl")
    assert report.exit_code == 3
    assert target.run("SELECT count(*) FROM entries") == [(0,)]
    assert target.run("SELECT count(*) FROM users") == [(1,)]
