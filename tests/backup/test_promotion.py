"""A restored database takes the live one's name: whole, on purpose, and so that it can be taken back."""

import os
from datetime import timedelta
from uuid import uuid4

import psycopg2
import pytest
from backups import KEY, config_for, make, quiet
from clusters import execute
from forked import run
from pages import Page
from sqlalchemy import make_url
from surroundings import ROOT, environment, flask, start
from working import A_JOB_WAITS, WAITING

from caloria.models import Erasure, Signup
from caloria.models.clock import utc_now
from caloria.operations.backup.failure import BackupFailed
from caloria.operations.backup.restore import restore
from caloria.operations.demo import EMAIL, PASSWORD
from caloria.operations.environments.setup import set_up
from caloria.operations.promotion import PromotionRefused, promote, require_live_name
from caloria.operations.replacements import MOMENT, drop_expired, replaced_name
from config import Config

pytestmark = pytest.mark.slow
STATE = "SELECT uuid, epoch, (SELECT count(*) FROM entries), (SELECT count(*) FROM sessions) FROM identity"
# To another address: taken back since, perhaps, by a new password.
A_LINK = """INSERT INTO email_confirmations (id, token_hash, user_id, email, created_at)
    SELECT id, 'of a link', id, 'other@example.org', now() FROM users"""
PEOPLE = "SELECT name FROM users ORDER BY name"
STEPS = ("require_nobody", "renew", "swap", "Promoted")
KILLED = """
import os, signal, sys
from caloria.operations import promotion
from config import Config
setattr(promotion, sys.argv[1], lambda *_: os.kill(os.getpid(), signal.SIGKILL))
promotion.promote(Config.load(), sys.argv[2])
"""


class Site:
    """An environment as `flask database setup` makes it, on which somebody has lived, and its backup."""

    def __init__(self, url: str, folder):
        self.administrator = make_url(os.environ["TEST_POSTGRES_URL"])
        self.name = f"site_{uuid4().hex[:12]}"
        made = set_up(
            Config.load(environment(self.administrator.render_as_string(False)), root=ROOT), self.name
        )
        self.url = made.address(made.roles.app)
        self.told = {
            "MIGRATION_DATABASE_URL": made.address(made.roles.owner),
            "BACKUP_PROOF_URL": made.address(made.roles.proof),
            "BACKUP_DIR": str(folder),
            "BACKUP_KEY": KEY,
        }
        self.config = Config.load(environment(self.url, **self.told), root=ROOT)
        self.backup = make(config_for(url, folder))
        restore(self.config, self.backup.id, self.name, quiet)
        promote(self.config, self.name)

    def restored(self) -> str:
        name = f"{self.name}_{uuid4().hex[:6]}"
        assert not restore(self.config, self.backup.id, name, quiet).notes
        return name

    def inside(self, name: str | None = None) -> str:
        """The address of its database, or of another one, for the administrator."""
        return self.administrator.set(database=name or self.name).render_as_string(False)

    def execute(self, *statements: str) -> list:
        return execute(self.inside(), *statements)

    def closed(self) -> list[str]:
        asked = f"SELECT datname FROM pg_database WHERE datname ~ '^{self.name}' AND NOT datallowconn"
        return [name for (name,) in execute(self.administrator, asked)]


@pytest.fixture(scope="module")
def site(engine_name, make_database, lived_in, tmp_path_factory):
    if engine_name != "postgresql":
        pytest.skip("a SQLite file has no name on a server")
    return Site(make_database(copy_of=lived_in), tmp_path_factory.mktemp("site") / "shelf")


def signed_in(browser) -> bool:
    return browser.get("/account").status_code == 200


def sign_in(app):
    browser = app.test_client()
    assert browser.post("/login", data={"email": EMAIL, "password": PASSWORD}).status_code == 303
    return browser


def test_what_was_lost_is_there_again_once_everybody_signed_in_again(site, make_app):
    from caloria.extensions import db

    app = make_app(site.url)
    yesterday = f"/diary/{utc_now().date() - timedelta(days=1)}"
    browser = sign_in(app)
    before = Page(browser.get(yesterday)).words
    assert " kcal" in before
    site.backup = make(site.config)
    assert site.backup.is_proven
    site.execute("DELETE FROM entries", "UPDATE identity SET environment = 'production'")
    name = site.restored()
    execute(site.inside(name), "UPDATE identity SET environment = 'production'", A_JOB_WAITS, A_LINK)
    with app.app_context():
        db.engine.dispose()
    live = {**site.told, "CALORIA_ENV": "production", "CALORIA_DB_ID": str(site.backup.database_id)}
    live |= {"TRUSTED_HOSTS": "caloria.example", "PUBLIC_URL": "https://caloria.example"}
    address = make_url(site.url).set(database=name).render_as_string(False)
    assert start(address, **{**live, "MIGRATION_DATABASE_URL": address}) == 84

    done = flask("database", "promote", name, "--name", site.name, url=site.url, **live)

    assert done.returncode == 0, done.stderr
    assert start(site.url, **live) == 0
    site.execute("UPDATE identity SET environment = 'test'")
    assert not signed_in(browser)
    assert Page(sign_in(app).get(yesterday)).words == before
    assert site.execute("SELECT restored_from FROM identity") == [(site.backup.id,)]
    assert site.execute(WAITING) == [(0,)]
    assert site.execute("SELECT count(*) FROM email_confirmations") == [(0,)]
    assert ("database promote", f"database {name}") in site.execute("SELECT act, object FROM audit_events")


