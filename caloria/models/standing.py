from sqlalchemy import select, true

from caloria.extensions import db
from caloria.models.audit_event import AuditEvent
from caloria.models.session import Session
from caloria.models.user import User


class LastAdmin(Exception):
    """Without this person nobody could see the admin pages any more."""


class Standing:
    """Whether somebody may sign in, and see the admin pages. Each change is noted."""

    def __init__(self, user: User):
        self.user = user

    def disable(self) -> None:
        """Let somebody in no more; nothing of theirs is lost. Raises LastAdmin."""
        self.require_another_admin()
        self._change("disable", active=False)
        Session.end_all(self.user)

    def enable(self) -> None:
        self._change("enable", active=True)

    def promote(self) -> None:
        """Let somebody see the admin pages."""
        self._change("promote", is_admin=True)

    def demote(self) -> None:
        """Raises LastAdmin."""
        self.require_another_admin()
        self._change("demote", is_admin=False)

    def require_another_admin(self) -> None:
        """Raises LastAdmin. Two admins who remove each other wait here, one for the other."""
        if not self.user.is_admin:
            return
        admins = select(User.id).where(User.is_admin == true(), User.active == true()).order_by(User.id)
        there = db.session.scalars(admins.with_for_update()).all()
        if set(there) <= {self.user.id}:
            raise LastAdmin

    def _change(self, act: str, **changed: bool) -> None:
        before = {name: getattr(self.user, name) for name in changed}
        if before == changed:
            return
        for name, value in changed.items():
            setattr(self.user, name, value)
        AuditEvent.note(act, self.user, before=before, after=changed)
