"""The original's rows, as rows of today's tables: SQLite works them out, so that values stay what they are.

A row keeps the number that it had: what is wrong with it can be told in the original's words. Those of admins
are below zero, for people have the same ones.
"""

import sqlite3
from typing import NamedTuple

from caloria.models.meal import FIRST_MEALS
from caloria.models.passwords import NOBODYS_HASH
from caloria.operations.transfer.legacy.layout import AMOUNTS, PACE_KG_PER_WEEK, READ
from caloria.operations.transfer.legacy.words import Words
from caloria.operations.transfer.tables import Table
from settings.shell import named

ORIGINAL = "original"  # what the file is called in statements
PERSON = "id_of(old_user.created_at, 'user', old_user.id)"
ADMIN = "id_of(created_at, 'admin', id)"


class Original(NamedTuple):
    """What the file does not say of its people: where they live, and what they speak."""

    time_zone: str = "UTC"
    language: str = "en"
    meals: tuple[str, ...] = tuple(name for name, _ in FIRST_MEALS)


def convert(connection: sqlite3.Connection, tables: list[Table], original: Original) -> None:
    """Fill an empty database, to which the original is attached, with plain tables without any rules."""
    Words(original.time_zone).teach(connection)
    said = {
        "time_zone": original.time_zone,
        "language": original.language,
        "nobodys_hash": NOBODYS_HASH,
        "pace": PACE_KG_PER_WEEK,
    }
    for table in tables:
        connection.execute(f"CREATE TABLE {named(table.name)} ({table.names})")
    for name, columns in READ.items():
        connection.execute(f"CREATE TEMP VIEW old_{name} AS {selected(connection, name, columns)}")
    connection.execute("CREATE TEMP TABLE first_meals (number, name, usual_from)")
    pairs = zip(original.meals, FIRST_MEALS, strict=True)
    first = [(number, name, str(start)) for number, (name, (_, start)) in enumerate(pairs)]
    connection.executemany("INSERT INTO first_meals VALUES (?, ?, ?)", first)
    for statement in STATEMENTS:
        connection.execute(statement, {key: value for key, value in said.items() if f":{key}" in statement})


def selected(connection: sqlite3.Connection, name: str, columns: tuple[str, ...]) -> str:
    """Every column that is read, and nothing for one that the file does not have."""
    there = columns_of(connection, name)
    if not there:
        return f"SELECT 0 AS row, {', '.join(f'NULL AS {named(column)}' for column in columns)} WHERE 0"
    said = (named(column) if column in there else f"NULL AS {named(column)}" for column in columns)
    return f"SELECT rowid AS row, {', '.join(said)} FROM {ORIGINAL}.{named(name)}"


def columns_of(connection: sqlite3.Connection, name: str) -> list[str]:
    """Of a table of the original; none where it is not there."""
    found = connection.execute(f"PRAGMA {ORIGINAL}.table_xinfo({named(name)})")
    return [row[1].decode() if isinstance(row[1], bytes) else row[1] for row in found]


NAME = """coalesce(
    nullif(trim(name), ''), nullif(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), ''),
    username, whatsapp_id, 'Person ' || id)"""
