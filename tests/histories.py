"""Years of one person's diary, by a fixed rule and as fast as the database can."""

from datetime import date

from sqlalchemy import Uuid, bindparam, text

# The n-th row of a history, told in the words of each engine.
NEW_ID = {"postgresql": "gen_random_uuid()", "sqlite": "lower(hex(randomblob(16)))"}
DAYS_ON = {
    "postgresql": "CAST(:first AS date) + CAST({days} AS integer)",
    "sqlite": "date(:first, '+' || ({days}) || ' days')",
}
NUMBERS = "WITH RECURSIVE numbers (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < :many)"
ENTRIES = """
    INSERT INTO entries (user_id, id, day, meal_id, food_id, name, portion_amount, portion_unit,
                         gram_weight, energy_kcal, protein_g, created_at, updated_at)
    {numbers}
    SELECT :user_id, {new_id}, {nth_day}, :meal_id, :food_id, 'Oats', 0.75, 'cup',
           60, 228, CASE WHEN i % 3 = 0 THEN NULL ELSE 7.8 END, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP
    FROM numbers
"""
# Weighed on three days of four, and in no holidays: seven weeks without in every year. Down and up again over
# the years by ten kilograms, under a scale that swings by half of one.
WEIGHTS = """
    INSERT INTO weights (user_id, id, day, weight_kg, created_at)
    {numbers}
    SELECT :user_id, {new_id}, {nth_day}, 75.0 + abs(i % 1400 - 700) * 0.0143 + (i * 37 % 11 - 5) * 0.1,
           CURRENT_TIMESTAMP
    FROM numbers WHERE i % 4 <> 0 AND i % 365 >= 49
"""


def log_history(connection, person_id, meal_id, food_id, first: date, days: int, a_day: int = 12) -> None:
    """Fill a diary with so many entries on each of so many days."""
    ids = {"user_id": person_id, "meal_id": meal_id, "food_id": food_id}
    _insert(connection, ENTRIES, f"i / {a_day:d}", ids, first, days * a_day)


def log_weights(connection, person_id, first: date, days: int) -> None:
    """Weigh somebody over so many days, with gaps."""
    _insert(connection, WEIGHTS, "i", {"user_id": person_id}, first, days)


def _insert(connection, rule: str, nth: str, ids: dict, first: date, many: int) -> None:
    engine = connection.dialect.name
    words = {"numbers": NUMBERS, "new_id": NEW_ID[engine], "nth_day": DAYS_ON[engine].format(days=nth)}
    statement = text(rule.format(**words)).bindparams(*(bindparam(name, type_=Uuid()) for name in ids))
    connection.execute(statement, {**ids, "first": first.isoformat(), "many": many})
