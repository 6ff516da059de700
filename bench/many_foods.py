"""Millions of foods and products by a fixed rule, what is looked for among them, and the indexes for it.

A name has two or three words and a brand. Which ones is told by the number of the food: a few words are in
very many names and most are in very few, as in shops. The usual ones are those of the foods that Caloria
ships, the rare ones are made up.
"""

import time

from caloria.models.word_forms import words_of

RARE_WORDS, BRANDS = 40_000, 20_000
OF_CLASS = 100
# One of so many comes last, to see what it costs that the indexes are there.
LAST_FOODS = 50

# A number from 0 to 1 for each food and purpose, and a place that is low far more often than high.
RULE = """
CREATE FUNCTION pg_temp.chance(n bigint, purpose bigint) RETURNS float8 IMMUTABLE LANGUAGE sql AS $$
  SELECT (hashint8extended(n, purpose) & 9007199254740991) / 9007199254740992.0 $$;
CREATE FUNCTION pg_temp.place(n bigint, purpose bigint, places bigint) RETURNS bigint
IMMUTABLE LANGUAGE sql AS $$
  SELECT least(floor(places ^ pg_temp.chance(n, purpose))::bigint, places) $$;
CREATE FUNCTION pg_temp.made_up(n bigint, syllables int) RETURNS text IMMUTABLE LANGUAGE sql AS $$
  SELECT string_agg(substr('bcdfglmnprstvz', 1 + (pg_temp.chance(n, at) * 14)::int % 14, 1)
    || substr('aeiou', 1 + (pg_temp.chance(n, at + 50) * 5)::int % 5, 1), '')
    || substr('nrls', 1 + n::int % 4, 1)
  FROM generate_series(1, syllables) AS at $$;
"""

WORDS = f"""
CREATE TEMPORARY TABLE word AS
SELECT row_number() OVER (ORDER BY times DESC, word) AS place, word FROM (
  SELECT word, ndoc AS times FROM ts_stat('SELECT search_words(lower(name)) FROM foods')
  WHERE length(word) > 2 AND word ~ '^[a-z]+$'
  UNION ALL SELECT DISTINCT pg_temp.made_up(n, 3 + n % 2), 0 FROM generate_series(1, {RARE_WORDS}) AS n
) AS words;
ALTER TABLE word ADD PRIMARY KEY (place);
CREATE TEMPORARY TABLE brand AS
SELECT n AS place, initcap(pg_temp.made_up(n + 1000000, 3 + n % 2)) AS name
FROM generate_series(1, {BRANDS}) AS n;
ALTER TABLE brand ADD PRIMARY KEY (place);
ANALYZE word, brand;
"""

FOODS = """
INSERT INTO foods (id, source, source_id, name, folded_name, brand, gtin, carbohydrate_basis, popularity,
                   created_at, updated_at, energy_kcal, protein_g, fat_g, carbohydrate_g, sugars_g, sodium_mg)
SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'usda', 'bench ' || n,
       initcap(names.name), concat_ws(' ', names.name, lower(brand.name)), brand.name,
       CASE WHEN brand.name <> '' THEN lpad(n::text, 14, '0') END, 'by_difference',
       CASE WHEN brand.name <> '' THEN 1000000 / (1 + pg_temp.chance(n, 9) * %(foods)s)::int ELSE 0 END,
       now(), now(), 500 * pg_temp.chance(n, 10), 20 * pg_temp.chance(n, 11), 20 * pg_temp.chance(n, 12),
       40 * pg_temp.chance(n, 13), 20 * pg_temp.chance(n, 14), 900 * pg_temp.chance(n, 15)
FROM generate_series(%(first)s::bigint, %(last)s) AS n
JOIN word AS a ON a.place = pg_temp.place(n, 1, %(words)s)
JOIN word AS b ON b.place = pg_temp.place(n, 2, %(usual)s)
JOIN word AS c ON c.place = pg_temp.place(n, 3, %(words)s)
LEFT JOIN brand ON n %% 300 > 0 AND brand.place = pg_temp.place(n, 4, %(brands)s),
LATERAL (SELECT concat_ws(' ', a.word, b.word, CASE WHEN n %% 3 > 0 THEN c.word END) AS name) AS names
"""

# Products of Open Food Facts in the same way; most are scanned by nobody, a few by very many.
PRODUCTS = """
INSERT INTO open_foods (id, gtin, code, name, folded_name, brand, scans, changed_at, updated_at,
                        energy_kcal, protein_g, fat_g, carbohydrate_g, sugars_g, sodium_mg)
SELECT ('00000000-0000-7000-8001-' || lpad(to_hex(n), 12, '0'))::uuid, lpad((n + 50000000)::text, 14, '0'),
       lpad((n + 50000000)::text, 13, '0'), initcap(names.name),
       concat_ws(' ', names.name, lower(brand.name)), brand.name,
       (20000 / (1 + pg_temp.chance(n, 29) * %(products)s))::int,
       now(), now(), 500 * pg_temp.chance(n, 30), 20 * pg_temp.chance(n, 31), 20 * pg_temp.chance(n, 32),
       40 * pg_temp.chance(n, 33), 20 * pg_temp.chance(n, 34), 900 * pg_temp.chance(n, 35)
FROM generate_series(%(first)s::bigint, %(last)s) AS n
JOIN word AS a ON a.place = pg_temp.place(n, 21, %(words)s)
JOIN word AS b ON b.place = pg_temp.place(n, 22, %(usual)s)
JOIN word AS c ON c.place = pg_temp.place(n, 23, %(words)s)
LEFT JOIN brand ON n %% 300 > 0 AND brand.place = pg_temp.place(n, 24, %(brands)s),
LATERAL (SELECT concat_ws(' ', a.word, b.word, CASE WHEN n %% 3 > 0 THEN c.word END) AS name) AS names
"""

