"""The guard's questions, one by one. What they ask and what they answer is the guard's own."""

import re
from collections.abc import Iterator

from sqlalchemy import MetaData

from caloria import guard
from caloria.guard import table
from caloria.guard.asking import DATABASE_ANSWERS, Answers, ask, ask_each
from caloria.guard.mending import adopt
from caloria.operations.doctor.check import FAIL, NOT_ASKED, OK, SETUP, WARN, Check
from config import Config
from settings.shell import either

OF_THE_DATABASE = (*table.CONNECTION, *table.SCHEMA, *table.IDENTITY)
EARLIER = "not asked: an earlier answer decides"
IN_MEMORY = "not asked: each process has a database in memory of its own"


def start_checks(config: Config, metadata: MetaData) -> Iterator[Check]:
    """Whether a start would go on, in the order in which a start asks."""
    refused = False
    for question in table.CONFIGURATION:
        check = judged(config, question.__name__, ask(question, config))
        refused = refused or check.status == FAIL
        yield check
    asked = set()
    for name, answers in [] if refused else database_answers(config, metadata):
        asked.add(name)
        yield judged(config, name, answers)
    why = EARLIER if refused or asked else IN_MEMORY
    for name in (DATABASE_ANSWERS, *(question.__name__ for question in OF_THE_DATABASE)):
        if name not in asked:
            yield Check(words(name), NOT_ASKED, why)


def database_answers(config: Config, metadata: MetaData) -> Iterator[tuple[str, Answers]]:
    """The guard's questions about the database. Those about its identity do not depend on one another."""
    url = guard.usable(config.database_url)
    return ask_each(OF_THE_DATABASE, config, url, metadata, forgiven=guard.MENDED_BY_ADOPTION)


def judged(config: Config, name: str, answers: Answers) -> Check:
    """One line of what may be several answers to one question."""
    refusals = [each for each in answers if isinstance(each, guard.Refusal)]
    notices = [each for each in answers if isinstance(each, guard.Notice)]
    if refusals:
        detail = "; ".join(f"{each.found} (expected: {each.expected})" for each in refusals)
        lines = "\n".join(dict.fromkeys(each.mend for each in refusals))
        return Check(words(name), FAIL, detail, lines, refusals[0].exit_code)
    status = WARN if any(each.is_logged for each in notices) else OK
    mends = (mend(config, each) for each in notices)
    return Check(words(name), status, " ".join(each.text for each in notices), "\n".join(filter(None, mends)))


def mend(config: Config, notice: guard.Notice) -> str:
    """What mends a thing that is only said, where there is something to do."""
    if notice.state == "mail_missing":
        return "\n".join((config.correct("MAIL_SERVER", "HOST"), config.correct("MAIL_FROM", "ADDRESS")))
    if notice.state == "copied_database":
        same, copy = adopt(config, "--moved "), adopt(config, "--copy ")
        return either((same, "when it is the same database"), (copy, "when it is a copy, made on purpose"))
    return {"role_superuser": SETUP, "other_database": config.remove("CALORIA_DB_ID")}.get(notice.state, "")


def words(name: str) -> str:
    """The question's name as it is read among others: "it" is the database."""
    name = re.sub(r"^it_", "database_", name)
    return re.sub(r"^its_", "database's_", name).replace("_", " ")
