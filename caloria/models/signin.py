from sqlalchemy import select

from caloria.extensions import db
from caloria.models import passwords
from caloria.models.audit_event import AuditEvent
from caloria.models.throttle import Throttle
from caloria.models.user import User, email_key

# Attempts in a quarter of an hour. One device guessing at one account is stopped early; a household or an
# office behind one address is not; an account under attack from many addresses is slowed down.
FOR_ONE_ACCOUNT_FROM_ONE_ADDRESS = 10
FROM_ONE_ADDRESS = 100
FOR_ONE_ACCOUNT = 100
# Refused ones, of everybody together: nobody may fill the audit at will.
NOTED_AT_MOST = 1000


class Signin:
    """One attempt to sign in."""

    def __init__(self, email: str, password: str, address: str | None):
        self.email = email_key(email)
        self.password = password
        self.address = address or "unknown"

    def is_allowed(self) -> bool:
        """Count this attempt; tell whether there were not too many. Commit before the password is tried."""
        Throttle.prune()
        exceeded = Throttle.is_exceeded(
            {
                self._pair: FOR_ONE_ACCOUNT_FROM_ONE_ADDRESS,
                f"sign-in from {self.address}": FROM_ONE_ADDRESS,
                f"sign-in as {self.email}": FOR_ONE_ACCOUNT,
            }
        )
        return not exceeded

    @property
    def _pair(self) -> str:
        return f"sign-in as {self.email} from {self.address}"

    def person(self) -> User | None:
        """The person, if the password is theirs. An unknown address takes as long as a known one.

        Commit also where there is none: the refusal is noted.
        """
        user = db.session.scalar(select(User).where(User.email_key == self.email))
        known_hash = user.password_hash if user else passwords.NOBODYS_HASH
        if not passwords.matches(known_hash, self.password) or user is None or not user.may_enter:
            if not Throttle.is_exceeded({"refused sign-ins": NOTED_AT_MOST}):
                AuditEvent.note("sign-in refused", user or "an unknown account")
            return None
        if passwords.is_outdated(user.password_hash):
            user.set_password(self.password)
        Throttle.forget(self._pair)
        return user
