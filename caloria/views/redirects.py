from flask import url_for


def back_to(address: str | None) -> str:
    """Where a person was going, if that is a page of ours; else today.

    Browsers read a backslash as a slash and drop tabs and line ends, so that `/\\evil` leads elsewhere.
    """
    today = url_for("diary.index")
    if not address or not address.startswith("/") or address.startswith("//"):
        return today
    return address if address.isprintable() and "\\" not in address else today
