"""How it is said of which database a figure is, and when it was asked."""

from flask_babel import gettext as _

from caloria.filters.dates import moment


def provenance(figures) -> str:
    """Where a figure comes from: the name of the database, its identity, and when it was asked."""
    return f"{origin(figures)}, {moment(figures.as_of)}"


def origin(figures) -> str:
    """From which database: its name and identity."""
    who = str(figures.database_id)[:8] if figures.database_id else _("unknown")
    return f"{figures.name} ({who})"


FILTERS = (
    provenance,
    origin,
)
