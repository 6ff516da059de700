"""How an export of Caloria comes into a diary, and out of it again."""

from typing import TYPE_CHECKING
from uuid import UUID

from caloria.extensions import db
from caloria.models.imported_rows import Choices
from caloria.models.own_rows import OwnRows
from caloria.models.own_undoing import take_back, take_out
from caloria.models.round_trip import ENTRIES, FOODS, WEIGHTS
from caloria.models.user import User

if TYPE_CHECKING:
    from caloria.models.diary_import import DiaryImport, Say


class OwnImport:
    """An export of Caloria on its way into the diary of its person."""

    def __init__(self, upload: "DiaryImport", person: User):
        self.upload, self.person = upload, person

    def placed(self, _choices: Choices | None = None, _say: "Say" = str) -> OwnRows:
        """What would become of its rows: there is nothing to choose. Nothing is stored."""
        return OwnRows(self.person, self.upload.content)

    def store(self, _choices: Choices, _say: "Say") -> dict[str, int]:
        """Store what is not here; how many entries and weights came."""
        rows = self.placed()
        rows.store()
        rows.bring_out(self._put_away_before())
        came = {name: len(made) for name, made in rows.made.items() if made}
        upload = self.upload
        upload.entry_count, upload.weight_count = came.get(ENTRIES, 0), came.get(WEIGHTS, 0)
        upload.summary, upload.content = {**upload.summary, "came": came}, rows.keys
        return {"entries": upload.entry_count, "weights": upload.weight_count}

    def _put_away_before(self) -> list[str]:
        """The foods that were put away when exports were taken back."""
        before = db.session.scalars(self.upload.taken_back_before())
        return [id_ for content in before for id_ in content["put_away"]]

    def take_back(self) -> None:
        """Take back all that came, as long as it is there."""
        self.upload.content = take_back(self.person, self.upload.content)

    def bring_back(self) -> None:
        """Bring back what was taken back."""
        rows = self.placed()
        rows.store()
        away = [UUID(id_) for id_ in self.upload.content["put_away"]]
        rows.made.setdefault(FOODS, []).extend([id_] for id_ in away)
        take_out(self.person, away)
        self.upload.content = rows.keys