INDEXES = {
    "search_foods_0": "the ends of words, everyday",
    "search_foods_1": "words, much used",
    "search_foods_2": "words, less used",
    "search_foods_3": "words, all others",
    "search_food_words": "known words, by how they begin",
    "search_open_foods_0": "words, much scanned products",
    "search_open_foods_1": "words, less scanned ones",
    "search_open_foods_2": "words, all other products",
}
PLAIN = {
    "bench_trigrams": "CREATE INDEX bench_trigrams ON foods USING gin ((name || '') gin_trgm_ops)",
    "bench_popular": "CREATE INDEX bench_popular ON foods ((popularity + 0) DESC, id)",
}


def fill(cursor, foods, products, tell):
    """Fill the tables; return the seconds to build the large index, and what a second stores beside it."""
    cursor.execute(RULE)
    cursor.execute(WORDS)
    cursor.execute("SELECT max(place), max(place) - %s FROM word", (RARE_WORDS,))
    words, usual = cursor.fetchone()
    rule = {"foods": foods, "words": words, "usual": usual, "brands": BRANDS, "products": products}
    definition = definition_of(cursor, "search_foods_3")
    cursor.execute("DROP INDEX search_foods_3")
    last = foods // LAST_FOODS
    without = insert(cursor, rule, 1, foods - last, tell)
    built = {"search_foods_3": build(cursor, definition)}
    stored = {"without": without, "with": insert(cursor, rule, foods - last + 1, foods, tell)}
    if products:
        fill_products(cursor, rule, products, tell)
    return built, stored


def fill_products(cursor, rule, products, tell):
    """Fill the table of products; ours_built() builds its indexes as they are."""
    definition = definition_of(cursor, "search_open_foods_2")
    cursor.execute("DROP INDEX search_open_foods_2")
    insert(cursor, rule, 1, products, tell, PRODUCTS)
    build(cursor, definition)


def insert(cursor, rule, first, last, tell, rows=FOODS, step=100_000):
    """Insert the foods, or products, of these numbers; return how many a second."""
    began = time.monotonic()
    for start in range(first, last + 1, step):
        tell(f"making {'food' if rows is FOODS else 'product'} {start:,}")
        cursor.execute(rows, {**rule, "first": start, "last": min(start + step - 1, last)})
    return (last + 1 - first) / (time.monotonic() - began)


def build(cursor, definition):
    """Build an index; return the seconds."""
    began = time.monotonic()
    cursor.execute("SET maintenance_work_mem = '512MB'")
    cursor.execute(definition)
    return time.monotonic() - began


def definition_of(cursor, index):
    cursor.execute("SELECT pg_get_indexdef(%s::regclass)", (index,))
    return cursor.fetchone()[0]


def megabytes(cursor, relation):
    cursor.execute("SELECT pg_relation_size(%s::regclass) / 1e6", (relation,))
    return float(cursor.fetchone()[0])


# By in how many of a million names a word is.
KNOWN = """
SELECT word FROM food_words WHERE remains = word AND foods BETWEEN %s AND %s AND length(word) BETWEEN 5 AND 12
ORDER BY hashtext(word) LIMIT %s
"""
COMMON = "SELECT word FROM food_words WHERE remains = word ORDER BY foods DESC, word LIMIT %s"
ROWS = """
SELECT split_part(folded_name, ' ', 1), split_part(folded_name, ' ', 2) FROM foods
WHERE source_id LIKE 'bench %%' AND length(split_part(folded_name, ' ', 1)) > 3
  AND length(split_part(folded_name, ' ', 2)) > 4
ORDER BY hashint8extended(right(source_id, -6)::bigint, 5) LIMIT %s
"""


def queries(cursor, foods):
    """What is typed, by its kind, each with the word that was meant."""

    def column(sql, *told):
        cursor.execute(sql, told)
        # What only joins words is looked for by nobody.
        return [word for (word,) in cursor.fetchall() if words_of(word)]

    def between(low, high):
        return column(KNOWN, max(3, low * foods // 3_000_000), max(50, high * foods // 3_000_000), OF_CLASS)

    common = column(COMMON, 4 * OF_CLASS)
    letters = list(dict.fromkeys(word[:3] for word in common))[:OF_CLASS]
    cursor.execute(ROWS, (2 * OF_CLASS,))
    two = [f"{first} {second[:4]}" for first, second in cursor.fetchall() if words_of(first)][:OF_CLASS]
    meant = column(KNOWN, max(20, foods // 10_000), foods, 2 * OF_CLASS)
    known = set(column("SELECT DISTINCT word FROM food_words"))
    slips = [(slip(word, at), word) for at, word in enumerate(meant) if slip(word, at) not in known]
    plain = {
        "three letters": letters,
        "common": common[:OF_CLASS],
        "mid": between(500, 5_000),
        "rare": between(2, 50),
        "two words": two,
    }
    said = {kind: [(text, text) for text in texts] for kind, texts in plain.items()}
    return {**dict(list(said.items())[:4]), "misspelt": slips[:OF_CLASS], "two words": said["two words"]}


def slip(word, number):
    """A word with a letter that is missing, twice there, in the place of the next, or another."""
    at = 1 + number % (len(word) - 2)
    return [
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + ("x" if word[at] != "x" else "k") + word[at + 1 :],
    ][number % 4]
