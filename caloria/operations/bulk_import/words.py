from collections.abc import Iterable

from caloria.models import FoodWord
from caloria.models.word_forms import words_of

MOST_HELD = 200_000


class NewWords:
    """The words of the names that come in, so that a slip in one can be repaired by searching.

    A word counts once it was in so many names: in millions of them that anybody may write, slips are many.
    """

    def __init__(self, times: int = 1):
        self.times = times
        self.known: set[str] = set()
        self.once: set[str] = set()

    def learn(self, names: Iterable[str]) -> None:
        """Take in the words of some folded names that are not known yet."""
        new: set[str] = set()
        for name in names:
            for word in set(words_of(name)) - self.known - new:
                if self.times == 1 or word in self.once:
                    new.add(word)
                elif word.isalpha():
                    self.once.add(word)
        FoodWord.learn(new)
        self.once -= new
        self.known = self._bounded(self.known | new)
        self.once = self._bounded(self.once)

    @staticmethod
    def _bounded(words: set[str]) -> set[str]:
        return words if len(words) <= MOST_HELD else set()
