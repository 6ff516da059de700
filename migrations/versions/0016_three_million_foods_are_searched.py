"""Three million foods are searched

Revision ID: 0016
Revises: 0015
Create Date: 2026-11-22 08:10:00+00:00

What it costs on PostgreSQL: until now foods came from the starter and from people, so the indexes take in a few
thousand rows, and those that people made are in none of them. Each index reads the table once, about a second
for a million rows. (A table of three million shared foods would hold the others up for some two minutes.)
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None
# The oldest revision whose code can still run on this one; without the line, only this one's own.
oldest_compatible = "0001"

# Everybody's foods in use; what people made is found by its owner. Said in a way that fits no other index:
# PostgreSQL would take one of those as long as it has not counted what the table holds.
SHARED = "num_nulls(owner_id, archived_at) = 2"
# The words of folded names, between whatever is no letter or digit: "7up" is "7" and "up".
PLAIN = (
    r"pg_catalog.regexp_replace(names,"
    r" '[\x01-\x2f:-@[-`{-\x7f\u00a0-\u00bf\u2000-\u206f]+|(?<=[0-9])(?=[^0-9])', ' ', 'g')"
)
# To work it out for a row in place of asking the index is a mistake, so that it is said to cost a lot.
EXACT = "LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100"
POSTGRESQL = [
    f"""
    CREATE FUNCTION search_words(names text) RETURNS tsvector {EXACT} AS $$
    BEGIN
        RETURN pg_catalog.to_tsvector('pg_catalog.simple', {PLAIN});
    END $$
    """,
    # Every word with each of its ends, so that the beginning of one of them is found anywhere within a word.
    f"""
    CREATE FUNCTION search_ends(names text) RETURNS tsvector {EXACT} AS $$
    BEGIN
        RETURN (
            SELECT array_to_tsvector(coalesce(array_agg(DISTINCT "left"(substr(word, place), 60)), '{{}}'))
            FROM unnest(string_to_array({PLAIN}, ' ')) AS word,
                 generate_series(1, greatest(length(word) - 2, 1)) AS place
            WHERE word <> ''
        );
    END $$
    """,  # noqa: S608  our own words
    f"""
    CREATE INDEX search_foods_0 ON foods USING gin (search_ends(folded_name)) WITH (fastupdate = off)
    WHERE {SHARED} AND tier = 0
    """,
    f"""
    CREATE INDEX search_foods_1 ON foods USING gin (search_words(folded_name)) WITH (fastupdate = off)
    WHERE {SHARED} AND tier = 1
    """,
    f"""
    CREATE INDEX search_foods_2 ON foods USING gin (search_words(folded_name)) WITH (fastupdate = off)
    WHERE {SHARED} AND tier = 2
    """,
    f"""
    CREATE INDEX search_foods_3 ON foods USING gin (search_words(folded_name)) WITH (fastupdate = off)
    WHERE {SHARED} AND tier = 3
    """,
    # The known words by how they begin, whatever the language of the database sorts by.
    """
    CREATE INDEX search_food_words ON food_words (word text_pattern_ops) WHERE remains = word
    """,
    # Products of Open Food Facts, by how many people scan them.
    """
    CREATE INDEX search_open_foods_0 ON open_foods USING gin (search_words(folded_name)) WITH (fastupdate = off)
    WHERE scans >= 20
    """,
    """
    CREATE INDEX search_open_foods_1 ON open_foods USING gin (search_words(folded_name)) WITH (fastupdate = off)
    WHERE scans BETWEEN 3 AND 19
    """,
    """
    CREATE INDEX search_open_foods_2 ON open_foods USING gin (search_words(folded_name)) WITH (fastupdate = off)
    WHERE scans < 3
    """,
]


def upgrade():
    op.add_column(
        "foods",
        sa.Column(
            "popularity",
            sa.Integer(),
            sa.CheckConstraint("popularity BETWEEN 0 AND 1000000000", name=op.f("ck_foods_popularity")),
            server_default="0",
            nullable=False,
        ),
    )
    op.add_column(
        "foods",
        sa.Column(
            "tier",
            sa.Integer(),
            sa.CheckConstraint("tier BETWEEN 0 AND 3", name=op.f("ck_foods_tier")),
            server_default="3",
            nullable=False,
        ),
    )
    op.add_column(
        "food_words",
        sa.Column(
            "foods",
            sa.Integer(),
            sa.CheckConstraint("foods >= 0", name=op.f("ck_food_words_foods")),
            server_default="1",
            nullable=False,
        ),
    )
    op.execute("UPDATE foods SET tier = 0 WHERE owner_id IS NULL AND (everyday > 0 OR source = 'caloria')")
    if op.get_context().dialect.name == "postgresql":
        for statement in POSTGRESQL:
            op.execute(statement)


def downgrade():
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP INDEX search_open_foods_2, search_open_foods_1, search_open_foods_0")
        op.execute("DROP INDEX search_food_words")
        op.execute("DROP INDEX search_foods_3, search_foods_2, search_foods_1, search_foods_0")
        op.execute("DROP FUNCTION search_ends(text), search_words(text)")
    op.drop_column("food_words", "foods")
    for column in ("tier", "popularity"):
        op.drop_column("foods", column)
