"""Who hears of a backup: the operator at the terminal and by mail, the watcher, the audit, and admins."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest
from backups import told
from clusters import execute
from pages import Page
from smtp_server import smtp_server
from surroundings import flask
from watching import watching

from caloria.extensions import db
from caloria.models import BackupRun, BackupStanding
from caloria.models.backup_standing import DOUBTFUL, FAILED, MISSING, OLD

pytestmark = pytest.mark.slow


@pytest.fixture
def mailbox():
    with smtp_server() as mailbox:
        yield mailbox


@pytest.fixture
def watcher():
    with watching() as server:
        yield server


@pytest.fixture
def backup(url, tmp_path, mailbox, watcher):
    """Run `flask backup …` as cron does."""

    def run(*words: str, **more: str):
        settings = {
            "ALERT_EMAIL": "operator@example.org",
            "MAIL_SERVER": "127.0.0.1",
            "MAIL_PORT": str(mailbox.port),
            "MAIL_TLS": "off",
            "MAIL_FROM": "caloria@example.org",
            "BACKUP_PING_URL": f"{watcher.url}/ok?token",
        }
        said = told(url, tmp_path / "shelf", **{**settings, **more})
        return flask(
            "backup", *words, url=url, **{name: said[name] for name in said if name != "DATABASE_URL"}
        )

    return run


def test_a_good_night_is_quiet_and_calls_the_watcher(backup, url, mailbox, watcher):
    done = backup("create", "--reason", "nightly")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert watcher.heard == ["/ok?token"]
    assert not mailbox.mails
    assert execute(url, "SELECT kind, state FROM backup_runs") == [("backup", "proven")]
    assert execute(url, "SELECT count(*) FROM audit_events WHERE act = 'backup proven'") == [(1,)]
    checked = backup("check")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "you could lose less than an hour" in checked.stdout


def test_a_bad_night_says_one_line_writes_a_mail_and_calls_nobody(backup, url, mailbox, watcher, tmp_path):
    (tmp_path / "shelf").mkdir(mode=0o750)
    done = backup("create")
    assert (done.returncode, done.stdout) == (78, "")
    assert done.stderr.count("\n") == 1
    assert "chmod 700" in done.stderr
    mail = message_from_bytes(mailbox.mails[0])
    assert mail["To"] == "operator@example.org"
    assert "chmod 700" in mail.get_payload()
    assert not watcher.heard
    assert execute(url, "SELECT state, backup FROM backup_runs") == [("failed", None)]


def test_a_database_that_is_not_ours_hears_nothing(backup, url, mailbox):
    refused = backup("create", CALORIA_ENV="development")
    assert refused.returncode == 83
    assert "83" in message_from_bytes(mailbox.mails[0]).get_payload()
    assert execute(url, "SELECT count(*) FROM backup_runs") == [(0,)]


def test_data_that_went_is_doubted_until_somebody_accepts_it(backup, url, mailbox, watcher):
    backup("create")
    watcher.heard.clear()
    execute(url, "DELETE FROM entries WHERE id IN (SELECT id FROM entries ORDER BY id LIMIT 20)")
    doubted = backup("create", "--reason", "nightly")
    assert doubted.returncode == 0, "two entries in a hundred are nothing to doubt"
    execute(url, "DELETE FROM entries WHERE id IN (SELECT id FROM entries ORDER BY id LIMIT 100)")
    doubted = backup("create")
    assert doubted.returncode == 1
    assert "entries went from" in doubted.stderr
    assert "entries went from" in message_from_bytes(mailbox.mails[-1]).get_payload().replace("\n", " ")
    frozen = backup("prune")
    assert (frozen.returncode, frozen.stdout) == (1, "")
    accept = frozen.stderr.split("flask backup ")[1].strip(" .\n").split()
    assert backup(*accept).returncode == 0
    assert backup("prune").returncode == 0
    assert backup("check", "--nagios").stdout.startswith("BACKUP OK - ")


def test_a_machine_without_backups_is_told_so_in_the_words_of_nagios(backup):
    assert backup("check").returncode == 1
    found = backup("check", "--nagios")
    assert (found.returncode, found.stdout) == (2, "BACKUP CRITICAL - No backup is proven.\n")
    unset = backup("check", "--nagios", BACKUP_KEY="")
    assert unset.returncode == 3
    assert unset.stdout.startswith("BACKUP UNKNOWN - BACKUP_KEY is not set")


def words_of(browser, path: str) -> str:
    return Page(browser.get(path)).words


def run(at: datetime, state: str = "proven", **more) -> BackupRun:
    said = {"kind": "backup", "server": "web-1", "snapshot_at": at, "size_bytes": 10, **more}
    return BackupRun(at=at, state=state, **said)


@pytest.mark.parametrize(
    ("runs", "worry"),
    [
        ([], MISSING),
        ([("readable", 1, {})], MISSING),
        ([("proven", 1, {})], None),
        ([("proven", 25, {})], None),
        ([("proven", 27, {})], OLD),
        ([("proven", 27, {"size_bytes": 10**11})], None),
        ([("proven", 2, {}), ("failed", 1, {"snapshot_at": None})], FAILED),
        ([("proven", 2, {}), ("broken", 1, {})], FAILED),
        ([("proven", 2, {}), ("proven", 1, {"suspicion": "users went from 22 to 1 rows"})], DOUBTFUL),
        ([("failed", 2, {}), ("proven", 1, {})], None),
    ],
)
def test_admins_are_told_what_to_worry_about(app, ada, bob, sign_in, runs, worry):
    now = datetime.now(UTC)
    db.session.add_all(run(now - timedelta(hours=hours), state, **more) for state, hours, more in runs)
    db.session.commit()
    assert BackupStanding().worry == worry
    app.extensions["caloria_backup_watch"].asked_at = float("-inf")
    banner = "See the backups"
    assert (banner in words_of(sign_in(ada), "/targets")) == bool(worry)
    assert banner not in words_of(sign_in(bob), "/targets")


def test_the_page_of_backups_says_what_could_be_lost(ada, bob, sign_in):
    since = datetime.now(UTC) - timedelta(hours=3, minutes=5)
    drill = run(since, "passed", kind="drill", seconds=6.1)
    failed = run(since, "failed", problem="out of space", snapshot_at=None)
    db.session.add_all([run(since - timedelta(hours=2)), drill, failed])
    db.session.commit()
    text = words_of(sign_in(ada), "/admin/backups")
    for words in ("5 hours", "out of space", "6.1 seconds to a page", "passed", "The last backup failed."):
        assert words in text, words
    assert sign_in(bob).get("/admin/backups").status_code == 403
