"""Words that models hold and people read: marked here for bin/translate, translated where they are shown."""


def N_(text: str) -> str:
    return text
