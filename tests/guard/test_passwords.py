"""No part of a password in anything that Caloria says."""

import traceback
from urllib.parse import quote

import pytest
from fake_server import refusing, server
from processes import KEY, WAYS, start

from caloria import guard

PASSWORDS = {
    "reserved": "p@ss/w#rd?x=1",
    "blank": "q7 Zu_ w9",
    "percent": "%ZZtopsecret",
    "punctuation": "':;--drop",
    "long": "Zq7" * 67,
    "unicode": "pä55wört✓🔑",
    "backslash": 'back\\slash"quote',
}
SHOWN_ANYWAY = {"1/ca", "calo", "alor", "lori", "oria"}


def addresses(password: str, port: int = 1) -> dict[str, str]:
    """Every way in which a password gets into an address, rightly or wrongly."""
    end = f"127.0.0.1:{port}/caloria"
    return {
        "quoted": f"postgresql://caloria:{quote(password, safe='')}@{end}",
        "raw": f"postgresql://caloria:{password}@{end}",
        "quoted in the query": f"postgresql://caloria@{end}?password={quote(password, safe='')}",
        "raw in the query": f"postgresql://caloria@{end}?password={password}",
        "with a broken port": f"postgresql://caloria:{quote(password, safe='')}@127.0.0.1:{port}x/caloria",
        "with an unknown parameter": f"postgresql://caloria:{quote(password, safe='')}@{end}?colour=red",
        "for another engine": f"mysql://caloria:{password}@{end}",
        "without a scheme": f"caloria:{password}@{end}",
    }


def parts(password: str) -> set[str]:
    """Every piece of four characters, as written and as %-codes."""
    written = {password, quote(password, safe=""), quote(password)}
    return {text[i : i + 4] for text in written for i in range(len(text) - 3)} - SHOWN_ANYWAY


def shown(output: str, password: str) -> list[str]:
    return sorted(part for part in parts(password) if part in output)


@pytest.mark.parametrize("name", PASSWORDS)
@pytest.mark.parametrize("form", addresses("x"))
def test_a_refusal_holds_no_part_of_the_password(told, require, name, form, caplog, capfd):
    password = PASSWORDS[name]
    with pytest.raises(guard.StartupRefused) as caught:
        require(told(addresses(password)[form]))
    said = "".join(traceback.format_exception(caught.value.with_traceback(None)))
    printed = capfd.readouterr()
    assert shown(said + caplog.text + printed.out + printed.err, password) == []
    assert caught.value.exit_code in (69, 78)


@pytest.mark.parametrize("name", PASSWORDS)
def test_what_the_server_says_of_it_is_not_repeated(told, require, name):
    password = PASSWORDS[name]
    with server(refusing(f"this password is wrong: {password}")) as port:
        config = told(addresses(password, port)["quoted"])
        with pytest.raises(guard.StartupRefused) as caught:
            require(config)
    assert shown(caught.value.message, password) == []


def test_secrets_of_other_kinds_are_not_repeated(told, require):
    secrets = {"SECRET_KEY": "qwer-7531", "METRICS_TOKEN": "zuio-8642", "CALORIA_DB_ID": "yxcv-9753"}
    with pytest.raises(guard.StartupRefused) as caught:
        require(told("sqlite:///x.db", "development", **secrets))
    for secret in secrets.values():
        assert shown(caught.value.message, secret) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "form"), [("reserved", "raw"), ("percent", "quoted"), ("unicode", "raw in the query")]
)
def test_no_process_prints_a_part_of_it(house, name, form):
    address = addresses(PASSWORDS[name])[form]
    for way in ("flask run", "gunicorn", "create_app()"):
        outcome = start(WAYS[way], house, {"CALORIA_ENV": "test", "DATABASE_URL": address, "SECRET_KEY": KEY})
        assert outcome.exit_code in (69, 78), outcome.output
        assert shown(outcome.output, PASSWORDS[name]) == [], (way, outcome.output)
