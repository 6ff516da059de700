"""What the library sends: forms whose names are paths, such as items[0][price]."""

import re


def nested(pairs) -> dict:
    """The values as the library was given them; lists are told by their numbers."""
    found: dict = {}
    for name, value in pairs:
        *path, last = re.findall(r"[^\[\]]+|(?<=\[)(?=\])", name)
        place = found
        for step in path:
            place = place.setdefault(step, {})
        if last == "":
            last = str(len(place))
        place[last] = value
    return listed(found)


def listed(value):
    if not isinstance(value, dict):
        return value
    inner = {name: listed(each) for name, each in value.items()}
    if inner and all(name.isdecimal() for name in inner):
        return list(inner.values())
    return inner


def is_true(value) -> bool:
    return value in (True, "true", "True", "1")
