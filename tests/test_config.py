"""What the configuration reads, and that .env.example says all of it."""

import re
from pathlib import Path

import pytest
from dotenv import dotenv_values

from config import Config

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = (ROOT / ".env.example").read_text()
URL = "postgresql://caloria@localhost/caloria"
READ_TO_REFUSE = {"FLASK_RUN_FROM_CLI", "FLASK_SKIP_DOTENV"}


class Recorder(dict):
    def __init__(self, *args):
        super().__init__(*args)
        self.names = set()

    def get(self, name, default=None):
        self.names.add(name)
        return super().get(name, default)


def load(tmp_path, **environ) -> Config:
    return Config.load({"CALORIA_ENV": "test", "DATABASE_URL": URL, **environ}, root=tmp_path)


def test_the_example_names_every_variable_and_no_other(tmp_path):
    environ = Recorder()
    Config.load(environ, root=tmp_path)
    named = set(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=", EXAMPLE, re.MULTILINE))
    assert named == environ.names - READ_TO_REFUSE


def test_the_example_says_a_sentence_about_each_group_of_variables():
    for block in re.split(r"\n\s*\n", EXAMPLE):
        if re.search(r"^(# )?[A-Z0-9_]+=", block, re.MULTILINE):
            assert re.match(r"# [A-Z].*[.:]", block), block


def test_the_example_is_safe_for_a_developer_as_it_stands(tmp_path):
    said = dotenv_values(ROOT / ".env.example")
    assert said == {
        "CALORIA_ENV": "development",
        "SECRET_KEY": "",
        "DATABASE_URL": "sqlite:///instance/caloria.db",
    }
    assert Config.load({}, root=copy_of_example(tmp_path, EXAMPLE)).mistakes == []


def test_the_example_with_everything_set_reads_well(tmp_path):
    every = re.sub(r"^# ([A-Z][A-Z0-9_]+=)", r"\1", EXAMPLE, flags=re.MULTILINE)
    every = re.sub(
        r"^([A-Z0-9_]+_FILE|CALORIA_ENV|FLASK_ENV|STRIPE_API_URL)=.*\n", "", every, flags=re.MULTILINE
    )
    assert Config.load({}, root=copy_of_example(tmp_path, every)).mistakes == []


def copy_of_example(folder: Path, text: str) -> Path:
    (folder / ".env").write_text(text)
    return folder


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_every_name_of_postgresql_means_one_driver(tmp_path, scheme):
    assert load(tmp_path, DATABASE_URL=f"{scheme}://a@b/c").database_url.drivername == "postgresql+psycopg2"


def test_the_rest_of_the_address_is_left_alone(tmp_path):
    rest = "a:b%40c@h1,h2/name?application_name=mine&target_session_attrs=read-write"
    config = load(tmp_path, DATABASE_URL=f"postgres://{rest}")
    assert config.database_url.render_as_string(False) == f"postgresql+psycopg2://{rest}"


def test_a_relative_path_starts_at_the_root_and_an_absolute_one_stays(tmp_path, monkeypatch):
    monkeypatch.chdir("/")
    assert load(tmp_path, DATABASE_URL="sqlite:///instance/a.db").database_url.database == str(
        tmp_path / "instance" / "a.db"
    )
    assert load(tmp_path, DATABASE_URL="sqlite:////srv/a.db").database_url.database == "/srv/a.db"


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("DATABASE_POOL_SIZE", "0"),
        ("DATABASE_POOL_SIZE", "-1"),
        ("DATABASE_POOL_SIZE", "1e3"),
        ("DATABASE_POOL_SIZE", "٣"),
        ("DATABASE_MAX_OVERFLOW", "201"),
        ("DATABASE_CONNECT_TIMEOUT", "60"),
        ("DATABASE_ECHO", "maybe"),
        ("FLASK_DEBUG", "off"),
        ("CALORIA_DB_ID", "1234"),
        ("CALORIA_SERVER", "web 1"),
        ("CALORIA_SERVERS", "web-1, web:2"),
        ("PORT", "65536"),
        ("TRUSTED_PROXY_COUNT", "all"),
        ("PUBLIC_URL", "caloria.example.org"),
        ("PUBLIC_URL", "ftp://caloria.example.org"),
        ("LOG_LEVEL", "loud"),
        ("MAIL_TLS", "on"),
        ("MAIL_FROM", "nobody"),
        ("MAIL_FROM", "a@b.c\r\nBcc: d@e.f"),
        ("METRICS_TOKEN", "tiny-token"),
        ("MIGRATION_DATABASE_URL", "mysql://a/b"),
    ],
)
def test_a_bad_value_is_told_by_name_and_not_repeated(tmp_path, name, bad):
    (mistake,) = load(tmp_path, **{name: bad}).mistakes
    assert name in mistake.found
    assert mistake.expected
    assert len(bad) < 4 or bad not in mistake.found + mistake.expected + mistake.mend


def test_mail_with_a_server_needs_a_sender(tmp_path):
    assert load(tmp_path, MAIL_SERVER="smtp.example.org").mistakes[0].state == "setting_missing"


def test_mail_without_a_server_becomes_files_for_developers_alone(tmp_path):
    assert load(tmp_path).mail_outbox == tmp_path / "instance" / "outbox"
    assert load(tmp_path, CALORIA_ENV="production").mail_outbox is None
    assert load(tmp_path, MAIL_SERVER="smtp.example.org", MAIL_FROM="a@b.c").mail_outbox is None


def test_mail_ports_follow_the_kind_of_encryption(tmp_path):
    ports = {kind: load(tmp_path, MAIL_TLS=kind).mail_port for kind in ("starttls", "ssl", "off")}
    assert ports == {"starttls": 587, "ssl": 465, "off": 25}
    assert load(tmp_path, MAIL_PORT="2525").mail_port == 2525


def test_lists_are_written_with_commas_or_blanks(tmp_path):
    assert load(tmp_path, TRUSTED_HOSTS=" a.org, b.org  c.org,").trusted_hosts == ["a.org", "b.org", "c.org"]
    assert load(tmp_path, TRUSTED_HOSTS=" ").trusted_hosts == []
    assert load(tmp_path, CALORIA_SERVERS="web-1, web-2 web-3,").servers == ["web-1", "web-2", "web-3"]
    assert load(tmp_path).servers == []


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_cookies_of_a_deployed_site_are_bound_to_it(tmp_path, environment):
    settings = load(tmp_path, CALORIA_ENV=environment).flask_settings()
    assert settings["SESSION_COOKIE_NAME"] == "__Host-caloria"
    assert settings["SESSION_COOKIE_SECURE"] is True
    assert settings["SESSION_COOKIE_HTTPONLY"] is True
    assert settings["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_connections_are_bounded_unless_the_address_says_otherwise(tmp_path):
    def options(url):
        settings = load(tmp_path, DATABASE_URL=url, CALORIA_SERVER="web-1").flask_settings()
        return settings["SQLALCHEMY_ENGINE_OPTIONS"]

    ours = options(URL)
    assert (ours["pool_size"], ours["max_overflow"], ours["pool_timeout"]) == (5, 5, 5)
    assert ours["pool_pre_ping"] is True
    assert ours["connect_args"]["connect_timeout"] == 5
    assert ours["connect_args"]["application_name"] == "caloria/web-1"
    assert "options" not in ours["connect_args"]
    theirs = options(URL + "?connect_timeout=9&application_name=mine&keepalives_idle=60")["connect_args"]
    assert theirs.keys().isdisjoint({"connect_timeout", "application_name", "keepalives_idle"})
