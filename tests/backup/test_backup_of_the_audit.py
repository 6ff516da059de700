"""Each backup knows how far the audit's chain had come: what is cut off later is missed."""

from backups import make
from surroundings import ROOT, environment

from caloria import create_app
from caloria.extensions import db
from caloria.models import AuditSeal
from caloria.operations.audit import heads
from caloria.operations.audit.verify import verify
from caloria.operations.triggers import without_triggers
from config import Config


def test_an_end_that_was_cut_off_since_the_last_backup_is_missed(url, config, tmp_path):
    app = create_app(Config.load(environment(url), root=ROOT))
    with app.app_context():
        AuditSeal.seal()
        db.session.commit()
        newest = db.session.execute(AuditSeal.head()).one()
        db.session.commit()
        made = make(config)
        with db.engine.begin() as connection:
            with without_triggers(connection, "audit_events", "audit_seals"):
                for table, column in (("audit_events", "sequence"), ("audit_seals", "position")):
                    connection.exec_driver_sql(
                        f"DELETE FROM {table} WHERE {column} = (SELECT max({column}) FROM {table})"
                    )
            head = heads.on_the_shelf(config, connection)
            found = verify(connection, [head], tmp_path, lambda *_: None).findings
        db.engine.dispose()

    assert (head.position, head.digest, head.known_from) == (*newest, f"the backup {made.id}")
    assert f"The end was removed: the backup {made.id} knows position {newest.position}" in found[0]
