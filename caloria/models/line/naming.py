"""How well a food answers to the words that somebody used for it."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from caloria.models.food import Food, folded
from caloria.models.kept import cached_property
from caloria.models.word_forms import key, keys_of, words_of

# How a name answers, from the best: it is just this; it is a kind of this; it is something else that has it
# in its name or only mentions it. In steps of how usual a food is.
EXACT, KIND, COMPOUND, NOT_AT_ALL = 0, 2, 6, 100
# Where the noun of an English name ends: "toast with butter".
_BEHIND_THE_NOUN = re.compile(r" (?:with|in|on|for|and) ")


@dataclass(frozen=True)
class Said:
    """The words that somebody used for a food, in one form.

    What says which food it is stands last in English, before "with" if there is one, and first in Spanish.
    """

    words: tuple[str, ...]
    last: str

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(self.words)

    @property
    def first(self) -> str:
        return self.words[0]


@dataclass(frozen=True)
class Name:
    """One name of a food: what comes before the comma says what it is, the rest tells more."""

    text: str
    is_spanish: bool = False

    @cached_property
    def head(self) -> list[str]:
        before = self.text.partition(",")[0].partition("(")[0]
        return [key(word) for word in words_of(before)]

    @cached_property
    def noun(self) -> str:
        """The word that says what it is: "orange juice", "zumo de naranja", "toast with butter"."""
        if self.is_spanish or not self.head:
            return self.head[0] if self.head else ""
        first = _BEHIND_THE_NOUN.split(self.text.partition(",")[0].partition("(")[0])[0]
        return [key(word) for word in words_of(first)][-1:][0] if words_of(first) else self.head[-1]

    def answers(self, said: "Said") -> int:
        """How well this name answers to some words."""
        keys = said.keys
        if not keys <= keys_of(self.text):
            return NOT_AT_ALL
        head = set(self.head)
        noun = said.first if self.is_spanish else said.last
        if noun in head and noun != self.noun:
            # "leche de avena" is no "avena con leche", but "chicken breast grilled" is grilled.
            return COMPOUND if head <= keys else NOT_AT_ALL
        if head <= keys:
            return EXACT
        if self.noun in keys:
            return KIND
        begins = keys <= head and not self.is_spanish and self.head[0] in keys
        return COMPOUND if begins else NOT_AT_ALL

    def nearly_joins(self, said: "Said") -> bool:
        """Whether this is all that was joined, but for one word: "lentejas (guisadas) con chorizo"."""
        keys = said.keys
        missing = set(self.head) - keys
        if not keys <= set(self.head) or len(missing) != 1:
            return False
        # In English the last word says what the second part is: cream liqueur is no cream.
        is_second = self.is_spanish or self.head[-1] in keys
        return is_second and self.noun == (said.first if self.is_spanish else said.last)


@lru_cache(maxsize=4096)
def _names(folded_name: str, first_spanish_name: str) -> list[Name]:
    # The English names come first, then the Spanish.
    spanish = folded(first_spanish_name)
    texts = [text.strip() for text in folded_name.split(";") if text.strip()]
    first_spanish = texts.index(spanish) if spanish in texts else len(texts)
    names = [Name(text, at >= first_spanish) for at, text in enumerate(texts)]
    return names + [each for name in names for each in _in_brackets(name)]


class Named(Protocol):
    """What is called as a food is."""

    @property
    def name(self) -> str: ...
    @property
    def folded_name(self) -> str: ...
    @property
    def names(self) -> dict[str, str] | None: ...
    @property
    def brand(self) -> str | None: ...


def names_of(food: Named) -> list[Name]:
    """Every name of a food, and what stands in brackets as a name of its own."""
    return _names(food.folded_name, (food.names or {}).get("es", ""))


def _in_brackets(name: Name) -> list[Name]:
    """Shrimp (prawns), cooked: prawns, cooked."""
    _, bracket, rest = name.text.partition("(")
    inside, _, behind = rest.partition(")")
    inner = [text.strip() for text in inside.split(",")] if bracket else []
    return [Name(text + behind, name.is_spanish) for text in inner if words_of(text)]


def answers(food: Food, said: Said) -> int:
    """How well a food answers to some words, by the name of it that does so best."""
    names = names_of(food)
    best = min((name.answers(said) for name in names), default=NOT_AT_ALL)
    if best < NOT_AT_ALL:
        return best
    # The words may be those of several of its names.
    has_noun = any(name.noun in said.keys for name in names)
    has_all = len(said.keys) > 1 and said.keys <= keys_of(food.folded_name)
    return COMPOUND if has_noun and has_all else NOT_AT_ALL


def is_its_name(food: Food, said: Said) -> bool:
    """Whether the food's own name, and not only a synonym, is just this."""
    return names_of(food)[0].answers(said) == EXACT
