"""Which backups are kept, and what keeps all of them."""

import os
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from backups import KEY

from caloria.operations.backup.health import frozen_because, worries
from caloria.operations.backup.manifest import FILE, FORMAT, PROVEN, READABLE, Manifest
from caloria.operations.backup.retention import kept, prune
from caloria.operations.backup.shelf import MOMENT, Shelf

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
LAST_NIGHT = NOW.replace(hour=2)
OURS, THEIRS = UUID(int=1 << 100), UUID(int=2 << 100)


def made(at: datetime, level: str = PROVEN, of: UUID = OURS, **more) -> Manifest:
    manifest = Manifest(
        {
            "format": FORMAT,
            "id": f"{at.strftime(MOMENT)}-{str(of)[:8]}",
            "snapshot_at": at.isoformat(),
            "database": {"uuid": str(of), "engine": "sqlite"},
            "contents": {"revision": "0001", "tables": {}},
            "files": [{"name": "dump/x", "size": 1000, "sha256": ""}],
            "uploads": {"files": 0},
            "pinned_until": None,
            "suspicion": None,
            "verifications": [],
            **more,
        }
    )
    manifest.note(level, "here", 0)
    return manifest


def nights(number: int, **more) -> list[Manifest]:
    """One backup a night, the oldest first, the last of last night."""
    return [made(LAST_NIGHT - timedelta(days=night), **more) for night in reversed(range(number))]


def put(shelf: Shelf, manifests: list[Manifest]) -> None:
    for each in manifests:
        folder = shelf.folder / each.id
        folder.mkdir(parents=True, mode=0o700)
        (folder / FILE).write_bytes(each.text(KEY))


@pytest.fixture
def shelf(tmp_path) -> Shelf:
    (tmp_path / "shelf").mkdir(mode=0o700)
    return Shelf(tmp_path / "shelf", KEY)


def test_seven_days_four_weeks_and_twelve_months_are_kept():
    spared = kept(nights(800), NOW)
    ages = sorted((NOW.date() - date.fromisoformat(name[:8])).days for name in spared)
    assert ages[:7] == [0, 1, 2, 3, 4, 5, 6]
    # The Sundays of the three weeks before this one (which ends today), then the last days of eleven months.
    assert ages[7:9] == [13, 20]
    assert len(spared) == 7 + 2 + 11
    assert ages[-1] == (NOW.date() - date(2025, 12, 31)).days


def test_several_backups_of_a_day_leave_the_last_of_it():
    spared = kept([made(LAST_NIGHT - timedelta(days=9, hours=hour)) for hour in (20, 10, 0)] + nights(3), NOW)
    assert len([name for name in spared if name.startswith("20261112")]) == 1


def test_three_proven_ones_stay_however_old_and_of_one_day():
    old = [made(LAST_NIGHT - timedelta(days=900, minutes=minute)) for minute in range(9)]
    assert len(kept(old, NOW)) == 3


def test_a_pinned_one_stays_until_its_time_and_an_unproven_one_for_a_week():
    pinned = made(LAST_NIGHT - timedelta(days=25), pinned_until=(NOW + timedelta(days=5)).isoformat())
    past = made(LAST_NIGHT - timedelta(days=24), pinned_until=(NOW - timedelta(days=1)).isoformat())
    young = made(NOW - timedelta(days=6), READABLE)
    old = made(NOW - timedelta(days=8), READABLE)
    spared = kept([pinned, past, old, young, *nights(23)], NOW)
    assert {pinned.id, young.id} <= spared
    assert not {past.id, old.id} & spared


def test_what_is_set_aside_is_gone_only_with_a_later_run(shelf):
    put(shelf, nights(30))
    first = prune(shelf, OURS, NOW)
    assert len(first.aside) == 30 - 10
    assert len(shelf.backups()) == 10
    assert prune(shelf, OURS, NOW) == ([], [], None)
    folder = shelf.folder / f"{first.aside[0]}.deleted"
    a_day_ago = datetime.now(UTC).timestamp() - 86_400
    os.utime(folder, (a_day_ago, a_day_ago))
    assert prune(shelf, OURS, NOW).gone == [first.aside[0]]
    assert not folder.exists()


def test_another_databases_backups_are_never_touched(shelf):
    put(shelf, nights(40))
    put(shelf, [made(LAST_NIGHT - timedelta(days=night), of=THEIRS) for night in range(40)])
    unreadable = shelf.folder / f"20200101T000000Z-{str(OURS)[:8]}"
    unreadable.mkdir()
    prune(shelf, OURS, NOW)
    assert len(shelf.of_database(THEIRS)) == 40
    assert unreadable.exists()


@pytest.mark.parametrize(
    ("last", "why"),
    [
        (made(LAST_NIGHT, suspicion="users went from 22 to 1 rows"), "looks wrong"),
        (made(NOW + timedelta(hours=2)), "in the future"),
    ],
)
def test_nothing_is_set_aside_while_something_is_odd(shelf, last, why):
    put(shelf, [*nights(31)[:-1], last])
    pruned = prune(shelf, OURS, NOW)
    assert why in pruned.frozen
    assert len(shelf.backups()) == 31


def test_nothing_is_set_aside_when_the_newest_proven_one_is_two_days_old(shelf):
    put(shelf, nights(30))
    assert frozen_because(shelf.of_database(OURS), LAST_NIGHT + timedelta(hours=47)) is None
    assert "48 hours old" in prune(shelf, OURS, LAST_NIGHT + timedelta(hours=48, minutes=1)).frozen


def test_thirty_bad_nights_keep_the_last_good_ones(shelf):
    put(shelf, nights(40))
    later = NOW + timedelta(days=30)
    put(shelf, [made(LAST_NIGHT + timedelta(days=night), READABLE) for night in range(1, 31)])
    assert prune(shelf, OURS, later).frozen
    assert len(shelf.backups()) == 70


def test_a_large_one_is_proven_weekly_and_may_be_older():
    large = made(LAST_NIGHT - timedelta(days=6), files=[{"name": "x", "size": 10**11, "sha256": ""}])
    assert frozen_because([large], NOW) is None
    assert not [worry for worry in worries([large], NOW) if worry.is_urgent]


def test_what_an_operator_has_to_know_is_said():
    assert [worry.text for worry in worries([], NOW)] == ["No backup is proven."]
    assert list(worries(nights(3), NOW)) == []
    assert [worry.text for worry in worries(nights(30), NOW)] == ["No drill passed in the last ten days."]
    assert "27 hours old" in next(worries(nights(3), LAST_NIGHT + timedelta(hours=27))).text
    broken = made(LAST_NIGHT)
    broken.note(PROVEN, "here", 1, "table users has 1 rows in place of 22")
    said = [worry.text for worry in worries([*nights(3)[:-1], broken], NOW)]
    assert any("in place of 22" in text for text in said)
