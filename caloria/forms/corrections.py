from flask_babel import lazy_gettext as _l

from caloria.forms.base import CreatingForm
from caloria.forms.fields import DayField, IdField


class CorrectionForm(CreatingForm):
    """From which day on past entries of a food are corrected, and by which food if by another."""

    since = DayField(_l("From the day"))
    by_id = IdField()


class MergeForm(CreatingForm):
    """The food that one of one's own really is."""

    into_id = IdField()
