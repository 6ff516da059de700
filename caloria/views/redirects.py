from flask import url_for


def back_to(address: str | None, otherwise: str = "diary.index") -> str:
    """Where a person was going, if that is a page of ours; else today, or another page.

    Browsers read a backslash as a slash and drop tabs and line ends, so that `/\\evil` leads elsewhere.
    """
    other = url_for(otherwise)
    if not address or not address.startswith("/") or address.startswith("//"):
        return other
    return address if address.isprintable() and "\\" not in address else other
