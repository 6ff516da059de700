from urllib.parse import urlencode


def send(browser, address: str, said: dict | list, rest: bytes = b"", file: tuple[str, bytes] | None = None):
    """Send a form as its bytes, which need not be text, with a file if it is named."""
    pairs = list(said.items()) if isinstance(said, dict) else said
    if file:
        return send_with_file(browser, address, [("csrf_token", browser.csrf_token()), *pairs], rest, file)
    body = urlencode([("csrf_token", browser.csrf_token()), *pairs])
    return browser.post(
        address, data=body.encode() + rest, csrf=False, content_type="application/x-www-form-urlencoded"
    )


def send_with_file(browser, address: str, pairs: list, rest: bytes, file: tuple[str, bytes]):
    name, content = file
    parts = [(f'name="{each}"', value) for each, value in pairs] + [(f'name="{name}"; filename="x"', content)]
    body = b"".join(
        f"--x\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + as_bytes(value) + b"\r\n"
        for head, value in parts
    )
    kind = "multipart/form-data; boundary=x"
    return browser.post(address, data=body + b"--x--\r\n" + rest, csrf=False, content_type=kind)


def as_bytes(value) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode(errors="surrogateescape")
