"""The original Caloria's file: people, diary and subscriptions arrive, and nothing of the rest is dropped."""

import json
from datetime import date, time

import original
import pytest
from surroundings import flask
from test_transfer_interrupted import Interrupted, after, checksums, interrupt

from caloria.operations.transfer.failure import SourceRetired, TransferFailed
from caloria.operations.transfer.legacy.conversion import Home

BUENOS_AIRES = Home("America/Argentina/Buenos_Aires", "es", ("Desayuno", "Almuerzo", "Cena", "Picoteo"))


@pytest.fixture
def lived_in(tmp_path):
    file = tmp_path / "original.db"
    original.make(file)
    return file


def unplaced(report) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for row in json.loads(report.written.read_text())["unplaced"]:
        found.setdefault(row.pop("table"), []).append(row)
    return found


def test_people_arrive_with_what_they_told(target, move):
    report = move(legacy=BUENOS_AIRES)
    assert (report.exit_code, report.differences) == (0, [])
    assert target.run(
        "SELECT name, email, active, is_admin, time_zone, language FROM users ORDER BY name"
    ) == [
        ("5491155550002", "5491155550002@no-address.invalid", False, False, BUENOS_AIRES.time_zone, "es"),
        ("Ana Núñez", "5491155550001@no-address.invalid", True, False, BUENOS_AIRES.time_zone, "es"),
        ("admin", "Boss@Example.org", True, True, BUENOS_AIRES.time_zone, "es"),
    ]
    assert target.run("SELECT height_cm, birth_year, sex, activity, aim, pace_kg_per_week FROM bodies") == [
        (168.0, 1987, "female", "moderate", "lose", 0.5),
        (None, None, None, None, None, None),
    ]
    assert target.run("SELECT day, weight_kg FROM weights") == [(date(2025, 6, 30), 71.5)]
    assert target.run("SELECT starts_on, energy_kcal FROM targets") == [(date(2025, 6, 30), 1800.0)]


def test_the_diary_arrives_on_the_days_of_those_who_kept_it(target, move):
    move(legacy=BUENOS_AIRES)
    asked = (
        "SELECT day, eaten_at, meals.name, entries.name, energy_kcal, protein_g, carbohydrate_g, fat_g, "
        "fiber_g, sodium_mg, sugars_g, entries.created_at = at FROM entries JOIN meals ON meals.id = meal_id "
        "JOIN (VALUES (412.5, timestamptz '2025-07-01 01:15:00.123456+00'), "
        "(830, '2025-07-01 16:40:00.000001+00')) AS said (kcal, at) ON kcal = energy_kcal ORDER BY day"
    )
    amounts = (9.5, 30.0, 8.25, 0.0, 310.0, None, True)
    assert target.run(asked) == [
        (date(2025, 6, 30), time(22, 15, 0, 123456), "Cena", "Medialunas", 412.5, *amounts),
        (date(2025, 7, 1), time(13, 40, 0, 1), "Almuerzo", "Milanesa\tcon \\puré", 830.0, *amounts),
    ]


def test_subscriptions_and_trials_arrive(target, move):
    move(legacy=BUENOS_AIRES)
    asked = (
        "SELECT provider, provider_id, status, amount_minor, currency, billed_per, paid_until::date "
        "FROM subscriptions ORDER BY provider DESC"
    )
    paid, trial = target.run(asked)
    assert paid == ("mercadopago", "2c9380848", "active", 499900, "ARS", "month", date(2025, 8, 1))
    assert (trial[0], trial[2], trial[3], trial[6]) == ("caloria", "trialing", None, date(2025, 7, 1))


