"""The audit is a chain: what is removed from it or altered in it is found, and named."""

import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, text
from surroundings import ROOT, flask
from working import do_jobs

from caloria.extensions import db
from caloria.jobs import sealing  # noqa: F401  it brings along the job
from caloria.models import AuditArchive, AuditEvent, AuditSeal, Erasure, Job
from caloria.models.clock import utc_now
from caloria.models.ids import new_id
from caloria.operations.audit import archive as archiving
from caloria.operations.audit import heads
from caloria.operations.audit.file import verified
from caloria.operations.audit.verify import verify
from caloria.operations.connecting import engine_at
from caloria.operations.triggers import without_triggers

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
BOTH = ("audit_events", "audit_seals")


def quiet(_stage, _done, _total):
    pass


def note(number: int, at: datetime | None = None, sequence: int | None = None, subject: str = "") -> None:
    AuditEvent.note("try", subject or f"thing {number}", after={"ñ": number / 3})
    event = next(iter(db.session.new))
    event.at, event.sequence = at or utc_now(), sequence
    db.session.flush()


def found(tmp_path, known=()) -> list[str]:
    db.session.flush()
    return verify(db.session.connection(), known, tmp_path, quiet).findings


@pytest.fixture
def chain(app) -> list[AuditSeal]:
    """Six events more, all of them sealed."""
    for number in range(6):
        note(number)
    AuditSeal.seal()
    return list(db.session.scalars(select(AuditSeal).order_by(AuditSeal.position)))


def meddle(*statements: str) -> None:
    """What the owner of the tables could do, who can set their triggers aside."""
    with without_triggers(db.session.connection(), *BOTH):
        for statement in statements:
            db.session.execute(text(statement))


def test_a_chain_that_nobody_meddled_with_is_whole(chain, tmp_path):
    newest = heads.Head(*heads.of(db.session.connection()).values(), "a backup")

    assert len(chain) >= 6
    assert found(tmp_path, [newest]) == []


def test_an_event_that_was_altered_is_named(chain, tmp_path):
    meddle(f"UPDATE audit_events SET actor = 'user x' WHERE sequence = {chain[-3].sequence}")

    said = f"Event {chain[-3].sequence}, sealed at position {chain[-3].position}, was altered."
    assert found(tmp_path) == [said]


def test_an_event_that_was_removed_is_named(chain, tmp_path):
    meddle(f"DELETE FROM audit_events WHERE sequence = {chain[-3].sequence}")

    said = f"Event {chain[-3].sequence}, sealed at position {chain[-3].position}, was removed."
    assert found(tmp_path) == [said]


def test_a_seal_that_was_altered_is_told_from_its_event(chain, tmp_path):
    meddle(f"UPDATE audit_seals SET digest = '{'0' * 64}' WHERE position = {chain[-3].position}")

    said = f"The seal at position {chain[-3].position}, of event {chain[-3].sequence}, was altered."
    assert found(tmp_path) == [said]


def test_an_event_that_was_removed_with_its_seal_is_missed(chain, tmp_path):
    gone = chain[-3]
    meddle(
        f"DELETE FROM audit_events WHERE sequence = {gone.sequence}",
        f"DELETE FROM audit_seals WHERE position = {gone.position}",
    )

    assert found(tmp_path) == [f"The seal at position {gone.position} was removed."]


def test_an_end_that_was_removed_is_missed_where_it_is_known_outside(chain, tmp_path):
    known = heads.read(f"{chain[-1].position}:{chain[-1].digest}")
    meddle(
        f"DELETE FROM audit_events WHERE sequence >= {chain[-2].sequence}",
        f"DELETE FROM audit_seals WHERE position >= {chain[-2].position}",
    )

    assert found(tmp_path) == []
    assert found(tmp_path, [known])[0].startswith("The end was removed: the head that was given knows")


def test_a_chain_that_was_made_anew_is_not_the_one_that_is_known(chain, tmp_path):
    known = heads.Head(chain[-1].position, chain[-1].digest, "the backup 1")
    meddle("UPDATE audit_events SET actor = 'nobody'", "DELETE FROM audit_seals")
    AuditSeal.seal()

    assert found(tmp_path) == []
    assert found(tmp_path, [known]) == [f"Position {known.position} is another one than the backup 1 knows."]


def test_an_event_that_was_stored_late_is_sealed_behind_those_that_came_before(chain, tmp_path):
    last = chain[-1].sequence
    note(7, sequence=last + 20)
    AuditSeal.seal()
    # It had its number first, and its transaction lasted longer.
    note(8, sequence=last + 10, at=utc_now() - timedelta(hours=2))
    assert len(found(tmp_path)) == 1

    assert AuditSeal.seal() == 1
    assert db.session.scalar(AuditSeal.head()) == chain[-1].position + 2
    assert found(tmp_path) == []


def test_what_was_stored_days_late_is_sealed_by_the_pass_that_looks_at_everything(chain, tmp_path):
    note(7, at=utc_now() - timedelta(days=9))

    assert (AuditSeal.seal(), AuditSeal.seal(everything=True)) == (0, 1)
    assert found(tmp_path) == []


def test_the_queue_seals_what_was_noted(app):
    note(1)
    Job.put("seal_audit")
    db.session.commit()

    assert do_jobs(app) == 1
    assert db.session.execute(AuditSeal.unsealed()).all() == []


