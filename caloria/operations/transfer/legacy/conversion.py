"""The original's rows as rows of today's tables. SQLite works them out, so that values stay what they are.

Each row says of which one it was made (`old_table`, `old_row`), so that what is wrong with it is told in the
original's words. People are found by the original's id, which need not be the number of their row.
"""

import sqlite3
from typing import NamedTuple

from caloria.models.meal import FIRST_MEALS
from caloria.models.passwords import NOBODYS_HASH
from caloria.operations.transfer.legacy import layout
from caloria.operations.transfer.legacy.functions import teach
from caloria.operations.transfer.tables import Table
from settings.shell import named

SCHEMA = "original"  # what the file is called in statements


class Home(NamedTuple):
    """What the file does not say of its people: where they live, and what they speak."""

    time_zone: str
    language: str
    meals: tuple[str, ...]


def convert(connection: sqlite3.Connection, tables: list[Table], home: Home) -> None:
    """Fill an empty database, to which the original is attached, with plain tables without any rules."""
    teach(connection, home.time_zone)
    for table in tables:
        connection.execute(f"CREATE TABLE {named(table.name)} ({table.names}, old_table, old_row)")
    for name, columns in layout.READ.items():
        connection.execute(f"CREATE TEMP VIEW old_{name} AS {selected(connection, name, columns)}")
    tell(connection, home)
    for statement in STATEMENTS:
        connection.execute(statement)
    for name in set(layout.ARRIVES_IN.values()):
        connection.execute(f"CREATE INDEX made_of_{name} ON {named(name)} (old_table, old_row)")


def tell(connection: sqlite3.Connection, home: Home) -> None:
    """What is the same for everybody."""
    connection.execute("CREATE TEMP TABLE home (time_zone, language, nobodys_hash)")
    connection.execute("INSERT INTO home VALUES (?, ?, ?)", [home.time_zone, home.language, NOBODYS_HASH])
    connection.execute("CREATE TEMP TABLE first_meals (number, name, usual_from)")
    pairs = zip(home.meals, FIRST_MEALS, strict=True)
    first = [(number, name, str(start)) for number, (name, (_, start)) in enumerate(pairs)]
    connection.executemany("INSERT INTO first_meals VALUES (?, ?, ?)", first)


def selected(connection: sqlite3.Connection, name: str, columns: tuple[str, ...]) -> str:
    """Every column that is read, and nothing for one that the file does not have."""
    there = columns_of(connection, name)
    if not there:
        return f"SELECT 0 AS row, {', '.join(f'NULL AS {named(column)}' for column in columns)} WHERE 0"
    said = (named(column) if column in there else f"NULL AS {named(column)}" for column in columns)
    return f"SELECT rowid AS row, {', '.join(said)} FROM {SCHEMA}.{named(name)}"


def columns_of(connection: sqlite3.Connection, name: str) -> list[str]:
    """Of a table of the original; none where it is not there."""
    found = connection.execute(f"PRAGMA {SCHEMA}.table_xinfo({named(name)})")
    return [row[1].decode() if isinstance(row[1], bytes) else row[1] for row in found]


def raw(column: str) -> str:
    """A column as a function is given it: bytes, for text that is none would end the statement."""
    return f"CAST({column} AS BLOB)"


def translated(column: str, words: dict[str, str], others: str = "NULL") -> str:
    pairs = " ".join(f"WHEN '{theirs}' THEN '{ours}'" for theirs, ours in words.items())
    return f"CASE lower({column}) {pairs} ELSE {others} END"


PERSON = f"id_of({raw('created_at')}, 'user', {raw('id')})"
ADMIN = f"id_of({raw('created_at')}, 'admin', {raw('id')})"
NOBODY = "id_of(NULL, 'nobody')"
ACCOUNT = """
    INSERT INTO users (id, email, email_key, name, password_hash, time_zone, day_starts_at, units,
        energy_unit, language, is_admin, active, created_at, old_table, old_row)
"""
NAME = """coalesce(
    nullif(name, ''), nullif(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), ''),
    username, whatsapp_id, 'Person ' || id)"""
