"""Words in one form, so that "egg" meets "eggs", "loaf" meets "loaves" and "nuez" meets "nueces"."""

import re
from functools import lru_cache

from caloria.models.food import folded
from caloria.models.line.words import STOP

_WORD = re.compile(r"\d+(?:[.,]\d+)?\s?%|[^\W\d_]+\d*|\d+")
_ALIKE = {"f": "v", "z": "c", "y": "i"}
# How a plural ends, and its singular; and how words with such an end have it in the plural.
_SINGULAR = (("s", ""), ("es", ""), ("ies", "y"), ("ves", "f"), ("ves", "fe"), ("ces", "z"))
_PLURAL = {"y": "ies", "f": "ves", "z": "ces"}
# The same word, spelt in another way.
_SPELLINGS = {
    "yoghurt": "yogurt", "yogourt": "yogurt", "yogures": "yogur", "jogurt": "yogurt", "chilli": "chili",
    "omelet": "omelette", "donut": "doughnut", "doughnuts": "doughnut", "donuts": "doughnut",
    "fibre": "fiber",
    "lasagna": "lasagne", "spagetti": "spaghetti", "porridges": "porridge", "mozarella": "mozzarella",
    "teeth": "tooth", "geese": "goose", "mac": "macaroni", "choc": "chocolate", "veg": "vegetable",
    "tomatos": "tomato", "potatos": "potato", "omelets": "omelette", "chillies": "chili", "chilies": "chili",
    "zumos": "zumo", "jugo": "zumo", "jugos": "zumo", "flavour": "flavor",
}  # fmt: skip


@lru_cache(maxsize=16384)
def key(word: str) -> str:
    """What singular and plural have in common; not a word that one would show."""
    word = _SPELLINGS.get(word, word)
    if len(word) > 3 and word.endswith("s") and word[-2:] not in ("ss", "us", "is"):
        word = word[:-1]
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    return word[:-1] + _ALIKE.get(word[-1], word[-1]) if len(word) > 2 else word


@lru_cache(maxsize=16384)
def fragment(word: str) -> str:
    """The letters with which both the singular and the plural begin, to search by."""
    word = _SPELLINGS.get(word, word)
    stem = re.sub(r"(?<=..)(?:es|(?<![sui])s|ies|y|f|z)$", "", word)
    stem = stem[:-1] if word.endswith("ves") or (word.endswith("ies") and stem.endswith("i")) else stem
    stem = stem[:-1] if word.endswith("ces") else stem
    return stem if len(stem) > 2 else word


@lru_cache(maxsize=16384)
def forms(word: str) -> list[str]:
    """A word in singular and plural, as English and Spanish may write it; some of these are no words."""
    word = _SPELLINGS.get(word, word)
    stems = {word}
    for ending, singular in _SINGULAR:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            stems.add(word[: -len(ending)] + singular)
    plurals = {stem + ending for stem in stems for ending in ("s", "es")}
    turned = {stem[:-1] + _PLURAL[stem[-1]] for stem in stems if stem[-1] in _PLURAL}
    return sorted(stems | plurals | turned)


def words_of(text: str) -> list[str]:
    """The words of a text that say something, folded."""
    return [word for word in _WORD.findall(folded(text)) if word not in STOP]


def has_all(words: list[str], text: str) -> bool:
    """Whether a text has all of these words, in singular or plural."""
    return {key(word) for word in words} <= keys_of(text)


@lru_cache(maxsize=16384)
def keys_of(text: str) -> frozenset[str]:
    """The words of a text in one form."""
    return frozenset(key(word) for word in words_of(text))
