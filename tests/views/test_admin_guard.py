"""The admin's pages are for admins alone: every address of theirs, also one that comes along tomorrow."""

import pytest
from test_access import FILLED_IN

from caloria.extensions import db
from caloria.models import User


def addresses(app) -> list[tuple[str, str]]:
    """Every method of every address of the admin's pages."""
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        return [
            (method, adapter.build(rule.endpoint, {name: FILLED_IN[name] for name in rule.arguments}, method))
            for rule in app.url_map.iter_rules()
            if rule.rule == "/admin" or rule.rule.startswith("/admin/")
            for method in sorted(rule.methods)
        ]


def test_every_admin_address_refuses_an_ordinary_person_and_a_visitor_whatever_the_method(
    app, client, sign_in, alice
):
    asked, person = addresses(app), sign_in(alice)
    assert len(asked) > 40
    for method, address in asked:
        said = {"data": {}} if method == "POST" else {}
        assert person.open(address, method=method, **said).status_code == 403, (method, address)
        expected = 303 if method in ("GET", "HEAD") else 401
        answer = client.open(address, method=method, **said)
        assert answer.status_code == expected, (method, address)
        assert expected == 401 or answer.location.startswith("/login?next="), address


@pytest.mark.parametrize("act", ["disablings", "promotions/delete", "erasures"])
def test_the_last_admin_cannot_remove_disable_or_demote_themself(sign_in, ada, act):
    answer = sign_in(ada).post(
        f"/admin/users/{ada.id}/{act}", data={"typed_email": ada.email}, follow_redirects=True
    )

    assert "This is the only admin. Promote somebody else first." in answer.text
    left = db.session.get(User, ada.id, populate_existing=True)
    assert (left.is_admin, left.active) == (True, True)


def test_there_is_no_way_to_sign_in_as_somebody_else(app):
    words = ("impersonat", "login", "signin", "sign-in", "/as/")
    assert not [address for _, address in addresses(app) if any(word in address for word in words)]