ACCOUNT = """
    INSERT INTO users (rowid, id, email, email_key, name, password_hash, time_zone, day_starts_at, units,
        energy_unit, language, is_admin, active, created_at)
"""
THEIRS, ADMINS = "address(email, whatsapp_id, id)", "address(email, username, id)"
SAME = ":time_zone, '00:00:00', 'metric', 'kcal', :language"
STATEMENTS = (
    f"""{ACCOUNT}
    SELECT row, {PERSON}, {THEIRS}, email_key(CAST({THEIRS} AS BLOB)), {NAME},
        CASE WHEN password_hash LIKE '$argon2id$%' THEN password_hash ELSE :nobodys_hash END,
        {SAME}, 0, coalesce(is_active, 1), created_at FROM old_user ORDER BY row
    """,
    f"""{ACCOUNT}
    SELECT -row, {ADMIN}, {ADMINS}, email_key(CAST({ADMINS} AS BLOB)),
        coalesce(username, 'Admin ' || id), :nobodys_hash, {SAME}, 1, coalesce(is_active, 1), created_at
    FROM old_admin_user ORDER BY row
    """,
    f"""
    INSERT INTO bodies (rowid, user_id, height_cm, birth_year, sex, activity, aim, pace_kg_per_week)
    SELECT row, {PERSON}, height, birth_year(created_at, age), sex(gender), activity(activity_level),
        aim(goal), CASE WHEN aim(goal) IN ('lose', 'gain') THEN :pace END
    FROM old_user WHERE coalesce(height, age, gender, activity_level, goal) IS NOT NULL ORDER BY row
    """,
    f"""
    INSERT INTO weights (rowid, user_id, id, day, weight_kg, created_at)
    SELECT row, {PERSON}, id_of(created_at, 'weight', id), local_day(created_at), weight, known(created_at)
    FROM old_user WHERE weight IS NOT NULL ORDER BY row
    """,
    f"""
    INSERT INTO targets (rowid, user_id, id, starts_on, energy_kcal, created_at)
    SELECT row, {PERSON}, id_of(created_at, 'target', id), local_day(created_at), daily_calorie_goal,
        known(created_at)
    FROM old_user WHERE daily_calorie_goal IS NOT NULL ORDER BY row
    """,
    f"""
    INSERT INTO meals (rowid, user_id, id, position, name, usual_from)
    SELECT users.rowid * {len(FIRST_MEALS)} + number, users.id,
        id_of(users.created_at, 'meal', users.id, number), number + 1, first_meals.name, usual_from
    FROM users, first_meals ORDER BY users.rowid, number
    """,
    f"""
    INSERT INTO entries (rowid, user_id, id, day, eaten_at, meal_id, planned, name, {", ".join(AMOUNTS)},
        created_at, updated_at)
    SELECT eaten.row, coalesce(users.id, id_of(NULL, 'user', eaten.user_id)),
        id_of(eaten.created_at, 'entry', eaten.id), local_day(eaten.created_at), local_time(eaten.created_at),
        id_of(users.created_at, 'meal', users.id, meal_at(eaten.created_at)), 0, eaten.food_name,
        {", ".join(f"eaten.{named(theirs)}" for theirs in AMOUNTS.values())},
        eaten.created_at, known(eaten.created_at)
    FROM old_food_log AS eaten LEFT JOIN users ON users.rowid = eaten.user_id ORDER BY eaten.row
    """,
    """
    INSERT INTO subscriptions (rowid, user_id, id, provider, provider_id, status, amount_minor, currency,
        billed_per, started_at, paid_until, canceled_at, updated_at)
    SELECT paid.row, coalesce(users.id, id_of(NULL, 'user', paid.user_id)),
        id_of(paid.created_at, 'subscription', paid.id), 'mercadopago', paid.id, status(paid.status),
        minor(paid.amount, paid.currency), paid.currency, billed_per(paid.frequency), paid.created_at,
        paid.next_payment_date, paid.cancelled_at, coalesce(paid.updated_at, known(paid.created_at))
    FROM old_subscription AS paid LEFT JOIN users ON users.rowid = paid.user_id ORDER BY paid.row
    """,
    f"""
    INSERT INTO subscriptions (rowid, user_id, id, provider, provider_id, status, started_at, paid_until,
        updated_at)
    SELECT -row, {PERSON}, id_of(created_at, 'trial', id), 'caloria', 'trial of ' || {PERSON}, 'trialing',
        coalesce(trial_start_time, known(created_at)), trial_end_time, known(created_at)
    FROM old_user WHERE subscription_status = 'trial_active'
        AND id NOT IN (SELECT user_id FROM old_subscription WHERE user_id IS NOT NULL) ORDER BY row
    """,
)
