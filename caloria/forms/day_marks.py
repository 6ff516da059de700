from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from caloria.forms.base import Form
from caloria.forms.fields import choices


class DayMarkForm(Form):
    """Whether everything that was eaten on a day is in it."""

    complete = RadioField(
        _l("Is everything in it?"),
        choices=choices(("yes", _l("Yes")), ("no", _l("No")), ("", _l("Let Caloria judge"))),
    )

    @property
    def mark(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.complete.data or "")
