"""Which foods have some words in their names: the part of searching that the database does.

On SQLite it looks into every name. On PostgreSQL, where there may be millions, it goes through the tiers of
everybody's foods and then of Open Food Facts' products, each with an index of its own, and into the next one
only where those before had too few.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    CTE,
    Boolean,
    Date,
    Integer,
    Select,
    Uuid,
    bindparam,
    case,
    column,
    false,
    func,
    literal,
    null,
    or_,
    select,
    text,
    true,
    union_all,
)

from caloria.extensions import db
from caloria.models.entry import Entry
from caloria.models.food import Food
from caloria.models.food_word import SHORTEST, FoodWord
from caloria.models.open_food import OpenFood
from caloria.models.user import User
from caloria.models.word_forms import forms, fragment

# Everyday foods come first, then what is generic and much used, in this one all others, perhaps millions.
LAST = 3
# What is in no name: the index has words of letters and digits alone.
NOWHERE = "'-'"
_TOKEN = re.compile(r"[^\W\d_]+\d*|\d+")
# What regular expressions read as more than a letter.
_SPECIAL = re.compile(r"[^\w\s]")

# For each word that was typed, what may have been meant by it.
Alternatives = list[list[str]]


class Match(NamedTuple):
    """What is weighed of a food: nobody needs forty nutrients of two hundred foods to choose thirty."""

    id: UUID
    owner_id: UUID | None
    name: str
    folded_name: str
    names: dict[str, str] | None
    brand: str | None
    everyday: int
    popularity: int
    tier: int
    lately: bool
    is_product: bool

    @property
    def is_own(self) -> bool:
        return self.owner_id is not None


COLUMNS = tuple(getattr(Food, name) for name in Match._fields[:-2])
_NAMED = ", ".join(Match._fields[:-2])
# The same of a product of Open Food Facts: nobody's own, in one language, as usual as it is scanned.
_LIKE_A_FOOD = {
    "owner_id": "NULL::uuid",
    "names": "NULL::json",
    "everyday": "0",
    "popularity": "scans",
    "tier": str(LAST),
}
_OF_PRODUCT = ", ".join(f"{_LIKE_A_FOOD.get(name, name)} AS {name}" for name in Match._fields[:-2])
# And of a word that may have been meant: it comes in the same statement, as what no text finds.
_LIKE_A_WORD = {"name": "word", "popularity": "foods"}
_OF_WORD = ", ".join(_LIKE_A_WORD.get(name, "NULL") for name in Match._fields[:-2])
NO_TEXT = 0
# Everybody's in use, as the indexes say it: in a way that fits no other index.
_IN_TIER = "num_nulls(owner_id, archived_at) = 2 AND tier = "
_LIKELIEST = "everyday DESC, popularity DESC, length(name), id"
_MOST_SCANNED = "scans DESC, length(name), id"
# Of a last tier no more is read than this. The last of several words is looked for in what was read, where
# one of the others is as rare or the last has hardly a letter yet. Else the index is asked for all words. All
# foods with a usual beginning it would gather first: it is asked for the known words that begin so instead.
READ_AT_MOST = 500
FEW_LETTERS = 2
GATHERED_AT_MOST, WORDS_AT_MOST = 5_000, 100
# A tier is only looked into where those before have too few.
_IN_TIERS = f"""
WITH lately AS MATERIALIZED (
    SELECT DISTINCT food_id FROM entries
    WHERE user_id = :person AND day > :since AND deleted_at IS NULL AND food_id IS NOT NULL
), own AS MATERIALIZED (
    SELECT {_NAMED}, archived_at FROM foods WHERE owner_id = :person
)
SELECT number, found.* FROM unnest(
    CAST(:words AS tsquery[]), CAST(:others AS tsquery[]), CAST(:all AS tsquery[]), CAST(:typed AS text[]),
    CAST(:begun AS text[]), CAST(:behind AS text[]), CAST(:patterns AS text[])
) WITH ORDINALITY AS each (words, others, together, typed, begun, behind, patterns, number),
LATERAL (
    SELECT min(CASE WHEN length(said) < {SHORTEST} THEN {READ_AT_MOST} ELSE coalesce(foods, 0) END) AS foods
    FROM unnest(string_to_array(typed, chr(10))) AS said
    LEFT JOIN food_words ON remains = said AND word = said
) AS rarest,
LATERAL (
    SELECT sum(foods) AS foods, CAST(string_agg(quote_literal(word), ' | ') AS tsquery) AS words
    FROM unnest(string_to_array(begun, chr(10))) AS said, LATERAL (
        SELECT word, foods FROM food_words
        WHERE remains = word AND word ~>=~ said AND word ~<~ (said || chr(1114111))
        ORDER BY foods DESC LIMIT {WORDS_AT_MOST}
    ) AS known
) AS beginning,
LATERAL (
    SELECT each.words, behind, patterns,
        CASE WHEN begun = '' OR rarest.foods < {READ_AT_MOST} THEN others
            WHEN beginning.foods > {GATHERED_AT_MOST} THEN others && beginning.words
            ELSE together END AS last
) AS asked,
LATERAL (
    WITH first AS MATERIALIZED (
        SELECT {_NAMED} FROM foods
        WHERE {_IN_TIER} 0 AND search_ends(folded_name) @@ asked.words
        ORDER BY {_LIKELIEST} LIMIT :most
    ), second AS MATERIALIZED (
        SELECT {_NAMED} FROM foods
        WHERE {_IN_TIER} 1 AND search_words(folded_name) @@ asked.words
            AND (SELECT count(*) FROM first) < :enough
        ORDER BY {_LIKELIEST} LIMIT :most
    ), third AS MATERIALIZED (
        SELECT {_NAMED} FROM foods
        WHERE {_IN_TIER} 2 AND search_words(folded_name) @@ asked.words
            AND (SELECT count(*) FROM first) + (SELECT count(*) FROM second) < :enough
        ORDER BY {_LIKELIEST} LIMIT :most
    ), rest AS MATERIALIZED (
        SELECT {_NAMED} FROM foods
        WHERE {_IN_TIER} 3 AND search_words(folded_name) @@ asked.last
            AND (SELECT count(*) FROM first) + (SELECT count(*) FROM second)
                + (SELECT count(*) FROM third) < :enough
        LIMIT {READ_AT_MOST}
    ), eaten AS MATERIALIZED (
        SELECT {_NAMED}, true AS lately, false AS is_product FROM foods
        WHERE id IN (SELECT food_id FROM lately) AND archived_at IS NULL
            AND (owner_id IS NULL OR owner_id = :person)
            AND folded_name ~ ALL (string_to_array(asked.patterns, chr(10)))
        UNION ALL (
            SELECT {_NAMED}, false, false FROM own
            WHERE archived_at IS NULL AND folded_name ~ ALL (string_to_array(asked.patterns, chr(10)))
            ORDER BY length(name), id LIMIT :most
        )
        UNION ALL SELECT {_NAMED}, false, false FROM first
        UNION ALL SELECT {_NAMED}, false, false FROM second
        UNION ALL SELECT {_NAMED}, false, false FROM third
        UNION ALL (
            SELECT {_NAMED}, false, false FROM rest WHERE folded_name ~ asked.behind
            ORDER BY popularity DESC, id LIMIT :most
        )
    )%s
    SELECT * FROM eaten%s
) AS found
UNION ALL
SELECT {NO_TEXT}, {_OF_WORD}, false, false FROM food_words WHERE remains = ANY (:remains)
"""  # noqa: S608  our own words
# Behind everybody's foods, where there are few of them, what people scan.
_SCANNED = f"""
    , scanned AS MATERIALIZED (
        SELECT {_OF_PRODUCT} FROM open_foods
        WHERE scans >= 20 AND search_words(folded_name) @@ asked.words
            AND (SELECT count(DISTINCT id) FROM eaten) < :few
        ORDER BY {_MOST_SCANNED} LIMIT :most
    ), known AS MATERIALIZED (
        SELECT {_OF_PRODUCT} FROM open_foods
        WHERE scans BETWEEN 3 AND 19 AND search_words(folded_name) @@ asked.words
            AND (SELECT count(DISTINCT id) FROM eaten) < :few
            AND (SELECT count(*) FROM scanned) < :enough
        ORDER BY {_MOST_SCANNED} LIMIT :most
    ), unknown AS MATERIALIZED (
        SELECT {_OF_PRODUCT} FROM open_foods
        WHERE scans < 3 AND search_words(folded_name) @@ asked.last
            AND (SELECT count(DISTINCT id) FROM eaten) + (SELECT count(*) FROM scanned)
                + (SELECT count(*) FROM known) < :few
        LIMIT {READ_AT_MOST}
    )
