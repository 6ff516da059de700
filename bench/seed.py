"""A database full of people who keep a diary, by a fixed rule: the same rows on every machine and day.

Everybody logs 12 things a day, 3 at each of 4 meals, out of some 20 foods that they keep coming back to, and
weighs themselves on three days of four. The
first person has done so for a year, the others for 30 days. The rows lie in the order in which they were
logged, so that a person's day is spread among everybody else's.
"""

import hashlib
from datetime import UTC, date, datetime, timedelta

from caloria.models.nutrients import NUTRIENT_NAMES

DAYS = 30
DAYS_OF_THE_FIRST = 365
ENTRIES_A_DAY = 12
SIGNED_IN = 8  # the first, and some of the others

FOODS = """
CREATE TEMPORARY TABLE food AS
SELECT row_number() OVER (ORDER BY source_id) - 1 AS number, foods.*, portions.unit,
       portions.gram_weight AS portion_grams
FROM foods LEFT JOIN portions ON portions.food_id = foods.id AND portions.position = 1;
ALTER TABLE food ADD PRIMARY KEY (number);
"""

# Time-ordered ids, as the app's own: milliseconds, the version, and for chance a digest.
ID = """
CREATE FUNCTION pg_temp.id_of(moment timestamptz, key text) RETURNS uuid IMMUTABLE LANGUAGE sql AS $$
  SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '7' || substr(md5(key), 1, 3)
          || '8' || substr(md5(key), 4, 15))::uuid $$
"""

# As many as a shop has, made of those that the app ships; days are made of the latter, which have portions.
MORE_FOODS = """
INSERT INTO foods
SELECT (jsonb_populate_record(foods, jsonb_build_object(
         'id', pg_temp.id_of(%(first_day)s, 'food ' || source_id || ' ' || nth), 'everyday', 0, 'gtin', NULL,
         'source_id', source_id || ' ' || nth, 'name', name || ' ' || nth,
         'folded_name', folded_name || ' ' || nth))).*
FROM foods, generate_series(1, %(more_foods)s / %(foods)s + 1) AS nth
WHERE source <> 'own' ORDER BY nth, foods.id LIMIT %(more_foods)s
"""

PEOPLE = """
CREATE TEMPORARY TABLE person AS
SELECT number, pg_temp.id_of(%(first_day)s, 'person ' || number) AS id
FROM generate_series(0, %(people)s) AS number;
ALTER TABLE person ADD PRIMARY KEY (number);

INSERT INTO users (id, email, email_key, name, password_hash, time_zone, day_starts_at, units, is_admin,
                   active, created_at)
SELECT id, 'person' || number || '@example.org', 'person' || number || '@example.org', 'Person ' || number,
       'nobody knows it', 'UTC', '00:00', 'metric', false, true, %(first_day)s
FROM person ORDER BY number;

INSERT INTO meals (user_id, id, position, name, usual_from)
SELECT person.id, pg_temp.id_of(%(first_day)s, 'meal ' || person.number || ' ' || meal.position),
       meal.position, meal.name, meal.usual_from
FROM person, (VALUES (1, 'Breakfast', time '04:00'), (2, 'Lunch', time '11:00'), (3, 'Dinner', time '17:30'),
                     (4, 'Snacks', time '15:00')) AS meal (position, name, usual_from)
ORDER BY person.number, meal.position;

INSERT INTO targets (user_id, id, starts_on, energy_kcal, protein_g, fat_g, carbohydrate_g, fiber_g,
                     created_at)
SELECT id, pg_temp.id_of(%(first_day)s, 'target ' || number), %(first_day)s, 1800 + number %% 9 * 100,
       90 + number %% 7 * 10, 70, 200 + number %% 5 * 20, 30, %(first_day)s
FROM person ORDER BY number;
"""

