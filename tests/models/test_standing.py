"""Somebody always can see the admin pages."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select, true

from caloria.extensions import db
from caloria.models import Erasure, LastAdmin, Signup, Standing, User

ACTS = {
    "demote": lambda user: Standing(user).demote(),
    "erase": Erasure.complete,
}


@pytest.mark.parametrize("act", ACTS)
def test_two_admins_who_remove_each_other_at_once_leave_one(make_app, act):
    app = make_app()
    with app.app_context():
        ids = []
        for name in ("Ada", "Ben"):
            ids.append(Signup(name, f"{name}@example.org", "good password", "UTC").complete(is_admin=True).id)
        db.session.commit()
    ready, refused = Barrier(2), []

    def remove(id_) -> None:
        with app.app_context():
            user = db.session.get(User, id_)
            db.session.commit()
            ready.wait()
            try:
                ACTS[act](user)
                db.session.commit()
            except LastAdmin:
                db.session.rollback()
                refused.append(id_)

    threads = [Thread(target=remove, args=(id_,)) for id_ in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with app.app_context():
        left = select(func.count()).select_from(User).where(User.is_admin == true(), User.active == true())
        assert (db.session.scalar(left), len(refused)) == (1, 1)
