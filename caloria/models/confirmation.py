from caloria.models import passwords
from caloria.models.audit_event import AuditEvent
from caloria.models.throttle import Throttle
from caloria.models.user import User

# In a quarter of an hour: whoever holds somebody's cookie may not guess on.
ATTEMPTS = 10


class Confirmation:
    """One attempt of somebody who is signed in to show that it is still them."""

    def __init__(self, user: User, password: str | None = None):
        self.user = user
        self.password = password or ""

    def is_allowed(self) -> bool:
        """Count this attempt; tell whether there were not too many. Commit before the password is tried."""
        return not Throttle.is_exceeded({f"password of {self.user.id}": ATTEMPTS})

    def matches(self) -> bool:
        return passwords.matches(self.user.password_hash, self.password)

    def complete(self) -> bool:
        """Note that the password was given, if it was. Commit also where not: the refusal is noted."""
        if self.matches():
            self.user.session.confirm()
            return True
        AuditEvent.note("confirmation refused", self.user)
        return False
