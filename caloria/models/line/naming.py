"""How well a food answers to the words that somebody used for it."""

from dataclasses import dataclass
from functools import cached_property

from caloria.models.food import Food, folded
from caloria.models.line.forms import key, keys_of, words_of

# How a name answers, from the best: it is just this; it is a kind of this; something else that has it in its
# name; it only mentions it.
EXACT, KIND, COMPOUND, MENTIONED, NOT_AT_ALL = range(5)


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
        """The word that says what it is: "orange juice", "zumo de naranja"."""
        return (self.head[0] if self.is_spanish else self.head[-1]) if self.head else ""

    def answers(self, keys: frozenset[str]) -> int:
        """How well this name answers to some words."""
        if not keys <= keys_of(self.text):
            return NOT_AT_ALL
        head = set(self.head)
        if head <= keys:
            return EXACT
        if not keys <= head:
            return KIND if self.noun in keys else MENTIONED
        return KIND if self.noun in keys else COMPOUND


def names_of(food: Food) -> list[Name]:
    """Every name of a food, and what stands in brackets as a name of its own."""
    spanish = folded((food.names or {}).get("es", "")) or None
    texts = [text.strip() for text in food.folded_name.split(";") if text.strip()]
    first_spanish = texts.index(spanish) if spanish in texts else len(texts)
    names = [Name(text, at >= first_spanish) for at, text in enumerate(texts)]
    return names + [each for name in names for each in _in_brackets(name)]


def _in_brackets(name: Name) -> list[Name]:
    """Shrimp (prawns), cooked: prawns, cooked."""
    _, bracket, rest = name.text.partition("(")
    inside, _, behind = rest.partition(")")
    inner = [text.strip() for text in inside.split(",")] if bracket else []
    return [Name(text + behind, name.is_spanish) for text in inner if words_of(text)]


def answers(food: Food, keys: frozenset[str]) -> int:
    """How well a food answers to some words, by the name of it that does so best."""
    best = min((name.answers(keys) for name in names_of(food)), default=NOT_AT_ALL)
    if best < NOT_AT_ALL:
        return best
    return MENTIONED if keys <= keys_of(food.folded_name) else NOT_AT_ALL
