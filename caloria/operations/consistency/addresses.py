"""E-mail addresses. Databases fold case differently, so it is Python that compares them, as at sign-up."""

from uuid import UUID

from sqlalchemy import Connection, select

from caloria.models.user import User, email_key
from caloria.operations.consistency.finding import Finding, as_text

AT_ONCE = 1000
SHOWN = 20
TWICE = "users whose address an earlier account has, but for case and blanks"
MISFOLDED = "users whose email_key is not what their address folds to"


class AddressPass:
    """One reading of everybody's address."""

    name = "e-mail addresses"

    def find(self, connection: Connection) -> list[Finding]:
        first: dict[str, UUID] = {}
        twice: list[tuple[UUID, UUID]] = []
        misfolded: list[UUID] = []
        everybody = select(User.id, User.email, User.email_key).order_by(User.created_at, User.id)
        in_batches = {"yield_per": AT_ONCE}
        for user_id, email, key in connection.execute(everybody, execution_options=in_batches):
            folded = email_key(email)
            if first.setdefault(folded, user_id) != user_id:
                twice.append((first[folded], user_id))
            if folded != key:
                misfolded.append(user_id)
        both = [user_id for pair in twice for user_id in pair]
        return [
            *finding(TWICE, len(twice), both, connection),
            *finding(MISFOLDED, len(misfolded), misfolded, connection),
        ]


def finding(name: str, count: int, ids: list[UUID], connection: Connection) -> list[Finding]:
    """The finding, with a query for the first of them."""
    query = select(User.id, User.email, User.email_key).where(User.id.in_(ids[:SHOWN]))
    return [Finding(name, count, as_text(query, connection))] if count else []
