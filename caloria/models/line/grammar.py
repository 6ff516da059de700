"""What a line says: items with their amounts, in the order in which they were written."""

from dataclasses import dataclass, field, replace
from itertools import pairwise

from caloria.models.line.amounts import Quantity, Reader
from caloria.models.line.tokens import Token, tokens
from caloria.models.line.words import (
    ARTICLES,
    ASIDES,
    CONTAINERS,
    FLAVOURS,
    HARD,
    HOW,
    LONGEST_PHRASE,
    OF,
    OPENERS,
    SIZES,
    SOFT,
    TIMES,
    WITHOUT,
)

LONGEST = 500
MOST_ITEMS = 20


@dataclass
class Item:
    """One thing that was eaten: how it was written, how much of it, and its name.

    The name is in parts where "and", "with" or the like joins them: whether "rice and beans" is one food or
    two is for whoever knows the foods.
    """

    text: str
    quantity: Quantity
    parts: list[list[str]]
    # How each part was written, and of which of them it was said how much.
    texts: list[str]
    sizes: list[str | None]
    measured: int = 0


def parse(text: str, units: str = "metric", language: str = "en") -> list[Item]:
    """Read a line, whatever it says. The units tell which cup is meant, the language only what 1,000 is."""
    said = _without_asides(tokens(text[:LONGEST], language))
    return _Parser(text, said, units).items()[:MOST_ITEMS]


def _without_asides(said: list[Token]) -> list[Token]:
    """Leave out what is said about the meal: "for breakfast I had"."""
    words, kept, at = [token.word for token in said], [], 0
    while at < len(said):
        length = next(
            (each for each in range(LONGEST_PHRASE, 0, -1) if tuple(words[at : at + each]) in ASIDES), 0
        )
        if not length:
            kept.append(said[at])
        at += length or 1
    return kept


@dataclass
class _Draft:
    """An item that is being read."""

    quantity: Quantity | None = None
    words: list[Token] = field(default_factory=list)
    spoken: list[Token] = field(default_factory=list)
    joints: list[int] = field(default_factory=list)
    measured: int = 0

    @property
    def is_measured(self) -> bool:
        return self.quantity is not None and self.quantity.is_measured


