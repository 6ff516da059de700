"""A text as tokens: words, numbers and marks, each with its place in the text."""

import re
import unicodedata
from dataclasses import dataclass, replace
from itertools import zip_longest

from caloria.models.food import folded
from caloria.models.line.words import CUPS, HOUSEHOLD, MEASURES

VULGAR = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_TOKEN = re.compile(
    rf"""
    (?P<percent>\d{{1,3}}(?:[.,]\d{{1,2}})?\s?%)                   # belongs to a name: 2% milk
    | (?P<number>
        \d{{1,9}}\s?[{VULGAR}] | [{VULGAR}]                        # 1½
        | \d{{1,4}}[ ]\d{{1,2}}\s?[/⁄]\s?\d{{1,2}}(?![\d/])        # 1 1/2
        | \d{{1,4}}\s?[/⁄]\s?\d{{1,3}}(?![\d/])                    # 1/2
        | \d{{1,3}}(?:[.,]\d{{3}})+(?!\d)                          # 1,000
        | \d{{1,9}}[.,]\d{{1,6}}(?!\d) | \d{{1,9}} | [.,]\d{{1,6}} # 1.5 1,5 12 .5
      )
    | (?P<times>[xX×*](?=\s?[\d{VULGAR}]) | (?<=\d)\s?[xX×*](?![^\W\d_]))
    | (?P<word>[wW]/(?!o\b) | [^\W\d_]+(?:['’][^\W\d_]+)*\d{{0,3}})
    | (?P<mark>[^\s])
    | (?P<line>\n)
    """,
    re.VERBOSE,
)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?:\.\d{3})+")
MOST = 1_000_000


@dataclass(frozen=True)
class Token:
    """A piece of the text: what it says folded, its number if it is one, and where it stands."""

    kind: str
    word: str
    start: int
    end: int
    number: float | None = None


def tokens(text: str, language: str = "en") -> list[Token]:
    """Cut a text up. The language only tells whether 1,000 is a thousand."""
    read = [_token(match, language) for match in _TOKEN.finditer(text)]
    return [
        replace(token, kind="word") if _begins_a_name(token, after) else token
        for token, after in zip_longest(read, read[1:])
    ]


def _begins_a_name(token: Token, after: Token | None) -> bool:
    """Whether a number is no amount but part of a name: "7up"."""
    if token.kind != "number" or after is None or after.kind != "word" or after.start != token.end:
        return False
    return not any((after.word,) in table for table in (MEASURES, HOUSEHOLD, CUPS))


def _token(match: re.Match, language: str) -> Token:
    kind, said = match.lastgroup or "mark", match.group()
    if kind == "number":
        return Token("number", said, *match.span(), read_number(said, language))
    word = {"line": "\n", "times": "x"}.get(kind) or folded(said).replace("’", "'")
    return Token(kind, word.replace(" ", "") if kind == "percent" else word, *match.span())


def read_number(said: str, language: str = "en") -> float | None:
    """Read a number with a point or a comma or as a fraction; None where it is none that one can eat."""
    try:
        number = _read(said.strip(), language)
    except (ValueError, ZeroDivisionError):
        return None
    return number if 0 < number <= MOST else None


def _read(said: str, language: str) -> float:
    if said[-1] in VULGAR:
        return float(said[:-1].strip() or 0) + unicodedata.numeric(said[-1])
    over, bar, under = said.replace("⁄", "/").partition("/")
    if bar:
        *whole, over = over.split()
        return sum(map(float, whole)) + float(over) / float(under)
    thousands, decimal = (".", ",") if language == "es" else (",", ".")
    if _THOUSANDS.fullmatch(said) and (thousands in said or said.count(decimal) > 1):
        return float(said.replace(thousands, "").replace(decimal, ""))
    return float(said.replace(",", "."))