EMAIL = f"coalesce(CASE WHEN trim(email) <> '' THEN email END, no_address({raw('whatsapp_id')}, {raw('id')}))"
SAME = "nobodys_hash, time_zone, '00:00:00', 'metric', 'kcal', language"
GOAL = translated("goal", layout.THEIR_GOALS)
STATEMENTS = (
    # Numeric, so that a text of digits finds the number.
    "CREATE TABLE people (old_id NUMERIC UNIQUE, id, created_at)",
    f"INSERT OR IGNORE INTO people SELECT id, {PERSON}, created_at FROM old_user WHERE id IS NOT NULL",
    f"""{ACCOUNT}
    SELECT {PERSON}, {EMAIL}, email_key({raw(EMAIL)}), {NAME}, {SAME}, 0, coalesce(is_active, 1), created_at,
        'user', row FROM old_user, home ORDER BY row
    """,
    f"""{ACCOUNT}
    SELECT {ADMIN}, email, email_key({raw("email")}), coalesce(username, 'Admin ' || id), {SAME}, 1,
        coalesce(is_active, 1), created_at, 'admin_user', row FROM old_admin_user, home ORDER BY row
    """,
    f"""
    INSERT INTO bodies (user_id, height_cm, birth_year, sex, activity, aim, pace_kg_per_week, old_table,
        old_row)
    SELECT {PERSON}, height,
        CASE WHEN typeof(age) = 'integer' THEN birth_year({raw("created_at")}, age) ELSE age END,
        {translated("gender", layout.THEIR_SEXES)}, {translated("activity_level", layout.THEIR_ACTIVITIES)},
        {GOAL}, CASE WHEN {GOAL} IN ('lose', 'gain') THEN {layout.PACE_KG_PER_WEEK} END, 'user', row
    FROM old_user WHERE coalesce(height, age, gender, activity_level, goal) IS NOT NULL ORDER BY row
    """,
    f"""
    INSERT INTO weights (user_id, id, day, weight_kg, created_at, old_table, old_row)
    SELECT {PERSON}, id_of({raw("created_at")}, 'weight', {raw("id")}), local_day({raw("created_at")}),
        weight, readable({raw("created_at")}), 'user', row
    FROM old_user WHERE weight IS NOT NULL ORDER BY row
    """,
    f"""
    INSERT INTO targets (user_id, id, starts_on, energy_kcal, created_at, old_table, old_row)
    SELECT {PERSON}, id_of({raw("created_at")}, 'target', {raw("id")}), local_day({raw("created_at")}),
        daily_calorie_goal, readable({raw("created_at")}), 'user', row
    FROM old_user WHERE daily_calorie_goal IS NOT NULL ORDER BY row
    """,
    f"""
    INSERT INTO meals (user_id, id, position, name, usual_from, old_table, old_row)
    SELECT users.id, id_of({raw("users.created_at")}, 'meal', users.id, number), number + 1, first_meals.name,
        usual_from, old_table, old_row
    FROM users, first_meals ORDER BY users.rowid, number
    """,
    f"""
    INSERT INTO entries (user_id, id, day, eaten_at, meal_id, planned, name, {", ".join(layout.AMOUNTS)},
        created_at, updated_at, old_table, old_row)
    SELECT coalesce(people.id, {NOBODY}), id_of({raw("eaten.created_at")}, 'entry', {raw("eaten.id")}),
        local_day({raw("eaten.created_at")}), local_time({raw("eaten.created_at")}),
        id_of({raw("people.created_at")}, 'meal', people.id, meal_at({raw("eaten.created_at")})), 0,
        eaten.food_name, {", ".join(f"eaten.{named(theirs)}" for theirs in layout.AMOUNTS.values())},
        eaten.created_at, readable({raw("eaten.created_at")}), 'food_log', eaten.row
    FROM old_food_log AS eaten LEFT JOIN people ON people.old_id = eaten.user_id ORDER BY eaten.row
    """,
    f"""
    INSERT INTO subscriptions (user_id, id, provider, provider_id, status, amount_minor, currency, billed_per,
        started_at, paid_until, canceled_at, cancel_at_period_end, updated_at, old_table, old_row)
    SELECT coalesce(people.id, {NOBODY}), id_of({raw("paid.created_at")}, 'subscription', {raw("paid.id")}),
        'mercadopago', paid.id, {translated("status", layout.THEIR_STATUSES, "status")},
        CASE WHEN typeof(amount) IN ('integer', 'real') THEN minor(amount, {raw("currency")}) ELSE amount END,
        currency_code({raw("currency")}), {translated("frequency", layout.THEIR_INTERVALS, "frequency")},
        paid.created_at, next_payment_date, cancelled_at, 0,
        coalesce(updated_at, readable({raw("paid.created_at")})), 'subscription', row
    FROM old_subscription AS paid LEFT JOIN people ON people.old_id = paid.user_id ORDER BY row
    """,
    f"""
    INSERT INTO subscriptions (user_id, id, provider, provider_id, status, started_at, paid_until,
        cancel_at_period_end, updated_at, old_table, old_row)
    SELECT {PERSON}, id_of({raw("created_at")}, 'trial', {raw("id")}), 'caloria', 'trial of ' || {PERSON},
        'trialing', coalesce(trial_start_time, readable({raw("created_at")})), trial_end_time, 0,
        readable({raw("created_at")}), 'user', row
    FROM old_user WHERE subscription_status = 'trial_active'
        AND id NOT IN (SELECT user_id FROM old_subscription WHERE user_id IS NOT NULL) ORDER BY row
    """,
)