class _Parser:
    def __init__(self, text: str, said: list[Token], units: str):
        self.text, self.said, self.reader = text, said, Reader(said, units)
        self.drafts: list[_Draft] = []
        self.draft = _Draft()

    def items(self) -> list[Item]:
        at = 0
        while at < len(self.said):
            at = self._step(at)
        self._close()
        return [self._item(draft) for draft in self.drafts]

    def _step(self, at: int) -> int:
        word = self.reader.word(at)
        if self._separates(at):
            self._close()
            return at + 1
        if not self.draft.words:
            return self._begin(at)
        if word in SOFT or word == "/":
            return self._join(at)
        if self.reader.is_number(at) or (word in TIMES and self.reader.is_number(at + 1)):
            return self._number_behind(at)
        return self._take_word(at)

    def _separates(self, at: int) -> bool:
        word = self.reader.word(at)
        if word == ":" and self.draft.words and self.reader.is_number(at + 1):
            return False
        return word in HARD

    def _begin(self, at: int) -> int:
        """Before a name: an amount, or what only leads to it."""
        if self.draft.quantity is None and (found := self.reader.quantity(at)):
            self._speak(at, found[1])
            self.draft.quantity = found[0]
            return found[1]
        word = self.reader.word(at)
        if word in OPENERS or word in SOFT or self.said[at].kind == "mark":
            return at + 1
        if self.draft.quantity and not self.draft.is_measured and self.reader.is_number(at):
            return self._number_behind(at)
        return self._take_word(at)

    def _take_word(self, at: int) -> int:
        self._speak(at, at + 1)
        if self.said[at].kind in ("word", "percent", "number"):
            self.draft.words.append(self.said[at])
        return at + 1

    def _join(self, at: int) -> int:
        """Behind "and": another item if an amount follows, else perhaps more of the same name."""
        behind = at + 1
        while self.reader.word(behind) in OPENERS and self.reader.word(behind) not in OF:
            behind += 1
        if end := self._half_behind(at):
            return end
        if (self.reader.word(at - 1), self.reader.word(at + 1)) in FLAVOURS:
            self._speak(at, at + 1)
        elif self.reader.quantity(behind):
            self._close()
        elif behind < len(self.said):
            self._speak(at, at + 1)
            self.draft.joints.append(len(self.draft.words))
        return behind

    def _half_behind(self, at: int) -> int | None:
        """Where "y medio" behind a name ends: "plátano y medio"."""
        more, end = self.reader.and_a_half(at)
        quantity = self.draft.quantity or Quantity(1.0)
        is_over = end >= len(self.said) or self._separates(end)
        if not more or not is_over or quantity.unit or quantity.number is None:
            return None
        self._speak(at, end)
        self.draft.quantity = replace(quantity, number=quantity.number + more)
        return end

    def _number_behind(self, at: int) -> int:
        """A number behind a name: its amount ("oats 60 g"), or the next item's."""
        first = at + 1 if self.reader.word(at) in TIMES else at
        found = self.reader.quantity(first)
        if found is None:
            return self._take_word(at)
        quantity, end = found
        is_last = end >= len(self.said) or not self._names(end)
        if self._belongs(quantity, end, first > at, is_last):
            self._part_last(quantity)
            self._speak(at, end)
            self.draft.quantity = self._together(quantity)
            self.draft.measured = len(self.draft.joints)
            return self._after_amount(end)
        self._close()
        return first

    def _belongs(self, quantity: Quantity, end: int, is_times: bool, is_last: bool) -> bool:
        if is_times or is_last:
            return is_times or self.draft.quantity is None or quantity.is_measured
        if not self.draft.words:  # "1 can (330 ml) cola"
            return quantity.is_measured
        said_of = self.reader.word(end - 1) in OF
        return self.draft.quantity is None and quantity.unit is not None and not said_of

    def _part_last(self, quantity: Quantity) -> None:
        """A second amount is that of the last part alone: "3 rice cakes with hummus 40 g"."""
        draft = self.draft
        if draft.quantity is None or not draft.joints or not quantity.unit:
            return
        joint = draft.joints[-1]
        if joint == len(draft.words):  # nothing is named behind what joins them
            return
        last = _Draft(words=draft.words[joint:], spoken=list(draft.words[joint:]))
        start = last.words[0].start
        draft.words, draft.joints = draft.words[:joint], draft.joints[:-1]
        draft.spoken = [token for token in draft.spoken if token.start < start and token.word not in SOFT]
        self._close()
        self.draft = last

    def _together(self, quantity: Quantity) -> Quantity:
        """A weight says more than a count; "60 g x2" is twice."""
        before = self.draft.quantity
        if before and before.is_measured and not quantity.unit:
            return quantity.times(before)
        if before and before.unit and before.unit.name in CONTAINERS and not self.draft.words:
            return before.times(quantity)
        return quantity

    def _after_amount(self, end: int) -> int:
        """Whatever follows the amount of a name that is complete is the next item, but for a bracket."""
        while self.reader.word(end) in (")", "]"):
            end += 1
        if end < len(self.said) and not self._separates(end) and self.draft.words:
            self._close()
        return end

    def _names(self, at: int) -> bool:
        """Whether a name goes on here."""
        while self.reader.word(at) in (")", "]"):
            at += 1
        is_over = at >= len(self.said) or self._separates(at)
        return not is_over and self.reader.word(at) not in SOFT and self.said[at].kind == "word"

    def _speak(self, start: int, end: int) -> None:
        self.draft.spoken.extend(self.said[start:end])

    def _close(self) -> None:
        """Keep what was read. An amount alone is that of the item before it: "bread, 2 slices"."""
        draft, self.draft = self.draft, _Draft()
        if self._only_tells_how(draft):
            self.drafts[-1].words.extend(draft.words)
            self.drafts[-1].spoken.extend(draft.spoken)
        elif draft.words:
            self.drafts.append(draft)
        elif draft.quantity and self.drafts and self.drafts[-1].quantity is None:
            self.drafts[-1].quantity = draft.quantity
            self.drafts[-1].spoken.extend(draft.spoken)
        elif draft.spoken and any(token.kind in ("word", "number") for token in draft.spoken):
            self.drafts.append(self._unit_as_name(draft))

    def _only_tells_how(self, draft: _Draft) -> bool:
        """Whether it is the rest of what came before: "1 egg, fried"."""
        words = [token.word for token in draft.words]
        is_how = bool(words) and (words[0] in WITHOUT or all(word in HOW for word in words))
        return is_how and draft.quantity is None and bool(self.drafts)

    def _unit_as_name(self, draft: _Draft) -> _Draft:
        """What looked like a unit is the name where there is no other: "2 fillets", "a bar"."""
        draft.words = [
            token
            for token in draft.spoken
            if token.kind == "word" and token.word not in ARTICLES and (token.word,) not in SIZES
        ][-1:]
        if draft.quantity and not draft.quantity.is_measured:
            draft.quantity = Quantity(draft.quantity.number, None, draft.quantity.size)
        return draft

    def _item(self, draft: _Draft) -> Item:
        spoken = sorted(draft.spoken, key=lambda token: token.start)
        parts = self._parts(draft)
        sized = [_without_size([token.word for token in part]) for part in parts]
        return Item(
            text=self._between(spoken[0].start, spoken[-1].end),
            quantity=draft.quantity or Quantity(),
            parts=[words for words, _ in sized],
            sizes=[size for _, size in sized],
            texts=[self._between(part[0].start, part[-1].end) for part in parts],
            measured=min(draft.measured, len(parts) - 1) if parts else 0,
        )

    def _between(self, start: int, end: int) -> str:
        """The text as it was written, with the bracket that closes it."""
        text = self.text[start:end]
        if ")" in text and "(" not in text:
            return text.rstrip(")")
        return self.text[start : end + 1] if "(" in text and self.text[end : end + 1] == ")" else text

    def _parts(self, draft: _Draft) -> list[list[Token]]:
        cuts = [0, *draft.joints, len(draft.words)]
        parts = [draft.words[start:end] for start, end in pairwise(cuts)]
        return [part for part in parts if part]


def _without_size(words: list[str]) -> tuple[list[str], str | None]:
    """A name without its size, and the size: "naranja grande". What is nothing but a size stays."""
    kept = [word for word in words if (word,) not in SIZES]
    size = next((SIZES[(word,)] for word in words if (word,) in SIZES), None)
    return (kept, size) if kept and size else (words, None)
