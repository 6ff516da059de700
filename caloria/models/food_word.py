import re
from collections import Counter
from collections.abc import Iterable

from sqlalchemy import CheckConstraint, delete, select, text
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db, insert, insert_many
from caloria.models.food import Food
from caloria.models.open_food import OpenFood
from caloria.models.word_forms import words_of

# Shorter words are too near to too many others, and in longer ones a slip is enough to tell them apart.
SHORTEST, LONGEST = 4, 30
WORDS_AT_ONCE = 200
MEANT_AT_MOST = 4
# Of what is not everyday a word counts once some foods have it: a slip in one name is no word.
TOLD_BY = 3
# What is said alike in English or Spanish, and so is mistaken for each other: "servesa" is "cerveza".
SAID_ALIKE = (
    (r"c(?=[ei])", "s"), (r"g(?=[ei])", "j"), (r"gu(?=[ei])", "g"), (r"qu(?=[ei])|c(?!h)|q", "k"),
    ("ph", "f"), (r"(?<!c)h", ""), ("ll", "y"), ("v", "b"), ("z", "s"), (r"(.)\1", r"\1"),
)  # fmt: skip


class FoodWord(db.Model):
    """A word in the names of shared foods, under its sound and what is left of it when a letter is missing.

    A misspelt word and the word that was meant share one of these remains: one index finds them.
    """

    __tablename__ = "food_words"
    __table_args__ = (
        CheckConstraint("length(word) BETWEEN 1 AND 100", name="word"),
        CheckConstraint("foods >= 0", name="foods"),
    )

    remains: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)
    # In how many names it is: of two words that are as near, the more usual one is meant.
    foods: Mapped[int] = mapped_column(default=1, server_default="1")

    @classmethod
    def know_shared(cls) -> None:
        """Know the words of all shared foods in use and of products, and how many have them."""
        if db.engine.dialect.name == "postgresql":
            db.session.execute(text(KNOW_SHARED), BOUNDS)
            return
        shared = select(Food.folded_name).where(Food.owner_id.is_(None), Food.archived_at.is_(None))
        words = Counter(word for names in db.session.scalars(shared) for word in set(words_of(names)))
        names = db.session.scalars(select(OpenFood.folded_name))
        of_products = Counter(word for said in names for word in set(words_of(said)))
        cls.replace_all(
            words + Counter({word: told for word, told in of_products.items() if told >= TOLD_BY})
        )

    @classmethod
    def replace_all(cls, words: Iterable[str]) -> None:
        """Know these words and no others, each as often as it is said; others are not written again."""
        said = Counter(words)
        wanted = _fit(said)
        stored = select(cls.word, cls.foods).distinct()
        known = {word: foods for word, foods in db.session.execute(stored)}
        gone = [word for word, foods in known.items() if wanted.get(word) != foods]
        for start in range(0, len(gone), WORDS_AT_ONCE):
            db.session.execute(delete(cls).where(cls.word.in_(gone[start : start + WORDS_AT_ONCE])))
        cls._add({word: foods for word, foods in wanted.items() if known.get(word) != foods})

    @classmethod
    def learn(cls, words: Iterable[str]) -> None:
        """Know these words too."""
        cls._add(_fit(Counter(words)))

    @classmethod
    def _add(cls, words: dict[str, int]) -> None:
        new = sorted(words)
        for start in range(0, len(new), WORDS_AT_ONCE):
            some = new[start : start + WORDS_AT_ONCE]
            rows = [
                {"remains": left, "word": word, "foods": words[word]}
                for word in some
                for left in sorted(remains(word))
            ]
            insert_many(insert(cls).on_conflict_do_nothing(), cls.word, rows)

    @classmethod
    def meant_by(cls, words: list[str]) -> list[list[str]]:
        """For each word what may have been meant, the nearest first; nothing where all are as they are."""
        asked = remains_of(words)
        if not asked:
            return []
        near = select(cls.word, cls.foods).distinct().where(cls.remains.in_(asked))
        return meant_among({word: foods for word, foods in db.session.execute(near)}, words)


def meant_among(known: dict[str, int], words: list[str]) -> list[list[str]]:
    """The same as meant_by() says, of known words that share the remains of these."""
    meant = [_nearest(word, known) for word in words]
    return meant if any(each[0] != word for word, each in zip(words, meant, strict=True)) else []


def remains_of(words: list[str]) -> set[str]:
    """Under what the words are known that may have been meant by these."""
    return {left for word in words if len(word) >= SHORTEST for left in remains(word)}


def remains(word: str) -> set[str]:
    """A word, its sound, and what is left of it without any one of its letters."""
    return {word, sound(word), *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def sound(word: str) -> str:
    """How a word sounds, roughly."""
    for spelling, letter in SAID_ALIKE:
        word = re.sub(spelling, letter, word)
    return word


def _fit(words: dict[str, int]) -> dict[str, int]:
    return {word: foods for word, foods in words.items() if SHORTEST <= len(word) <= LONGEST}


def _nearest(word: str, known: dict[str, int]) -> list[str]:
    """What may have been meant by a word: with the fewest slips, then as it begins, then the most usual."""
    if word in known or len(word) < SHORTEST:
        return [word]
    near = sorted((_slips(word, each), each[0] != word[0], -foods, each) for each, foods in known.items())
    within = [each for slips, _first, _foods, each in near if slips <= (1 if len(word) < 8 else 2)]
    return within[:MEANT_AT_MOST] or [word]


def _slips(word: str, meant: str) -> int:
    """How many slips make one word of another; none where both sound the same."""
    # Loaded when somebody mistypes: every command and worker would give it memory.
    from rapidfuzz.distance import OSA

    return 0 if sound(word) == sound(meant) else OSA.distance(word, meant)


def _sound_in_sql(word: str) -> str:
    """The same as sound() does, of a column."""
    for spelling, letter in SAID_ALIKE:
        word = f"regexp_replace({word}, '{spelling}', '{letter}', 'g')"
    return word


BOUNDS = {"shortest": SHORTEST, "longest": LONGEST, "told_by": TOLD_BY}
# Inside the database: of millions of names no word has to travel. A count that is a tenth off says the same,
# and half a million rows need not be written again after each import.
KNOW_SHARED = f"""
WITH said AS MATERIALIZED (
    SELECT word, max(ndoc) AS foods FROM (
        SELECT word, ndoc FROM ts_stat('SELECT search_words(folded_name) FROM foods
            WHERE owner_id IS NULL AND archived_at IS NULL
            UNION ALL SELECT search_words(folded_name) FROM open_foods')
        WHERE ndoc >= :told_by
        UNION ALL
        SELECT word, ndoc FROM ts_stat('SELECT search_words(folded_name) FROM foods
            WHERE owner_id IS NULL AND archived_at IS NULL AND tier = 0')
    ) AS counted
    WHERE length(word) BETWEEN :shortest AND :longest AND word !~ '^[0-9]' GROUP BY word
), gone AS (
    DELETE FROM food_words WHERE NOT EXISTS (SELECT FROM said WHERE said.word = food_words.word)
)
INSERT INTO food_words (remains, word, foods)
SELECT DISTINCT remains, word, foods FROM said, LATERAL (
    SELECT overlay(word PLACING '' FROM place FOR 1) AS remains FROM generate_series(1, length(word)) AS place
    UNION ALL SELECT word UNION ALL SELECT {_sound_in_sql("word")}
) AS each
ON CONFLICT (remains, word) DO UPDATE SET foods = excluded.foods
WHERE abs(food_words.foods - excluded.foods) > food_words.foods / 10
"""  # noqa: S608  our own words
