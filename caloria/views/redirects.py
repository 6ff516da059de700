from urllib.parse import urlsplit

from flask import url_for


def back_to(address: str | None) -> str:
    """Where a person was going, if that is a page of ours; else today.

    Browsers read a backslash as a slash and drop tabs and line ends, so that `/\\evil` leads elsewhere.
    """
    today = url_for("diary.index")
    if not address or not address.startswith("/") or not address.isprintable() or "\\" in address:
        return today
    parts = urlsplit(address)
    return today if parts.scheme or parts.netloc or address.startswith("//") else address
