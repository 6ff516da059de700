"""Asking questions one after another, so that a question that itself fails is a refusal too."""

from collections.abc import Callable, Container, Iterable
from typing import Any

from sqlalchemy import URL, MetaData
from sqlalchemy.exc import DBAPIError

from caloria.guard.configuration import sqlite_file_is_there
from caloria.guard.connection import opened
from caloria.guard.deadline import within
from caloria.guard.refusal import CHECK_FAILED, Notice, Refusal
from caloria.guard.subject import Subject
from caloria.guard.unreachable import explain, is_about_the_connection, silent
from config import Config
from settings.database import is_in_memory

PATIENCE = 15
Answers = list[Refusal | Notice]


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
    if is_in_memory(url):
        return []  # each process makes its own
    missing = ask(sqlite_file_is_there, config)
    if missing:
        return missing

    def work() -> Answers:
        try:
            with opened(config, url) as connection:
                return ask_in_turn(questions, Subject(config, url, connection, metadata), forgiven)
        except DBAPIError as error:
            return [explain(error, url)]
        except Exception as error:
            return [failed("connect", error)]

    return within(PATIENCE, work, otherwise=[silent(url)])


def ask_in_turn(questions: Iterable[Callable], subject: Subject, forgiven: Container[str]) -> Answers:
    answers: Answers = []
    for question in questions:
        latest = ask(question, subject)
        answers += latest
        refused = [each.state for each in latest if isinstance(each, Refusal)]
        if any(state not in forgiven or state == "not_migrated" for state in refused):
            break  # of an empty database there is nothing more to ask
    return answers


def ask(question: Callable, about: Any) -> Answers:
    """One question's answers. Whatever goes wrong is told without the words of the driver."""
    try:
        answer = question(about)
    except DBAPIError as error:
        is_away = is_about_the_connection(error)
        return [explain(error, about.url) if is_away else failed(question.__name__, error)]
    except Exception as error:
        return [failed(question.__name__, error)]
    return answer if isinstance(answer, list) else [answer] if answer else []


def failed(name: str, error: Exception) -> Refusal:
    """Row 30."""
    found = f'the question "{name.replace("_", " ")}" failed ({type(error).__name__})'
    return Refusal(CHECK_FAILED, "check_failed", found, "an answer", "report this as a fault of Caloria")
