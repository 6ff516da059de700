from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db


class FoodWord(db.Model):
    """A word in the names of shared foods, under what is left of it when a letter is missing.

    A misspelt word and the word that was meant share one of these remains: one index finds them.
    """

    __tablename__ = "food_words"
    __table_args__ = (CheckConstraint("length(word) BETWEEN 1 AND 100", name="word"),)

    remains: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)
