"""What is wrong with a file, or with a row of it, in a sentence that is translated where it is shown."""

SHOWN = 60  # characters of what somebody wrote


class Trouble(ValueError):
    """A sentence with the words in it that are the file's own."""

    def __init__(self, text: str, /, **said):
        super().__init__(text)
        self.text = text
        self.said = {name: _short(value) if isinstance(value, str) else value for name, value in said.items()}


class NotReadable(Trouble):
    """The whole file cannot be read."""


class BadCell(Trouble):
    """One cell of it cannot be read."""


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
