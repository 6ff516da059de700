"""Where a setting may stand, and which place wins."""

import os
from pathlib import Path

import pytest
from dotenv import dotenv_values

from config import Config

URL = "postgresql://caloria@localhost/caloria"


def load(root: Path, **environ: str) -> Config:
    return Config.load({"CALORIA_ENV": "test", "DATABASE_URL": URL, **environ}, root=root)


def test_the_environment_wins_and_one_line_says_so(tmp_path):
    (tmp_path / ".env").write_text("\n# first\nLOG_LEVEL=DEBUG\nPORT=9000\nCALORIA_SERVER=web-9\n")
    config = load(tmp_path, LOG_LEVEL="ERROR", PORT="9000")
    assert (config.log_level, config.port, config.server) == ("ERROR", 9000, "web-9")
    assert config.overridden == ["LOG_LEVEL"]
    assert config.sources["LOG_LEVEL"] == "the environment"
    assert config.sources["PORT"] == f"{tmp_path / '.env'}, line 4"


def test_an_empty_variable_of_the_environment_wins_too(tmp_path):
    (tmp_path / ".env").write_text(f"DATABASE_URL={URL}\n")
    config = load(tmp_path, DATABASE_URL="")
    assert config.database_url is None
    assert config.mistakes[0].state == "database_url_missing"


def test_reading_changes_no_environment(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("CALORIA_SERVER=web-9\n")
    monkeypatch.delenv("CALORIA_SERVER", raising=False)
    before = dict(os.environ)
    Config.load(root=tmp_path)
    assert dict(os.environ) == before


def test_a_file_refers_to_variables_as_the_flask_command_understands_them(tmp_path, monkeypatch):
    text = "A=one\nCALORIA_SERVER=${A}-${B:-two}\nexport PUBLIC_URL='https://x.org/${A}'  # why\nLOG_LEVEL\n"
    (tmp_path / ".env").write_text(text)
    monkeypatch.delenv("B", raising=False)
    theirs = dotenv_values(tmp_path / ".env")
    config = Config.load(os.environ, root=tmp_path)
    assert config.server == theirs["CALORIA_SERVER"] == "one-two"
    assert config.public_url == theirs["PUBLIC_URL"]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b'DATABASE_URL="postgresql://a@b/c\nPORT=1\n', "line 1"), (b"A=\xff\n", "UTF-8")],
)
def test_a_file_that_cannot_be_read_is_a_mistake(tmp_path, content, words):
    (tmp_path / ".env").write_bytes(content)
    (mistake,) = load(tmp_path).mistakes
    assert mistake.state == "env_file_unreadable"
    assert words in mistake.found


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "DATABASE_URL", "MIGRATION_DATABASE_URL", "MAIL_PASSWORD", "METRICS_TOKEN"]
)
def test_a_secret_may_stand_in_a_file(tmp_path, name):
    content = URL if name.endswith("URL") else "0123456789-abcdefghijklmnop"
    (tmp_path / "secret").write_text(f"{content}\n")
    environ = {"CALORIA_ENV": "test", "DATABASE_URL": URL} | {f"{name}_FILE": str(tmp_path / "secret")}
    if name == "DATABASE_URL":
        del environ["DATABASE_URL"]
    config = Config.load(environ, root=tmp_path)
    assert config.mistakes == []
    value = getattr(config, name.lower())
    assert (str(value) if name.endswith("URL") else value).endswith(content.removeprefix("postgresql"))


def test_a_secret_in_two_places_or_in_no_file_is_a_mistake(tmp_path):
    both = load(tmp_path, SECRET_KEY="a", SECRET_KEY_FILE="b")
    assert [mistake.state for mistake in both.mistakes] == ["setting_twice"]
    missing = load(tmp_path, SECRET_KEY_FILE="b")
    assert "cannot be read" in missing.mistakes[0].found
    (tmp_path / "b").write_text("\n")
    assert "empty file" in load(tmp_path, SECRET_KEY_FILE="b").mistakes[0].found
