from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from caloria.forms.amounts import SeenField
from caloria.forms.base import CreatingForm
from caloria.forms.fields import choices


class CheckInForm(CreatingForm):
    """Whether somebody takes the target that was proposed, and which one it was."""

    answer = RadioField(
        _l("Your answer"), choices=choices(("accept", _l("Take it")), ("keep", _l("Keep mine")))
    )
    proposed_kcal = SeenField()

    @property
    def accepts(self) -> bool:
        return self.answer.data == "accept"
