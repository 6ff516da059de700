"""`flask doctor`: what it says, to people and to machines."""

import json
import re

import pytest
from surroundings import flask

LINE = re.compile(r"(ok|warn|FAIL|unknown|-) +[a-z]")


def test_each_question_is_one_line_and_what_mends_it_stands_below(runner):
    result = runner.invoke(args=("doctor",))

    heading, blank, *lines, end_blank, closing = result.output.splitlines()
    assert (result.exit_code, blank, end_blank) == (0, "", "")
    assert heading.startswith("Caloria in test on ")
    assert closing.startswith("A start would go on; ")
    questions = [line for line in lines if not line.startswith(" ")]
    assert all(LINE.match(line) for line in questions)
    assert "ok       settings can be used" in questions
    assert len(questions) > 30


def test_a_machine_reads_the_same(runner):
    lines = runner.invoke(args=("doctor",)).output.splitlines()
    said = json.loads(runner.invoke(args=("doctor", "--json")).output)

    assert said["environment"] == "test"
    assert said["exit_code"] == 0
    assert said["database"]
    for check in said["checks"]:
        start = f"{check['status']:<9}{check['name']}"
        assert [line for line in lines if line.startswith(start)], start


@pytest.mark.slow
def test_it_says_where_to_begin_when_nothing_is_set():
    result = flask("doctor", url="", CALORIA_ENV="production", SECRET_KEY="")

    assert result.returncode == 78
    assert "no database" in result.stdout
    assert result.stdout.count("\nFAIL ") >= 2
    assert "A start would be refused with exit code 78" in result.stdout
    assert "\r" not in result.stdout
    assert "Traceback" not in result.stderr


@pytest.mark.slow
def test_in_json_nothing_else_is_printed():
    result = flask("doctor", "--json", url="mysql://a:very-secret@b/c")

    said = json.loads(result.stdout)
    assert (result.returncode, said["exit_code"], said["database"]) == (78, 78, None)
    assert "very-secret" not in result.stdout + result.stderr
