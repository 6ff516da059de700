"""Whether an event is the provider's: its signature over the bytes as they came, before anything reads them.

The scheme is Stripe's: "t=SECONDS,v1=HMAC", the HMAC-SHA256 of "SECONDS.BODY" in hexadecimal.
"""

import hmac
import re
import time
from hashlib import sha256

# Older is a recording that somebody plays back.
TOLERANCE_SECONDS = 300


class NotSigned(Exception):
    """Nobody who knows a secret of ours has sent this just now."""


def require_signature(body: bytes, header: str, secrets: list[str]) -> None:
    """Raises NotSigned. While a secret is exchanged, either will do."""
    parts = [part.partition("=") for part in header.split(",")]
    times = [value for name, _, value in parts if name.strip() == "t"]
    signatures = [value for name, _, value in parts if name.strip() == "v1"]
    if len(times) != 1 or not re.fullmatch("[0-9]{1,12}", times[0], re.ASCII):
        raise NotSigned
    expected = [signed(body, times[0], secret) for secret in secrets]
    # All of them are compared: how long it takes says nothing about which is right.
    matches = [hmac.compare_digest(one.encode(), each.encode()) for one in expected for each in signatures]
    if not any(matches) or abs(time.time() - int(times[0])) > TOLERANCE_SECONDS:
        raise NotSigned


def signed(body: bytes, seconds: str, secret: str) -> str:
    return hmac.new(secret.encode(), seconds.encode() + b"." + body, sha256).hexdigest()
