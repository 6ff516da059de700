"""What somebody signs in with, in the few words that they recognise it by."""

from ipaddress import ip_address

# Each names itself after those that came before it, so the first that fits is the one.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Opera", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Vivaldi", "Vivaldi"),
    ("YaBrowser", "Yandex Browser"),
    ("DuckDuckGo", "DuckDuckGo"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("HeadlessChrome", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def device_named(user_agent: str | None) -> str | None:
    """Such as "Firefox on Android"; what it does not say is left out, and nothing else of it is kept."""
    found = (_first(BROWSERS, user_agent or ""), _first(SYSTEMS, user_agent or ""))
    return " on ".join(words for words in found if words) or None


def _first(facts: tuple[tuple[str, str], ...], user_agent: str) -> str | None:
    return next((words for mark, words in facts if mark in user_agent), None)


def address_named(address: str | None) -> str | None:
    """An address of the network; a proxy may have said something that is none."""
    try:
        return str(ip_address(address or ""))
    except ValueError:
        return None