ENTRIES = f"""
INSERT INTO entries (user_id, id, day, eaten_at, meal_id, food_id, name, portion_amount, portion_unit,
                     gram_weight, created_at, updated_at, {", ".join(NUTRIENT_NAMES)})
SELECT logged.user_id, pg_temp.id_of(logged.moment, logged.key), logged.day, logged.moment::time,
       logged.meal_id, food.id, food.name, logged.amount, coalesce(food.unit, 'g'), logged.amount * grams,
       logged.moment, logged.moment, {", ".join(f"food.{name} * factor" for name in NUTRIENT_NAMES)}
FROM (
  SELECT person.id AS user_id, day::date AS day, meals.id AS meal_id,
         concat_ws(' ', person.number, day::date, nth) AS key,
         day + make_interval(hours => 6 + nth, mins => person.number %% 60) AS moment,
         (person.number * 7 + (nth * 5 + extract(day FROM day)::int * (nth %% 3)) %% 20) %% %(foods)s AS food,
         1 + nth %% 3 * 0.5 AS amount
  FROM generate_series(%(first_day)s::timestamptz, %(last_day)s, '1 day') AS day
  JOIN person ON person.number = 0 OR day >= %(first_day_of_others)s
  CROSS JOIN generate_series(0, {ENTRIES_A_DAY - 1}) AS nth
  JOIN meals ON meals.user_id = person.id AND meals.position = 1 + nth / 3
) AS logged
JOIN food ON food.number = logged.food,
LATERAL (SELECT coalesce(food.portion_grams, 100) AS grams) AS portion,
LATERAL (SELECT logged.amount * grams / 100 AS factor) AS measured
ORDER BY logged.moment, logged.key
"""

# Three days of four, with a scale that swings.
WEIGHTS = """
INSERT INTO weights (user_id, id, day, weight_kg, created_at)
SELECT person.id, pg_temp.id_of(moment, concat_ws(' ', 'weight', person.number, moment::date)), moment::date,
       70 + person.number %% 30 + (extract(doy FROM moment)::int * 37 %% 12 - 6) * 0.1, moment
FROM generate_series(%(first_day)s::timestamptz, %(last_day)s, '1 day') AS moment
JOIN person ON person.number = 0 OR moment >= %(first_day_of_others)s
WHERE extract(doy FROM moment)::int %% 4 <> 0
ORDER BY 2
"""

SESSION = """
INSERT INTO sessions (token_hash, user_id, created_at, last_seen_at)
SELECT %s, id, now(), now() FROM person WHERE number = %s RETURNING user_id
"""


def fill(cursor, people, all_foods=0, years=1):
    """Fill the tables; return how much is in them, and who is signed in: token, id and days."""
    today = datetime.now(UTC).date()
    cursor.execute("SET timezone = 'UTC'")
    cursor.execute(FOODS)
    foods = count(cursor, "food")
    first = today - timedelta(days=years * DAYS_OF_THE_FIRST - 1)
    rule = {
        "people": people,
        "foods": foods,
        "more_foods": max(0, all_foods - foods),
        "first_day": midnight(first),
        "first_day_of_others": midnight(today - timedelta(days=DAYS - 1)),
        "last_day": midnight(today),
    }
    for statement in (ID, MORE_FOODS, PEOPLE, ENTRIES, WEIGHTS):
        cursor.execute(statement, rule)
    signed_in = [sign_in(cursor, number * people // SIGNED_IN, today) for number in range(SIGNED_IN)]
    return {
        "people": people + 1,
        "foods": count(cursor, "foods"),
        "entries": count(cursor, "entries"),
    }, signed_in


def midnight(day: date):
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def count(cursor, table):
    cursor.execute(f"SELECT count(*) FROM {table}")
    return cursor.fetchone()[0]


def sign_in(cursor, number, today):
    """Sign a person in as the app does; their days are those that the benchmark looks at."""
    token = f"the token of person {number} in a benchmark"
    cursor.execute(SESSION, (hashlib.sha256(token.encode()).hexdigest(), number))
    kept = DAYS_OF_THE_FIRST if number == 0 else DAYS
    days = [today - timedelta(days=back) for back in range(0, kept, kept // 15)]
    return {"token": token, "user_id": str(cursor.fetchone()[0]), "days": [str(day) for day in days]}
