from urllib.parse import urlencode


def send(browser, address: str, said: dict | list, rest: bytes = b""):
    """Send a form as its bytes, which need not be text."""
    pairs = list(said.items()) if isinstance(said, dict) else said
    body = urlencode([("csrf_token", browser.csrf_token()), *pairs])
    return browser.post(
        address, data=body.encode() + rest, csrf=False, content_type="application/x-www-form-urlencoded"
    )