def test_who_was_erased_meanwhile_does_not_come_back_and_everybody_else_does(site, make_app):
    from caloria.extensions import db

    with make_app(site.url).app_context():
        ann = Signup("Ann", "ann@example.org", PASSWORD, "UTC").complete()
        db.session.commit()
        everybody = site.execute(PEOPLE)
        site.backup = make(site.config)
        name = site.restored()
        Erasure.complete(ann)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    others = site.execute(PEOPLE)

    promote(site.config, name)

    assert site.execute(PEOPLE) == others == [each for each in everybody if each != ("Ann",)]
    assert site.execute("SELECT count(*) FROM erasures") == [(1,)]


def test_nobody_is_thrown_out(site):
    name, before = site.restored(), site.execute(STATE)
    restored = execute(site.inside(name), STATE)
    address = make_url(site.url).set(drivername="postgresql").render_as_string(False)
    somebody = psycopg2.connect(address, application_name="caloria/web1")
    try:
        with pytest.raises(PromotionRefused, match=r"1 connection is open: caloria/web1 .*in site_"):
            promote(site.config, name)
    finally:
        somebody.close()

    assert site.execute(STATE) == before
    assert execute(site.inside(name), STATE) == restored
    assert not {site.name, name} & set(site.closed())


def test_a_promotion_that_is_killed_at_any_step_is_finished_by_the_next(site):
    name, before = site.restored(), site.execute(STATE)
    said = environment(site.url, **site.told)

    for step in STEPS:
        assert run(["-c", KILLED, step, name], ROOT, said).returncode == -9
        if step == "Promoted":
            break
        assert site.name in site.closed()  # nobody writes to it, and nothing of it is lost
        execute(site.administrator, f"ALTER DATABASE {site.name} ALLOW_CONNECTIONS true")
        assert site.execute(STATE) == before

    [(_, epoch, entries, _)] = site.execute(STATE)
    assert epoch > before[0][1]
    assert entries == before[0][2]
    assert site.name not in site.closed()
    with pytest.raises(PromotionRefused, match="There is no database"):
        promote(site.config, name)


def test_what_was_replaced_can_be_promoted_back(site):
    site.execute("DELETE FROM entries WHERE day = (SELECT min(day) FROM entries)")
    [(uuid, epoch, entries, _)] = site.execute(STATE)
    back = promote(site.config, site.restored()).replaced
    assert site.execute(STATE)[0][2] > entries
    assert back in site.closed()

    site.config.payments = "stripe"
    promote(site.config, back)
    site.config.payments = "off"

    assert site.execute(STATE) == [(uuid, epoch + 2, entries, 0)]
    # Where people pay, what they paid meanwhile is asked of the provider before anything else.
    assert site.execute("SELECT task FROM jobs WHERE finished_at IS NULL") == [("reconcile",)]
    assert start(site.url, **site.told) == 0


def test_only_the_live_databases_own_data_is_promoted(site):
    name, before = site.restored(), site.execute(STATE)
    uuid = before[0][0]

    for change, undo, reason in (
        (
            "identity SET uuid = gen_random_uuid()",
            f"identity SET uuid = '{uuid}'",
            "and the live database is",
        ),
        ("identity SET environment = 'staging'", "identity SET environment = 'test'", "belongs to staging"),
        ("alembic_version SET version_num = '0003'", "identity SET id = 1", "is at revision 0003"),
    ):
        execute(site.inside(name), f"UPDATE {change}")
        with pytest.raises(PromotionRefused, match=reason):
            promote(site.config, name)
        execute(site.inside(name), f"UPDATE {undo}")
    execute(site.inside(name), "DELETE FROM identity")
    with pytest.raises(PromotionRefused, match="has no identity"):
        promote(site.config, name)

    assert site.execute(STATE) == before
    assert site.name not in site.closed()


def test_it_is_done_on_purpose_by_a_role_that_may(site):
    refused = flask("database", "promote", "x", "--name", "another", url=site.url, **site.told)
    assert refused.returncode == 1
    assert "not named another" in refused.stderr
    name, told = site.restored(), {**site.told, "BACKUP_PROOF_URL": ""}

    with pytest.raises(BackupFailed, match=f"{site.name}_owner may neither make nor rename"):
        promote(Config.load(environment(site.url, **told), root=ROOT), name)


def test_a_restored_database_is_open_to_the_sites_own_roles_alone(site):
    name = site.restored()

    assert site.execute(f"SELECT has_database_privilege('caloria', '{name}', 'CONNECT')") == [(False,)]
    app = make_url(site.url).set(database=name).render_as_string(False)
    assert execute(app, "SELECT count(*) > 0 FROM entries") == [(True,)]


def test_a_replaced_database_is_dropped_after_a_week_and_no_other(server, url, tmp_path):
    config = config_for(url, tmp_path)
    live = require_live_name(config)
    week_ago = (utc_now() - timedelta(days=7, minutes=1)).strftime(MOMENT)
    old = f"{live}_replaced_{week_ago}"
    others = [replaced_name(live, utc_now()), f"{live}x_replaced_{week_ago}", f"{live}_restored"]
    administrator = os.environ["TEST_POSTGRES_URL"]
    for name in (old, *others):
        execute(administrator, f"CREATE DATABASE {name}", f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")

    assert drop_expired(config) == [old]

    left = execute(administrator, f"SELECT datname FROM pg_database WHERE datname ~ '^{live}.*_re'")
    assert sorted(name for (name,) in left) == sorted(others)


def test_the_longest_name_still_leaves_room_for_when_it_was_replaced():
    names = {replaced_name("x" * 56 + end, utc_now()) for end in "ab"}

    assert len(names) == 2
    assert {len(name) for name in names} == {63}
