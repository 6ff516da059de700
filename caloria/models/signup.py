from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from caloria.extensions import db, insert
from caloria.models import passwords
from caloria.models.audit_event import AuditEvent
from caloria.models.creation import FormReused
from caloria.models.ids import new_id
from caloria.models.kept import cached_property
from caloria.models.meal import Meal
from caloria.models.plan import payments
from caloria.models.subscription import Subscription
from caloria.models.user import User, email_key


class EmailTaken(Exception):
    """There is an account with this e-mail address already."""


class Signup:
    """The act that makes an account with everything a diary needs to begin."""

    def __init__(
        self,
        name: str,
        email: str,
        password: str,
        time_zone: str,
        form_id: UUID | None = None,
        language: str = "en",
    ):
        self.name = name
        self.email = email
        self.password = password
        self.time_zone = time_zone
        self.form_id = form_id or new_id()
        self.language = language

    @cached_property
    def password_hash(self) -> str:
        """What the password is kept as; working it out takes long, and is meant to."""
        return passwords.hashed(self.password)

    def complete(self, is_admin: bool = False, say: Callable[[str], str] = str) -> User:
        """Create the person and their meals; the same form sent twice gives the same person.

        say puts the names of the meals into the person's language.
        Raises EmailTaken, and FormReused where the form made an account with another address before.
        """
        values = {
            "id": self.form_id,
            "email": self.email.strip(),
            "email_key": email_key(self.email),
            "name": self.name,
            "password_hash": self.password_hash,
            "time_zone": self.time_zone,
            "language": self.language,
            "is_admin": is_admin,
        }
        # Without naming an index: neither the address nor the form's id may exist twice.
        created = insert(User).values(values).on_conflict_do_nothing().returning(User.id)
        if db.session.scalar(created) is None:
            return self._from_same_form()
        db.session.add_all(Meal.first_of(self.form_id, say))
        AuditEvent.note("sign-up", f"user {self.form_id}", after={"is_admin": is_admin})
        user = db.session.get_one(User, self.form_id)
        if payments() != "off":
            Subscription.start_trial(user)
        return user

    def _from_same_form(self) -> User:
        user = db.session.scalar(select(User).where(User.email_key == email_key(self.email)))
        if user is None:
            raise FormReused
        same = (user.id, user.name, user.time_zone) == (self.form_id, self.name, self.time_zone)
        if not same or not passwords.matches(user.password_hash, self.password):
            raise EmailTaken
        return user