"""  # noqa: S608  our own words
_PRODUCTS = f"""
    UNION ALL SELECT {_NAMED}, false, true FROM scanned
    UNION ALL SELECT {_NAMED}, false, true FROM known
    UNION ALL (
        SELECT {_NAMED}, false, true FROM unknown WHERE folded_name ~ asked.behind
        ORDER BY popularity DESC, id LIMIT :most
    )
"""  # noqa: S608  our own words


def _statement(said: str) -> Any:
    told = text(said).bindparams(bindparam("person", type_=Uuid()), bindparam("since", type_=Date()))
    columns = [column(each.key, each.type) for each in COLUMNS]
    return told.columns(
        column("number", Integer), *columns, column("lately", Boolean), column("is_product", Boolean)
    )


_FOODS_ALONE = _statement(_IN_TIERS % ("", ""))
_WITH_PRODUCTS = _statement(_IN_TIERS % (_SCANNED, _PRODUCTS))


class FoodMatches:
    """The foods in use that a person sees and that have one of the alternatives for every word of a text.

    `most` of them are looked at, of each tier if there are tiers; with `enough` there is no need for another.
    Whether a food was logged since a day is told with it; it is then found in any tier. Where they are fewer
    than `few`, products of Open Food Facts are found too.
    """

    def __init__(self, person: User, most: int, enough: int, since: date, few: int = 0):
        self.person, self.most, self.enough, self.since, self.few = person, most, enough, since, few

    def of(self, texts: list[Alternatives]) -> list[list[Match]]:
        """What each text finds, no food twice. One statement."""
        return self.with_words(texts, set())[0]

    def with_words(
        self, texts: list[Alternatives], remains: set[str]
    ) -> tuple[list[list[Match]], dict[str, int]]:
        """The same, and the known words that share these remains, with how many foods have them."""
        on_postgresql = db.engine.dialect.name == "postgresql"
        found: list[dict[UUID, Match]] = [{} for _ in texts]
        words: dict[str, int] = {}
        for number, *row in self._in_tiers(texts, remains) if on_postgresql else self._in_all(texts, remains):
            match = Match(*row)
            if number == NO_TEXT:
                words[match.name] = match.popularity
            else:
                # What was logged lately comes before the same food as everybody finds it.
                found[number - 1].setdefault(match.id, match)
        return [list(each.values()) for each in found], words

    def _in_tiers(self, texts: list[Alternatives], remains: set[str]) -> Iterable[Any]:
        told = {
            "person": self.person.id,
            "since": self.since,
            "most": self.most,
            "enough": self.enough,
            "words": [" & ".join(map(_beginning, each)) for each in texts],
            "others": [_others(each) for each in texts],
            "all": [_all(each) for each in texts],
            "typed": ["\n".join(words[0] for words in each[:-1]) for each in texts],
            "begun": ["\n".join(_begun(each)) for each in texts],
            "behind": [f"(?<![[:alpha:]])({_pattern(each[-1])})" if len(each) > 1 else "" for each in texts],
            "patterns": ["\n".join(_pattern(words) for words in each) for each in texts],
            "remains": list(remains),
        }
        if not self.few:
            return db.session.connection().execute(_FOODS_ALONE, told)
        return db.session.connection().execute(_WITH_PRODUCTS, {**told, "few": self.few})

    def _in_all(self, texts: list[Alternatives], remains: set[str]) -> Iterable[Any]:
        arms = [arm for number, each in enumerate(texts, 1) for arm in self._in_names(number, each)]
        return db.session.execute(union_all(*arms, *([_words(remains)] if remains else [])))

    def _in_names(self, number: int, alternatives: Alternatives) -> Iterable[Select]:
        is_lately = case((Food.id.in_(logged_since(self.person, self.since)), 1), else_=0).label("lately")
        found = select(literal(number).label("number"), *COLUMNS, is_lately, false().label("is_product"))
        found = found.where(
            Food.archived_at.is_(None),
            or_(Food.owner_id.is_(None), Food.owner_id == self.person.id),
            *(_any(Food.folded_name, each) for each in alternatives),
        )
        order = (
            is_lately.desc(),
            Food.owner_id.is_(None),
            Food.everyday.desc(),
            func.length(Food.name),
            Food.id,
        )
        foods = found.order_by(*order).limit(self.most).cte(f"foods_{number}")
        yield select(foods)
        if self.few:
            yield select(self._products(number, alternatives, foods).subquery())

    def _products(self, number: int, alternatives: Alternatives, foods: CTE) -> Select:
        like_a_food = {
            "owner_id": null(),
            "names": null(),
            "everyday": literal(0),
            "popularity": OpenFood.scans,
            "tier": literal(LAST),
        }
        said = [
            like_a_food[each.key] if each.key in like_a_food else getattr(OpenFood, each.key)
            for each in COLUMNS
        ]
        found = select(literal(number), *said, literal(0), true()).where(
            select(func.count()).select_from(foods).scalar_subquery() < self.few,
            *(_any(OpenFood.folded_name, each) for each in alternatives),
        )
        return found.order_by(OpenFood.scans.desc(), func.length(OpenFood.name), OpenFood.id).limit(self.most)


def logged_since(person: User, day: date) -> Select:
    """Select the ids of the foods that a person logged after a day."""
    mine = select(Entry.food_id).where(Entry.user_id == person.id, Entry.day > day)
    return mine.where(Entry.food_id.is_not(None), Entry.deleted_at.is_(None))


def _words(remains: set[str]) -> Select:
    like_a_food = {"name": FoodWord.word, "popularity": FoodWord.foods}
    said = [like_a_food.get(each.key, null()) for each in COLUMNS]
    return select(literal(NO_TEXT), *said, false(), false()).where(FoodWord.remains.in_(remains))


def _others(words: Alternatives) -> str:
    """What an index is asked for to have all words but the last one, which is looked for in what it finds."""
    return " & ".join(map(_whole, words[:-1])) or _beginning(words[-1])


def _all(words: Alternatives) -> str:
    """What an index is asked for to have all words, the last one as the beginning of one."""
    return " & ".join([*map(_whole, words[:-1]), _beginning(words[-1])])


def _begun(words: Alternatives) -> list[str]:
    """With what the last of several words begins, if that says something already."""
    begun = [fragment(word) for word in words[-1]]
    return begun if len(words) > 1 and min(map(len, begun)) > FEW_LETTERS else []


def _beginning(words: list[str]) -> str:
    """What the index is asked for: any of these words, or what begins like one."""
    return _any_of(_tokens(fragment(word), ":*") for word in words)


def _whole(words: list[str]) -> str:
    """What the index is asked for: any of these words, in singular or plural."""
    return _any_of(_tokens(form, "") for word in words for form in forms(word))


def _any_of(said: Iterable[str]) -> str:
    """Either of these; where none has a letter, what is in no name."""
    return f"({' | '.join(dict.fromkeys(filter(None, said))) or NOWHERE})"


def _tokens(text: str, ending: str) -> str:
    """The words that the index would make of a text, each of which has to be there."""
    return " & ".join(f"'{token}'{ending}" for token in _TOKEN.findall(text))


def _pattern(words: list[str]) -> str:
    """What finds any of these words within a name."""
    return "|".join(_SPECIAL.sub(r"\\\g<0>", fragment(word)) for word in words)


def _any(column, words: list[str]):
    return or_(*(column.contains(fragment(word), autoescape=True) for word in words))
