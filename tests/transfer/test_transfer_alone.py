"""A move is refused while somebody is at work on either side, and only then."""

from contextlib import closing

import psycopg2
import pytest
from sqlalchemy import make_url

from caloria.extensions import db
from caloria.operations.transfer import alone
from caloria.operations.transfer.failure import TransferFailed


def connect(target, name: str):
    address = make_url(target.url).set(drivername="postgresql").render_as_string(False)
    return closing(psycopg2.connect(address, application_name=name))


def beat(make_app, url: str) -> None:
    """What a server does every few seconds."""
    app = make_app(url, CALORIA_SERVER="web-1")
    app.extensions["caloria_heartbeat"].beat()
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("side", ["source", "target"])
def test_a_server_at_work_stops_it_with_its_name_until_it_is_silent(source, target, move, make_app, side):
    beat(make_app, target.url if side == "target" else f"sqlite:///{source.file}")
    with pytest.raises(TransferFailed, match=r"on web-1 wrote to \S+ .*\d seconds ago. .* again in \d+ sec"):
        move()
    assert target.rows() | {"servers": 0} == dict.fromkeys(target.rows(), 0)
    target.run("UPDATE servers SET last_seen_at = now() - interval '46 seconds'")
    source.run("UPDATE servers SET last_seen_at = datetime('now', '-46 seconds')")
    assert move(start_over=True).exit_code == 0


def test_another_process_of_calorias_stops_it_and_somebody_who_looks_does_not(target, move, monkeypatch):
    monkeypatch.setattr(alone, "PATIENCE_SECONDS", 0.3)
    refused = pytest.raises(TransferFailed, match=r"connected to .*: caloria/web-2 \(1\). Stop it first")
    with connect(target, "psql"), connect(target, "caloria/web-2"), refused:
        move()
    assert target.is_empty


def test_a_server_that_comes_back_meanwhile_is_noticed_before_it_counts_as_moved(target, move):
    def come_back(stage, done, _total):
        if stage == "Verifying" and not done:
            target.run("INSERT INTO servers VALUES ('web-3', '1', 'test', now(), now())")

    with connect(target, "psql"):
        with pytest.raises(TransferFailed, match="web-3"):
            move(come_back)
        target.run("DELETE FROM servers")
        assert move().state == "moved"


def test_somebody_who_wrote_to_the_target_meanwhile_is_named_or_in_the_way(source, target, move):
    [last] = source.run("SELECT remains, word FROM food_words ORDER BY rowid DESC LIMIT 1")

    def write(words):
        once = iter([words])

        def write(stage, *_):
            for words in once if stage == "Copying" else ():
                target.run(f"INSERT INTO food_words VALUES {words}")

        return write

    with pytest.raises(TransferFailed, match=r"Somebody else wrote to it\. .* --start-over"):
        move(write(last))
    differences = move(write(("nobody", "nobodys")), start_over=True).differences
    assert [each.partition(" ")[0] for each in differences] == ["food_words"] * 2
    assert "is in the target alone" in differences[1]
    assert move(start_over=True).exit_code == 0
