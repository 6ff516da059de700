"""The admin's pages before 100,000 people: a few statements each, and no look at all entries of everybody."""

import pytest
from sqlalchemy import event, text

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.day_count import DayCount

# The rows are made by the server: 100,000 people, trials and entries of some of them.
CROWD = (
    """INSERT INTO users (id, email, email_key, name, password_hash, time_zone, day_starts_at, units,
           is_admin, active, created_at)
       SELECT ('019a0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'p' || n || '@example.org',
           'p' || n || '@example.org', 'Person ' || n, '', 'UTC', '00:00', 'metric', false, n % 1000 > 0,
           now() - n * interval '5 minutes' FROM generate_series(1, 100000) n""",
    """INSERT INTO subscriptions (user_id, id, provider, provider_id, status, started_at, paid_until,
           updated_at)
       SELECT id, id, 'caloria', 'trial ' || id, 'trialing', created_at, now() + interval '1 day', now()
       FROM users WHERE name LIKE 'Person %5'""",
    """INSERT INTO meals (user_id, id, name, position)
       SELECT id, id, 'Lunch', 1 FROM users
       WHERE name LIKE 'Person %' AND created_at >= now() - interval '25000 minutes'""",
    """INSERT INTO entries (user_id, id, meal_id, day, name, created_at, updated_at)
       SELECT m.user_id, gen_random_uuid(), m.id, current_date - n, 'Soup', now(), now()
       FROM meals m CROSS JOIN generate_series(0, 2) n WHERE m.name = 'Lunch' AND m.id = m.user_id""",
    "ANALYZE users, subscriptions, meals, entries",
)
# How often each page asks, also who it is for.
PAGES = {
    "/admin": 4,
    "/admin/users": 4,
    "/admin/users?q=p77777@": 4,
    "/admin/users?q=person+77777": 4,
    "/admin/users?plan=trial&state=active": 4,
    "/admin/users?plan=plus": 2,
    "/admin/users/019a0000-0000-7000-8000-00000000000a": 8,
    "/admin/subscriptions": 3,
    "/admin/subscriptions?status=trialing": 3,
    "/admin/payments": 2,
    "/admin/payments/events?state=failed": 2,
    "/admin/audit?object=user+019a0000-0000-7000-8000-00000000000a": 2,
}


@pytest.fixture
def crowd(app, engine_name):
    if engine_name != "postgresql":
        pytest.skip("so many people are PostgreSQL's")
    for statement in CROWD:
        db.session.execute(text(statement))
    db.session.commit()


@pytest.fixture
def plans(app):
    """How the database means to answer each statement that reads people or entries, from here on."""
    connection, found = db._app_engines[app][None], []

    def explain(_connection, _cursor, statement, parameters, *_rest):
        if statement.startswith("SELECT") and ("FROM users" in statement or "FROM entries" in statement):
            rows = connection.connection.driver_connection.cursor()
            rows.execute(f"EXPLAIN {statement}", parameters)
            found.append("\n".join(str(row[-1]) for row in rows.fetchall()))

    event.listen(connection, "before_cursor_execute", explain)
    yield found
    event.remove(connection, "before_cursor_execute", explain)


def test_a_page_asks_a_few_times_and_never_looks_at_all_entries(
    app, monkeypatch, crowd, sign_in, ada, statements, plans
):
    monkeypatch.setattr(app.extensions["caloria_config"], "payments", "manual")
    admin, taken = sign_in(ada), {}
    admin.get("/admin")
    for page in PAGES:
        statements.clear()
        answer = admin.get(page)
        assert answer.status_code == 200, page
        taken[page] = len(statements)
    assert taken == PAGES
    assert "p77777@example.org" in admin.get("/admin/users?q=p77777@").text
    assert not [plan for plan in plans if "Seq Scan on entries" in plan]
    # The first page of all people is read in the order of an index.
    newest = next(plan for plan in plans if "ix_users_created_at_id" in plan)
    assert "Sort" not in newest, newest

    # The job that counts for the overview looks into the index once for each person.
    plans.clear()
    counted = dict(figure[:2] for figure in DayCount(utc_now().date()).activity())
    assert [counted[name] for name in ("active_1", "active_28", "entries")] == [5_000] * 3
    (plan,) = plans
    assert "ix_entries_user_id_day" in plan
    assert "Seq Scan on entries" not in plan, plan
