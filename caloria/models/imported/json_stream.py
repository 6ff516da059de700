"""A long JSON text, of which no more is held than one value."""

import re
from collections.abc import Iterator
from json import JSONDecodeError, JSONDecoder
from typing import BinaryIO

from caloria.models.imported.trouble import NotReadable
from caloria.words import N_

NO_EXPORT = N_("This is no export of Caloria, or it was not sent whole. Please export it once more.")
CHUNK = 1 << 18
# Of a value that is read, in characters.
LONGEST_VALUE = 200_000
SPACE = re.compile(r"[ \t\r\n]*+")
# What is passed over at once: whole texts, and whatever neither opens nor closes; within a text, all but its
# end. Nothing is gone through again and again: a text without an end may be as long as the file.
IN_TEXT = re.compile(r'(?:[^"\\]++|\\.)*+', re.DOTALL)
PASSED = re.compile(rf'(?:[^"\[\]{{}}]++|"{IN_TEXT.pattern}")*+', re.DOTALL)


def _refuse(*_said):
    raise NotReadable(NO_EXPORT)


# What JSON does not know, such as NaN, is no number here either.
DECODER = JSONDecoder(parse_constant=_refuse)


class JsonStream:
    """Reads on in a JSON text. Everything raises NotReadable where it is none."""

    def __init__(self, stream: BinaryIO):
        self._stream, self._text, self._at, self._rest = stream, "", 0, b""
        self._ended = False

    def _fill(self) -> bool:
        """Hold more of it; whether there was any."""
        piece = self._stream.read(CHUNK)
        self._ended = not piece
        data = self._rest + piece
        # A letter may be cut in two.
        cut = len(data) if self._ended else max(len(data) - 4, 0)
        while 0 < cut < len(data) and data[cut] & 0xC0 == 0x80:
            cut -= 1
        self._rest = data[cut:]
        try:
            self._text, self._at = self._text[self._at :] + data[:cut].decode(), 0
        except UnicodeDecodeError:
            _refuse()
        return not self._ended

    def peek(self) -> str:
        """The sign that follows, or nothing at the end."""
        while True:
            self._at = SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""
            self._fill()

    def take(self, signs: str) -> str:
        """Go over one of these signs; which."""
        sign = self.peek()
        if not sign or sign not in signs:
            _refuse()
        self._at += 1
        return sign

    def names(self) -> Iterator[str]:
        """The names in an object, each of which is followed by its value."""
        for _ in self._members("{", "}"):
            name = self.value()
            if not isinstance(name, str):
                _refuse()
            self.take(":")
            yield name

    def places(self) -> Iterator[None]:
        """The places of an array, each of which is followed by its value."""
        return self._members("[", "]")

    def _members(self, first: str, last: str) -> Iterator[None]:
        self.take(first)
        if self.peek() == last:
            self.take(last)
            return
        while True:
            yield
            if self.take("," + last) == last:
                return

    def value(self):
        """The value that follows, which must not be long."""
        self.peek()
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
                if end < len(self._text) or self._ended:
                    self._at = end
                    return value
            except (JSONDecodeError, RecursionError) as error:
                if isinstance(error, RecursionError) or self._ended:
                    _refuse()
            except NotReadable:
                raise
            except ValueError:  # a number of more digits than Python reads
                _refuse()
            if len(self._text) - self._at > LONGEST_VALUE:
                _refuse()
            self._fill()

    def skip(self) -> None:
        """Pass over the value that follows, however long it is."""
        if self.peek() not in ("[", "{"):
            self.value()
            return
        depth = 0
        while True:
            sign = self._pass(PASSED)
            if sign == '"':
                self._at += 1
                self._pass(IN_TEXT)
            else:
                depth += 1 if sign in "[{" else -1
            self._at += 1
            if depth == 0:
                return

    def _pass(self, these: re.Pattern[str]) -> str:
        """Go over all that is of these; the sign that follows."""
        while True:
            self._at = these.match(self._text, self._at).end()  # type: ignore[union-attr]
            rest = self._text[self._at : self._at + 2]
            # What follows a backslash may not be here yet.
            if rest and rest != "\\":
                return rest[0]
            if self._ended:
                _refuse()
            self._fill()
