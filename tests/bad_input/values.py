"""What people, scripts and broken keyboards send."""

from uuid import uuid4

LONG = "x" * 10_000
VALUES: dict[str, str | bytes] = {
    "nothing": "",
    "blanks": "   ",
    "a NUL": "a\0b",
    "an escape": "a\x1b[31mb",
    "two lines": "a\r\nb",
    "invalid UTF-8": b"a\xff\xfeb",
    "a lone surrogate": b"a\xed\xa0\x80b",
    "emoji": "\N{KIWIFRUIT}\N{FAMILY}\N{ZERO WIDTH JOINER}\N{WOMAN}",
    "right-to-left": "\N{RIGHT-TO-LEFT OVERRIDE}تفاح",
    "combining marks": "a" + "\u0301" * 50,
    "NaN": "NaN",
    "inf": "inf",
    "-inf": "-inf",
    "1e309": "1e309",
    "-1": "-1",
    "-0": "-0",
    "2^63": "9223372036854775808",
    "1,234": "1,234",
    "Arabic digits": "١٢٣",
    "a fraction": "½",
    "10,000 characters": LONG,
    "10,000 digits": "9" * 10_000,
    "markup": '"><script>alert(1)</script>',
    "a template": "{{1234567*9}}{% raw %}${1234567*9}",
    "a format": "%s%n{0.__class__}\\",
    "SQL": "' OR 1=1; DROP TABLE users; --",
    "a percent code": "%00%0a",
    "a random UUID": str(uuid4()),
    "no UUID": "01234567-89ab-cdef-0123-456789abcdeg",
    "30 February": "2026-02-30",
    "year 1": "0001-01-01",
    "year 9999": "9999-12-31",
    "year 10000": "10000-01-01",
    "a path": "../../../etc/passwd",
}


def as_shown(value: str | bytes) -> str:
    """How the app reads what was sent: bytes that are no text as their codes."""
    return value if isinstance(value, str) else value.decode(errors="surrogateescape").translate(CODES)


CODES = {0xDC00 + byte: f"%{byte:02X}" for byte in range(128, 256)}