def test_what_has_no_place_is_kept_in_the_report(target, move):
    found = unplaced(move(legacy=BUENOS_AIRES))
    [ana, other] = found["user"]
    assert ana["values"] | {"whatsapp_id": "5491155550001", "age": 38, "bmr": 1450.2} == ana["values"]
    assert other["values"]["gender"] == "other"
    assert (found["subscription"][0]["id"], found["subscription"][0]["values"]["status"]) == (
        "2c9380848",
        "active",
    )
    eaten = target.run("SELECT id::text FROM entries WHERE name = 'Medialunas'")[0][0]
    assert found["food_log"][0] == {
        "id": 1,
        "became": eaten.replace("-", ""),
        "values": {
            "portion_size": "1 plato",
            "food_score": 4,
            "analysis_method": "photo",
            "raw_input": "una foto",
        },
    }
    for table in ("daily_stats", "payment_transaction", "trial_activity", "system_activity_log"):
        assert [row["values"] for row in found[table]] == original.OTHERS[table]
    boss = target.run("SELECT id::text FROM users WHERE is_admin")[0][0].replace("-", "")
    assert found["admin_user"] == [{"id": 1, "became": boss, "values": {"password_hash": "•••"}}]


def test_nothing_of_the_file_is_neither_moved_nor_kept(source, target, move):
    """A table and a column that nobody ever heard of are no exception."""
    source.run(
        "ALTER TABLE food_log ADD COLUMN mood TEXT",
        "UPDATE food_log SET mood = 'happy' WHERE id = 2",
        "CREATE TABLE left_out (id TEXT PRIMARY KEY, api_token TEXT, tokens_used) WITHOUT ROWID",
        "INSERT INTO left_out VALUES ('week_1', 'very secret', x'6162')",
    )
    found = unplaced(move(legacy=BUENOS_AIRES))
    assert found["food_log"][1]["values"]["mood"] == "happy"
    assert found["left_out"] == [
        {"values": {"id": "week_1", "api_token": "•••", "tokens_used": {"hex": "6162"}}}
    ]


BAD = (
    "UPDATE food_log SET calories = 'many' WHERE id = 1",
    "UPDATE food_log SET created_at = 'yesterday' WHERE id = 2",
    "UPDATE user SET weight = 7150 WHERE id = 1",
    "UPDATE subscription SET status = 'strange'",
    "UPDATE user SET whatsapp_id = CAST(x'ff' AS TEXT), daily_calorie_goal = 1e300 WHERE id = 1",
    "UPDATE user SET created_at = '0001-01-01 00:00:00.000000', age = -9e18 WHERE id = 2",
    "INSERT INTO food_log (id, user_id, food_name, calories, analysis_method, created_at) "
    "VALUES (4, 1, 'Mate', 1, 'text', '0001-01-01 00:00:00.000000')",
    "INSERT INTO food_log (id, user_id, food_name, calories, analysis_method, created_at) "
    "VALUES (-3, -1, 'Mate', 1, 'text', '2025-07-01 16:40:00.000000')",
)


def test_every_problem_is_told_in_the_originals_words(source, target, move):
    source.run(*BAD)
    report = move(dry_run=True, legacy=BUENOS_AIRES)
    assert report.exit_code == 4
    assert {(p.table, p.key, p.column, p.value) for p in report.problems.listed} == {
        ("food_log", "1", "calories", "many"),
        ("food_log", "2", "created_at", "yesterday"),
        ("food_log", "-3", "user_id", "-1"),
        ("food_log", "4", "created_at", "0001-01-01 00:00:00.000000"),
        ("subscription", "2c9380848", "status", "strange"),
        ("user", "1", "weight", "7150.0"),
        ("user", "1", "daily_calorie_goal", "1e+300"),
    }
    assert report.problems.total == 7
    assert target.is_empty


def test_the_rest_moves_and_what_is_left_out_is_written_down_as_it_was(source, target, move, tmp_path):
    source.run(*BAD)
    report = move(quarantine=tmp_path / "left-out.jsonl", legacy=BUENOS_AIRES)
    assert report.exit_code == 3
    lines = [json.loads(line) for line in (tmp_path / "left-out.jsonl").read_text().splitlines()]
    assert len(lines) == len({(line["table"], line["row"], *line["problems"]) for line in lines})
    mate = next(line for line in lines if line["table"] == "food_log" and line["row"] == -3)
    assert mate["values"]["food_name"] == "Mate"
    assert target.run("SELECT count(*) FROM users") == [(3,)]


