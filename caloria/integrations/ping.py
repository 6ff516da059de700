"""A web address that is called when all went well: who watches it notices when the calls stop."""

from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

SCHEMES = ("http", "https")
# Nothing but the web: no files, no FTP, wherever an answer redirects to.
HANDLERS = (
    ProxyHandler,
    UnknownHandler,
    HTTPHandler,
    HTTPSHandler,
    HTTPRedirectHandler,
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
)


class PingFailed(Exception):
    """The address did not answer as it should. Names its host alone: the rest of it is a secret."""


def ping(url: str, seconds: float = 10) -> None:
    """Call the address; each step may take so many seconds. Raises PingFailed."""
    host = host_of(url)
    try:
        # Within the try, for a URL that cannot be used is repeated in the error about it.
        opener().open(Request(url, headers={"User-Agent": "Caloria"}), timeout=seconds).close()  # noqa: S310
    except HTTPError as error:
        error.close()
        raise PingFailed(f"{host} answered {error.code}.") from None
    except (OSError, ValueError, HTTPException) as error:
        cause = getattr(error, "reason", error)
        kind = type(cause if isinstance(cause, Exception) else error).__name__
        raise PingFailed(f"{host} could not be called ({kind}).") from None


def host_of(url: str) -> str:
    try:
        parts = urlsplit(url)
        if parts.scheme in SCHEMES and parts.hostname:
            return parts.hostname
    except ValueError:
        pass
    raise PingFailed("The address to call is no http or https address.") from None


def opener() -> OpenerDirector:
    made = OpenerDirector()
    for handler in HANDLERS:
        made.add_handler(handler())
    return made