def test_two_that_seal_at_once_make_one_chain(make_app, tmp_path):
    app = make_app()
    with app.app_context():
        for number in range(30):
            note(number)
        db.session.commit()
    together = Barrier(4)

    def seal():
        with app.app_context():
            together.wait()
            AuditSeal.seal()
            db.session.commit()

    threads = [Thread(target=seal) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with app.app_context():
        assert found(tmp_path) == []
        assert db.session.execute(AuditSeal.unsealed()).all() == []


@pytest.fixture
def aged(make_app):
    """A database of its own: four old events, one about somebody who was erased, and some of today."""
    app = make_app()
    gone = new_id()
    with app.app_context():
        for number in range(4):
            note(number, at=LONG_AGO)
        note(5)
        note(6, subject=f"user {gone}")
        note(7)
        note(8)
        db.session.add(Erasure(user_id=gone))
        AuditSeal.seal()
        db.session.commit()
        yield app, str(gone)


def archived(app, folder):
    db.session.commit()
    return archiving.archive(
        app.extensions["caloria_config"], datetime(2021, 1, 1, tzinfo=UTC), folder, quiet
    )


def test_old_events_and_those_of_erased_people_go_into_a_file_that_verifies_on_its_own(aged, tmp_path):
    app, gone = aged
    before = db.session.execute(AuditSeal.head()).one()

    file = archived(app, tmp_path)

    assert (file.links, len(file.runs)) == (5, 2)
    assert verified(tmp_path / file.name).findings == []
    assert db.session.scalar(select(AuditEvent).where(AuditEvent.object == f"user {gone}")) is None
    assert AuditSeal.seal() == 1  # that it was archived
    assert found(tmp_path, [heads.Head(*before, "a backup")]) == []
    assert archived(app, tmp_path) is None
    with pytest.raises(Exception, match="can only be added to"):
        db.session.execute(text("DELETE FROM audit_events"))


def test_one_who_is_killed_between_the_file_and_the_removal_has_lost_nothing(aged, tmp_path):
    app, _gone = aged
    db.session.commit()
    config = app.extensions["caloria_config"]
    with engine_at(config, config.migration_database_url).connect() as connection:
        archiving.take_turn(connection)
        left = archiving.Archive(connection, datetime(2021, 1, 1, tzinfo=UTC), tmp_path).write(quiet)

    assert verified(tmp_path / left.name).findings == []
    assert (found(tmp_path), db.session.scalars(select(AuditArchive)).all()) == ([], [])
    assert archived(app, tmp_path).links == 5
    assert found(tmp_path) == []


def repacked(path, change) -> None:
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    path.write_bytes(gzip.compress("\n".join([*change(lines), ""]).encode()))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: [line.replace("thing 2", "thing 9") for line in lines], "was altered"),
        (lambda lines: [line for line in lines if "thing 2" not in line], "in place of 5"),
        (lambda lines: lines[:-1], "cannot be read beyond link 5"),
    ],
    ids=["altered", "removed", "cut short"],
)
def test_a_file_that_was_damaged_is_found_by_itself_and_from_the_database(aged, tmp_path, change, said):
    app, _gone = aged
    path = tmp_path / archived(app, tmp_path).name
    repacked(path, change)

    assert any(said in finding for finding in verified(path).findings)
    assert f"{path.name} is another file than the one that was archived." in found(tmp_path)


def test_a_chain_that_is_not_whole_is_not_archived(aged, tmp_path):
    app, _gone = aged
    meddle("UPDATE audit_events SET actor = 'x' WHERE object = 'thing 1'")

    with pytest.raises(archiving.ArchiveFailed):
        archived(app, tmp_path)
    assert list(tmp_path.glob("*.gz*")) == []


def test_a_stranger_verifies_a_file_with_a_few_lines_of_their_own(aged, tmp_path):
    app, _gone = aged
    with gzip.open(tmp_path / archived(app, tmp_path).name, "rt") as lines:
        for said in map(json.loads, lines):
            if "event" in said:
                made_of = f"{said['previous']}\n{said['event']}"
                assert sha256(made_of.encode()).hexdigest() == said["digest"]


def test_the_lines_of_the_page_for_strangers_find_what_was_altered(aged, tmp_path, engine_name):
    if engine_name != "postgresql":
        pytest.skip("they ask PostgreSQL")
    app, _gone = aged
    archived(app, tmp_path)
    meddle("UPDATE audit_events SET actor = 'x' WHERE object = 'thing 7'")
    position = db.session.scalar(AuditSeal.head()) - 1
    db.session.commit()
    page = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    script = page.partition("```python\n")[2].partition("```")[0]
    url = app.extensions["caloria_config"].database_url.set(drivername="postgresql")

    command = [sys.executable, "-c", script, url.render_as_string(False)]
    said = subprocess.run(command, capture_output=True, text=True)

    assert said.stderr == ""
    assert said.stdout.splitlines()[:-1] == [f"does not hold: {position}"]


def test_the_command_says_what_it_found_and_exits_so(aged, tmp_path):
    app, _gone = aged
    url = app.extensions["caloria_config"].database_url.render_as_string(False)
    db.session.commit()
    before = flask("audit", "verify", "--json", url=url)
    told = json.loads(before.stdout)
    assert (before.returncode, told["whole"]) == (0, True), before.stderr

    meddle("DELETE FROM audit_events WHERE object = 'thing 1'")
    db.session.commit()
    after = flask("audit", "verify", "--head", told["head"], url=url)

    assert after.returncode == 1
    assert "was removed" in after.stdout
