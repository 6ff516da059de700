"""Asking Open Food Facts for one product by its barcode: off unless the operator turned it on."""

import json
import time
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request

from caloria.integrations.ping import opener
from caloria.models.food_sources.open_food_facts import KEPT_OF_JSON
from caloria.version import VERSION

# Somebody stands in a shop and waits: rather no answer than a late one.
SECONDS_FOR_A_STEP, SECONDS_IN_ALL = 3, 5
MOST_BYTES, CHUNK = 2 << 20, 1 << 16
FIELDS = ",".join((*KEPT_OF_JSON, "nutriments", "product_name_en", "generic_name_en"))


class LookupFailed(Exception):
    """Open Food Facts did not answer, or not as it should."""


def find(code: str, config: Any) -> dict | None:
    """What it says of a product; None where it knows none. Raises LookupFailed."""
    address = f"{config.open_food_facts_url}/api/v2/product/{quote(code)}.json?fields={FIELDS}"
    agent = f"Caloria/{VERSION} ({config.public_url or 'self-hosted'})"
    try:
        said = json.loads(_read(Request(address, headers={"User-Agent": agent})))  # noqa: S310  an http address
    except HTTPError as error:
        error.close()
        if error.code == 404:
            return None
        raise LookupFailed(f"It answered {error.code}.") from None
    except (OSError, ValueError, HTTPException, RecursionError) as error:
        raise LookupFailed(type(error).__name__) from None
    found = said.get("product") if isinstance(said, dict) and said.get("status") != 0 else None
    # Whatever it says of itself: it is kept under the barcode that was asked for.
    return {**found, "code": code} if isinstance(found, dict) else None


def _read(request: Request) -> bytes:
    """An answer that is neither endless nor late."""
    ends = time.monotonic() + SECONDS_IN_ALL
    read = bytearray()
    with opener().open(request, timeout=SECONDS_FOR_A_STEP) as answer:
        while chunk := answer.read1(CHUNK):
            read += chunk
            if len(read) > MOST_BYTES or time.monotonic() > ends:
                raise LookupFailed("It says too much, or too slowly.")
    return bytes(read)
