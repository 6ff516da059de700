"""In which turn searching looks for everybody's foods."""

from datetime import timedelta

from sqlalchemy import text

from caloria.extensions import db
from caloria.models.clock import utc_now

# So many are in each tier but the last: a word that few of them have is one that few of all have.
MOST = (5_000, 20_000, 100_000)
LOGGED_WITHIN = timedelta(days=28)

# Generic is what has no brand and no barcode. What many log here counts with what is said to be popular; of
# what nobody knows to be popular, that comes first of which most of what people count is known. Whoever else
# is changing a food is not waited for: that food is sorted the next time.
SORT = """
WITH logged AS (
    SELECT food_id, count(*) AS times FROM entries
    WHERE day > :since AND deleted_at IS NULL AND food_id IS NOT NULL GROUP BY food_id
), chosen AS MATERIALIZED (
    SELECT foods.id, foods.tier, row_number() OVER () AS place FROM (
        SELECT id, tier FROM foods LEFT JOIN logged ON food_id = id
        WHERE owner_id IS NULL AND archived_at IS NULL
        ORDER BY everyday > 0 DESC, source = 'caloria' DESC,
            (brand IS NULL AND gtin IS NULL) DESC, popularity + coalesce(times, 0) DESC,
            num_nulls(energy_kcal, protein_g, fat_g, carbohydrate_g, sugars_g, fiber_g, sodium_mg), id
        LIMIT :first + :second + :third
    ) AS foods
), sorted AS (
    SELECT id, coalesce(chosen.tier, before.tier) AS was,
        CASE WHEN place <= :first THEN 0 WHEN place <= :first + :second THEN 1
            WHEN place IS NOT NULL THEN 2 ELSE 3 END AS tier
    FROM chosen FULL JOIN (
        SELECT id, tier FROM foods WHERE owner_id IS NULL AND archived_at IS NULL AND tier < 3
    ) AS before USING (id)
), changed AS MATERIALIZED (
    SELECT id, few.tier FROM (
        SELECT id, tier FROM sorted WHERE tier <> was ORDER BY tier, id LIMIT :most
    ) AS few JOIN foods USING (id) FOR NO KEY UPDATE OF foods SKIP LOCKED
)
UPDATE foods SET tier = changed.tier FROM changed WHERE changed.id = foods.id
"""


class FoodTier:
    """The tiers of everybody's foods: searching goes from one to the next until it has found enough."""

    @staticmethod
    def sort(most: int | None = None) -> int:
        """Put everybody's foods, at most so many, into their tiers; return how many. SQLite has no tiers."""
        if db.engine.dialect.name != "postgresql":
            return 0
        since = utc_now().date() - LOGGED_WITHIN
        told = {"since": since, "most": most, **dict(zip(("first", "second", "third"), MOST, strict=True))}
        return db.session.connection().execute(text(SORT), told).rowcount
