"""`flask users create`: an account from the terminal."""

import pytest
from pages import Page
from sqlalchemy import func, select
from surroundings import flask

from caloria.extensions import db
from caloria.models import Meal, User, passwords

PASSWORD = "four meals a day"
ANSWERS = {"--email": "carol@example.org", "--name": "Carol", "--password": PASSWORD}


def words(**changed: str) -> list[str]:
    answers = {**ANSWERS, **{f"--{name}": value for name, value in changed.items()}}
    return ["users", "create", *(word for pair in answers.items() for word in pair)]


def people() -> int:
    return db.session.scalar(select(func.count()).select_from(User))


def test_an_account_is_made_with_all_that_a_diary_needs(runner, app):
    result = runner.invoke(args=words())

    assert (result.exit_code, result.output) == (0, "Created the account carol@example.org.\n")
    carol = db.session.scalar(User.with_email("CAROL@example.org"))
    assert (carol.name, carol.time_zone, carol.is_admin) == ("Carol", "UTC", False)
    assert passwords.matches(carol.password_hash, PASSWORD)
    assert db.session.scalar(select(func.count()).select_from(Meal)) == 4


def test_an_admin_is_made_on_purpose(runner):
    result = runner.invoke(args=[*words(), "--admin", "--time-zone", "Asia/Kathmandu"])

    assert result.exit_code == 0
    assert "the admin" in result.output
    carol = db.session.scalar(select(User))
    assert (carol.is_admin, carol.time_zone) == (True, "Asia/Kathmandu")


def test_what_is_left_out_is_asked_for_and_a_password_is_never_shown(runner):
    answers = f"carol@example.org\nCarol\n{PASSWORD}\n{PASSWORD}\n"

    result = runner.invoke(args=["users", "create"], input=answers)

    assert result.exit_code == 0
    assert PASSWORD not in result.output
    assert people() == 1


def test_a_password_that_is_not_repeated_makes_no_account(runner):
    result = runner.invoke(args=["users", "create"], input=f"carol@example.org\nCarol\n{PASSWORD}\nother\n")

    assert result.exit_code != 0
    assert people() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "carol"},
        {"email": ""},
        {"name": "  "},
        {"name": "x" * 101},
        {"name": "Car\x07ol"},
        {"password": "short"},
        {"password": "password"},
        {"password": "x" * 2000},
        {"time-zone": "Mars/Olympus"},
    ],
)
def test_a_bad_answer_is_told_in_the_words_of_the_sign_up_page(runner, client, wrong):
    typed = {"email": "carol@example.org", "name": "Carol", "password": PASSWORD, "time_zone": "UTC"}
    page = Page(client.post("/signup", data=typed | {name.replace("-", "_"): wrong[name] for name in wrong}))

    result = runner.invoke(args=words(**wrong))

    assert result.exit_code == 1
    sentence = result.output.removeprefix("Error: ").strip()
    assert sentence in page.words
    assert people() == 0


@pytest.mark.parametrize("email", ["alice@example.org", " Alice@EXAMPLE.org ", "ａlice@example.org"])
def test_an_address_has_one_account(runner, alice, email):
    result = runner.invoke(args=words(email=email))

    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert people() == 1


def test_a_name_is_kept_as_the_sign_up_page_keeps_it(runner):
    runner.invoke(args=words(name="  Zoe\u0308  "))

    assert db.session.scalar(select(User.name)) == "Zoë"


@pytest.mark.slow
def test_an_operator_makes_an_admin_in_a_process_of_its_own(make_database, migrated_url):
    url = make_database(copy_of=migrated_url)

    first, second = (flask(*words(), "--admin", url=url) for _ in range(2))

    assert (first.returncode, first.stdout) == (0, "Created the admin carol@example.org.\n")
    assert (second.returncode, second.stdout) == (1, "")
    assert "There is an account for carol@example.org already." in second.stderr
