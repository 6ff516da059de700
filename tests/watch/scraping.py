"""What /metrics says, as Prometheus reads it."""

from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert, text

from caloria.extensions import db
from caloria.models import BackupRun
from caloria.models.clock import utc_now
from caloria.models.ids import new_id
from caloria.models.server import Server, worker_name


def families(text: str) -> dict:
    return {family.name: family for family in text_string_to_metric_families(text)}


def samples(text: str) -> dict[tuple, float]:
    """Every sample, by its name and labels."""
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(text: str, name: str, **labels: str) -> float | None:
    return samples(text).get((f"caloria_{name}", *sorted(labels.items())))


def everything(make_app) -> str:
    """A scrape of an app to which all of it has happened: pages, errors, backups, drills, a worker."""
    app = make_app(CALORIA_SERVERS="web-1", LOG_FORMAT="json")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    browser = app.test_client()
    browser.get("/login")
    with app.app_context():
        said = {"server": "web-1", "backup": "x", "snapshot_at": utc_now(), "at": utc_now()}
        for kind, state in (("backup", "proven"), ("drill", "passed")):
            db.session.execute(insert(BackupRun).values(id=new_id(), kind=kind, state=state, **said))
        here = {"version": "1", "environment": "test", "booted_at": utc_now()}
        Server.note(db.session.connection(), worker_name("web-1"), **here)
        db.session.execute(text("ALTER TABLE users RENAME TO away"))
        db.session.commit()
    assert browser.post("/login", data={"email": "a@example.org", "password": "x"}).status_code == 500
    return browser.get("/metrics").text
