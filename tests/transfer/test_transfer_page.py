"""docs/transfer.md, pasted: a file in which somebody has lived becomes a site on PostgreSQL."""

import re
import secrets
from uuid import uuid4

import pytest
from pasting import PastedPage, address, checkout, run
from sqlalchemy import make_url
from surroundings import start

pytestmark = pytest.mark.slow
MOVE = "The move"


def settings(text: str) -> dict[str, str]:
    return dict(re.findall(r"^ *([A-Z_]+)=(.*)$", text, re.MULTILINE))


@pytest.fixture
def folder(source, tmp_path):
    """A folder of Caloria that is served from a file."""
    folder = tmp_path / "caloria"
    folder.mkdir()
    checkout(folder)
    (folder / "instance").mkdir()
    source.file.rename(folder / "instance" / "caloria.db")
    told = {
        "CALORIA_ENV": "development",
        "SECRET_KEY": secrets.token_hex(32),
        "TRUSTED_HOSTS": "caloria.example",
        "PUBLIC_URL": "https://caloria.example",
        "DATABASE_URL": "sqlite:///instance/caloria.db",
        "BACKUP_DIR": f"{tmp_path}/shelf",
        "BACKUP_KEY": secrets.token_hex(32),
    }
    (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in told.items()))
    return folder


def test_a_file_becomes_a_site_on_postgresql(folder, postgres, tmp_path):
    (tmp_path / "programs").mkdir()
    page, name = PastedPage("transfer.md", tmp_path / "programs"), f"moved_{uuid4().hex[:8]}"

    said = page.paste(MOVE, folder, FILE="instance/caloria.db", ADMIN_URL=address(postgres.url), NAME=name)

    told, written = settings(said.partition("In .env:")[2]), settings((folder / ".env").read_text())
    password = make_url(written["DATABASE_URL"]).password
    assert told["DATABASE_URL"].replace("PASSWORD", password) == written["DATABASE_URL"]
    assert told["CALORIA_DB_ID"] == written["CALORIA_DB_ID"]
    assert "No problems were found" in said
    assert list((tmp_path / "shelf").glob("2*/manifest.json"))
    assert run(folder, "-m", "caloria.guard").returncode == 0
    [retired] = (folder / "instance").glob("caloria.db*")
    assert start(f"sqlite:///{retired}") == 84
