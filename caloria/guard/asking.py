"""Asking questions one after another, so that a question that itself fails is a refusal too."""

from collections.abc import Callable, Container, Iterable, Iterator
from typing import Any

from sqlalchemy import URL, MetaData
from sqlalchemy.exc import DBAPIError

from caloria.guard.configuration import sqlite_file_is_there
from caloria.guard.connection import opened
from caloria.guard.deadline import each_within
from caloria.guard.refusal import CHECK_FAILED, Notice, Refusal
from caloria.guard.subject import Subject
from caloria.guard.unreachable import explain, is_about_the_connection, silent
from config import Config
from settings.database import is_in_memory, is_sqlite

PATIENCE = 15
DATABASE_ANSWERS = "database_answers"
Answers = list[Refusal | Notice]
Asked = tuple[str, Answers]


def ask_configuration(questions: Iterable[Callable], config: Config) -> Answers:
    """Every answer: an operator hears of all mistakes at once."""
    return [answer for question in questions for answer in ask(question, config)]


def ask_database(
    questions: Iterable[Callable],
    config: Config,
    url: URL,
    metadata: MetaData | None = None,
    forgiven: Container[str] = (),
) -> Answers:
    """The answers up to the first refusal that is not forgiven, within a total deadline."""
    asked = ask_each(questions, config, url, metadata, forgiven)
    return [answer for _, answers in asked for answer in answers]


def ask_each(
    questions: Iterable[Callable],
    config: Config,
    url: URL,
    metadata: MetaData | None = None,
    forgiven: Container[str] = (),
) -> Iterator[Asked]:
    """The same, as it is found out: each question by its name, with its answers."""
    if is_in_memory(url):
        return  # each process makes its own
    missing = ask(sqlite_file_is_there, config)
    if is_sqlite(url):
        yield sqlite_file_is_there.__name__, missing
    if missing:
        return

    def work() -> Iterator[Asked]:
        name = DATABASE_ANSWERS
        try:
            with opened(config, url) as connection:
                yield name, []
                name = "database_keeps_answering"
                yield from ask_in_turn(questions, Subject(config, url, connection, metadata), forgiven)
        except DBAPIError as error:
            yield name, [explain(error, config, url)]
        except Exception as error:
            yield name, [failed("connect", error)]

    yield from each_within(PATIENCE, work, otherwise=("database_answers_in_time", [silent(url)]))


def ask_in_turn(questions: Iterable[Callable], subject: Subject, forgiven: Container[str]) -> Iterator[Asked]:
    for question in questions:
        answers = ask(question, subject)
        yield question.__name__, answers
        refused = [each.state for each in answers if isinstance(each, Refusal)]
        if any(state not in forgiven or state == "not_migrated" for state in refused):
            break  # of an empty database there is nothing more to ask


def ask(question: Callable, about: Any) -> Answers:
    """One question's answers. Whatever goes wrong is told without the words of the driver."""
    try:
        answer = question(about)
    except DBAPIError as error:
        is_away = is_about_the_connection(error)
        return [explain(error, about.config, about.url) if is_away else failed(question.__name__, error)]
    except Exception as error:
        return [failed(question.__name__, error)]
    return answer if isinstance(answer, list) else [answer] if answer else []


def failed(name: str, error: Exception) -> Refusal:
    """Row 30."""
    found = f'the question "{name.replace("_", " ")}" failed ({type(error).__name__})'
    return Refusal(CHECK_FAILED, "check_failed", found, "an answer", "report this as a fault of Caloria")