def test_people_are_known_by_their_id_and_not_by_where_their_row_lies(source, target, move):
    source.run(
        "ALTER TABLE user RENAME TO first",
        "CREATE TABLE user (id BIGINT PRIMARY KEY, whatsapp_id, first_name, created_at)",
        "INSERT INTO user SELECT id, whatsapp_id, first_name, created_at FROM first ORDER BY id DESC",
        "DROP TABLE first",
    )
    assert move(legacy=BUENOS_AIRES).exit_code == 0
    assert target.run("SELECT DISTINCT users.name FROM entries JOIN users ON users.id = user_id") == [
        ("Ana",)
    ]


def test_two_with_one_address_are_told_as_the_file_knows_them(source, target, move):
    source.run(
        "ALTER TABLE user ADD COLUMN email TEXT", "UPDATE user SET email = 'boss@example.org' WHERE id = 2"
    )
    problems = move(dry_run=True, legacy=BUENOS_AIRES).problems.listed
    assert sorted(map(str, problems)) == [
        "admin_user 1: email is the same address as that of user 2",
        "user 2: email is the same address as that of admin_user 1",
    ]


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [(1000, "clp", 1000), (49.9, "ars", 4990), (1, "nonsense", None), (4999.999, "ARS", None)],
)
def test_an_amount_is_in_the_smallest_unit_of_its_currency_or_only_in_the_report(
    source, target, move, amount, currency, minor
):
    source.run(f"UPDATE subscription SET amount = {amount}, currency = '{currency}'")
    report = move(legacy=BUENOS_AIRES)
    asked = "SELECT amount_minor FROM subscriptions WHERE provider = 'mercadopago'"
    assert (report.exit_code, target.run(asked)) == (0, [(minor,)])
    assert unplaced(report)["subscription"][0]["values"]["amount"] == amount


def test_interrupted_it_goes_on_and_again_it_is_verified(source, target, move):
    with pytest.raises(Interrupted):
        move(after(3, interrupt), legacy=BUENOS_AIRES)
    with pytest.raises(TransferFailed, match="--start-over"):
        move(legacy=BUENOS_AIRES._replace(time_zone="Europe/Madrid"))
    first = move(legacy=BUENOS_AIRES)
    again = move(legacy=BUENOS_AIRES)
    assert (first.state, again.state) == ("moved", "verified before")
    assert checksums(first) == checksums(again)


def test_the_file_stays_as_it_is_until_it_is_retired(source, target, move):
    before, files = source.file.read_bytes(), source.folder
    move(dry_run=True, legacy=BUENOS_AIRES)
    assert (source.file.read_bytes(), source.folder & files) == (before, files)
    retired = move(retire=True, legacy=BUENOS_AIRES).retired
    assert not source.file.exists()
    retired.rename(source.file)
    with pytest.raises(SourceRetired) as refused:
        move(legacy=BUENOS_AIRES)
    assert refused.value.exit_code == 84


def test_without_the_word_for_it_a_hint_is_given(target, move):
    with pytest.raises(TransferFailed, match="--legacy"):
        move()


@pytest.mark.slow
def test_the_command_says_what_to_do_next(source, target):
    words = ["transfer", f"sqlite:///{source.file}", "--legacy"]
    assert flask(*words, url=target.url).returncode == 2
    words += ["--time-zone", "America/Argentina/Cordoba", "--language", "es"]
    outcome = flask(*words, url=target.url, BACKUP_DIR=str(target.kept))
    assert outcome.returncode == 0, outcome.stderr
    assert "flask users invite" in outcome.stdout
    assert "  daily_stats                  1" in outcome.stdout
