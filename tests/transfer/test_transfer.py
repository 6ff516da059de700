"""Everything arrives, equal, or nothing counts as moved."""

from hashlib import sha256


def test_a_diary_of_a_month_arrives_equal(source, target, move):
    before = sha256(source.file.read_bytes()).hexdigest(), source.folder
    report = move()
    assert [*map(str, report.problems.listed)] == []
    assert (report.exit_code, report.differences) == (0, [])
    assert (sha256(source.file.read_bytes()).hexdigest(), source.folder) == before
    rows = target.rows()
    for table in report.tables:
        assert table["rows"] == table["moved"]
        if table["name"] != "audit_events":
            assert (
                rows[table["name"]]
                == table["rows"]
                == source.run(f"SELECT count(*) FROM {table['name']}")[0][0]
            )
    assert report.compared["people_found_by_email"] == 2
    assert report.compared["sampled_rows"] == 20
    assert oct(report.kept.stat().st_mode)[-3:] == "600"
