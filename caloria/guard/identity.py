"""Questions about which database this is."""

from caloria.guard.mending import adopt, another, is_unsaid
from caloria.guard.refusal import (
    CONFIGURATION,
    FOREIGN_SCHEMA,
    OTHER_ENVIRONMENT,
    OTHER_IDENTITY,
    Notice,
    Refusal,
)
from caloria.guard.subject import Subject, binding
from settings.shell import either


def it_has_an_identity(subject: Subject) -> Refusal | None:
    """Part of row 14: the first migration writes the row, and nothing removes it."""
    if subject.has_identity:
        return None
    found = f"{subject.where} has no row in its table identity"
    mend = "restore the database from its last backup"
    return Refusal(FOREIGN_SCHEMA, "identity_missing", found, "the row that the first migration wrote", mend)


def it_is_not_retired(subject: Subject) -> Refusal | None:
    """Row 8."""
    if not subject.identity.retired:
        return None
    found = f"{subject.where} was retired: its data moved to another database"
    mend = another(subject.config, subject.url)
    return Refusal(OTHER_IDENTITY, "database_retired", found, "the database in use", mend)


def it_is_of_this_environment(subject: Subject) -> Refusal | None:
    """Row 21."""
    theirs, ours = subject.identity.environment, subject.config.environment
    if theirs == ours:
        return None
    found = f"{subject.where} belongs to {theirs}, and this process runs as {ours}"
    ways = [
        (another(subject.config, subject.url), f"when the database of {ours} has another name"),
        (adopt(subject.config, "--copy "), f"when it is a copy, and is to become one of {ours}"),
    ]
    if is_unsaid(subject.config):
        ways += [(subject.config.correct("CALORIA_ENV", theirs), f"when this is {theirs}")]
    mend = either(*ways)
    return Refusal(OTHER_ENVIRONMENT, "other_environment", found, f"a database of {ours}", mend)


def it_is_pinned(subject: Subject) -> Refusal | None:
    """Row 22."""
    if subject.config.database_id or not subject.config.deployed:
        return None
    identity = subject.identity
    people = subject.value("SELECT count(*) FROM users")
    found = (
        f"CALORIA_DB_ID is not set; {subject.where} is {identity.uuid}, "
        f"created {identity.created}, with {people} {'person' if people == 1 else 'people'}"
    )
    mend = subject.config.correct("CALORIA_DB_ID", str(identity.uuid))
    return Refusal(CONFIGURATION, "database_id_missing", found, "the identity of the database meant", mend)


def it_is_the_pinned_one(subject: Subject) -> Refusal | Notice | None:
    """Row 23."""
    pinned, uuid = subject.config.database_id, subject.identity.uuid
    if pinned is None or pinned == uuid or subject.config.environment == "test":
        return None
    found = f"{subject.where} is {uuid}, and CALORIA_DB_ID names {pinned}"
    if not subject.config.deployed:
        return Notice("other_database", f"{found}.")
    mend = another(subject.config, subject.url)
    return Refusal(OTHER_IDENTITY, "other_database", found, f"the database {pinned}", mend)


def it_stands_where_it_was_made(subject: Subject) -> Refusal | Notice | None:
    """Row 24."""
    identity = subject.identity
    if subject.is_sqlite or not identity.system_identifier or subject.config.environment == "test":
        return None
    server, oid = binding(subject.connection)
    if server is None:
        return Notice("binding_unknown", "This role may not ask which server this is: a copy goes unnoticed.")
    if (server, oid) == (identity.system_identifier, identity.database_oid):
        return None
    found = f"{subject.where} is a copy, or PostgreSQL was moved or upgraded: it was made on another server"
    if not subject.config.deployed:
        return Notice("copied_database", f"{found}.")
    expected = "the database where it was made, or one that was adopted on purpose"
    mend = either(
        (adopt(subject.config, "--moved "), "when it is the same database, moved, upgraded or restored"),
        (adopt(subject.config, "--copy "), "when it is a copy, made on purpose"),
    )
    return Refusal(OTHER_IDENTITY, "copied_database", found, expected, mend)
