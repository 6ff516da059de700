"""The words of Caloria in other languages: taken from the code, kept as .po, compiled to .mo."""

import datetime
import io
import pathlib
import sys

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

CODE = pathlib.Path(__file__).resolve().parent.parent / "caloria"
KEYWORDS = dict(DEFAULT_KEYWORDS, _l=None)
METHODS = [("**.py", "python"), ("templates/**", "jinja2")]
OPTIONS = {"templates/**": {"silent": "false"}}
# A catalogue changes with its words alone, and not with the day on which it was written.
NO_DAY = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)  # noqa: UP017
HEADER = "# What people read, for translators. bin/translate keeps it; write only after msgstr."


def languages():
    return sorted(folder.parent.name for folder in CODE.glob("translations/*/LC_MESSAGES"))


def place(language, ending):
    return CODE / "translations" / language / "LC_MESSAGES" / f"messages.{ending}"


def said():
    """Every text that the code says to people, with the files that say it."""
    catalogue = Catalog(charset="utf-8")
    for name, _, message, notes, context in extract_from_dir(CODE, METHODS, OPTIONS, KEYWORDS):
        catalogue.add(message, locations=[(f"caloria/{name}", 0)], auto_comments=notes, context=context)
    return catalogue


def kept(language):
    """The translations that are there."""
    with place(language, "po").open("rb") as file:
        return read_po(file, locale=language)


def renewed(language):
    """What the code says now, each with the translation that it had."""
    before = kept(language)
    catalogue = Catalog(
        language, project="Caloria", creation_date=NO_DAY, revision_date=NO_DAY, fuzzy=False, charset="utf-8"
    )
    catalogue.header_comment = HEADER
    catalogue.version = catalogue.msgid_bugs_address = catalogue.last_translator = ""
    for message in said():
        if message.id:
            old = before.get(message.id, message.context)
            catalogue.add(message.id, old and old.string, set(message.locations), context=message.context)
    return catalogue


def written(catalogue):
    file = io.BytesIO()
    write_po(file, catalogue, sort_output=True, include_lineno=False, width=110)
    return file.getvalue()


def compiled(catalogue):
    catalogue.creation_date = catalogue.revision_date = NO_DAY
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def main():
    for language in languages():
        place(language, "po").write_bytes(written(renewed(language)))
        catalogue = kept(language)
        place(language, "mo").write_bytes(compiled(catalogue))
        missing = [message.id for message in catalogue if message.id and not all_said(message)]
        print(f"{language}: {len(catalogue)} texts, {len(missing)} without a translation")


def all_said(message):
    """Whether a text is translated, in all of its plurals."""
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


if __name__ == "__main__":
    sys.exit(main())
