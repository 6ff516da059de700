import re
from collections.abc import Iterable

from sqlalchemy import CheckConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db, insert, insert_many

# Shorter words are too near to too many others, and in longer ones a slip is enough to tell them apart.
SHORTEST, LONGEST = 4, 30
WORDS_AT_ONCE = 200
MEANT_AT_MOST = 4
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
    __table_args__ = (CheckConstraint("length(word) BETWEEN 1 AND 100", name="word"),)

    remains: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)

    @classmethod
    def replace_all(cls, words: Iterable[str]) -> None:
        """Know these words and no others; those that were known before are not written again."""
        wanted = {word for word in words if SHORTEST <= len(word) <= LONGEST}
        known = set(db.session.scalars(select(cls.word).distinct()))
        if gone := known - wanted:
            db.session.execute(delete(cls).where(cls.word.in_(gone)))
        cls._add(wanted - known)

    @classmethod
    def learn(cls, words: Iterable[str]) -> None:
        """Know these words too."""
        cls._add({word for word in words if SHORTEST <= len(word) <= LONGEST})

    @classmethod
    def _add(cls, words: set[str]) -> None:
        new = sorted(words)
        for start in range(0, len(new), WORDS_AT_ONCE):
            some = new[start : start + WORDS_AT_ONCE]
            rows = [{"remains": left, "word": word} for word in some for left in sorted(remains(word))]
            insert_many(insert(cls).on_conflict_do_nothing(), cls.word, rows)

    @classmethod
    def meant_by(cls, words: list[str]) -> list[list[str]]:
        """For each word what may have been meant, the nearest first; nothing where all are as they are."""
        asked = {left for word in words if len(word) >= SHORTEST for left in remains(word)}
        if not asked:
            return []
        known = set(db.session.scalars(select(cls.word).distinct().where(cls.remains.in_(asked))))
        meant = [_nearest(word, known) for word in words]
        return meant if any(each[0] != word for word, each in zip(words, meant, strict=True)) else []


def remains(word: str) -> set[str]:
    """A word, its sound, and what is left of it without any one of its letters."""
    return {word, sound(word), *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def sound(word: str) -> str:
    """How a word sounds, roughly."""
    for spelling, letter in SAID_ALIKE:
        word = re.sub(spelling, letter, word)
    return word


def _nearest(word: str, known: set[str]) -> list[str]:
    if word in known or len(word) < SHORTEST:
        return [word]
    near = sorted((_slips(word, each), each[0] != word[0], each) for each in known)
    within = [each for slips, _first, each in near if slips <= (1 if len(word) < 8 else 2)]
    return within[:MEANT_AT_MOST] or [word]


def _slips(word: str, meant: str) -> int:
    """How many slips make one word of another; none where both sound the same."""
    # Loaded when somebody mistypes: every command and worker would give it memory.
    from rapidfuzz.distance import OSA

    return 0 if sound(word) == sound(meant) else OSA.distance(word, meant)
