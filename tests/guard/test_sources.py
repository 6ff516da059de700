"""Real processes: every place a setting can stand, from every working directory."""

import shutil

import pytest
from processes import FROM_PYTHON, WAYS, start, told
from sqlalchemy import make_url

pytestmark = pytest.mark.slow
# gunicorn reads its settings in the same place with --preload.
WAYS_TO_READ = [way for way in WAYS if way != "gunicorn --preload"]
NOWHERE = "postgresql://caloria:secret-word@127.0.0.1:1/caloria"


@pytest.mark.parametrize("way", WAYS_TO_READ)
def test_what_stands_in_the_env_file_counts_as_in_the_environment(refused, env_file, way):
    env_file(**told(NOWHERE))
    outcome = refused(way, {})
    assert outcome.exit_code == 69
    assert ".env, line 2" in outcome.output


@pytest.mark.parametrize(
    ("way", "said", "code"),
    [
        ("flask run", NOWHERE, 69),
        ("a command", "", 78),
        ("gunicorn", NOWHERE, 69),
        ("gunicorn", "", 78),
        ("create_app()", "", 78),
        ("a cron line", NOWHERE, 69),
    ],
)
def test_the_environment_wins_over_the_env_file(refused, env_file, migrated, way, said, code):
    env_file(**told(migrated))
    assert refused(way, {"DATABASE_URL": said}).exit_code == code


@pytest.mark.parametrize("way", ["flask run", "a command", "gunicorn", "create_app()"])
def test_the_working_directory_decides_nothing(refused, env_file, house, tmp_path, way):
    env_file(**told(NOWHERE))
    app = str(house / "wsgi.py")
    elsewhere = {
        "flask run": ("-m", "flask", "--app", app, "run"),
        "a command": ("-m", "flask", "--app", app, "users", "create"),
        "gunicorn": ("-m", "gunicorn", "-c", f"{house}/gunicorn.conf.py", "--chdir", str(house), "wsgi:app"),
        "create_app()": ("-c", f"import sys; sys.path.insert(0, {str(house)!r})\n{FROM_PYTHON}"),
    }[way]
    outcome = refused(elsewhere, {}, folder=tmp_path)
    assert outcome.exit_code == 69, outcome.output
    assert str(house / ".env") in outcome.output


@pytest.mark.parametrize("name", [".env", ".flaskenv"])
def test_an_env_file_of_another_folder_is_refused_by_name(refused, house, tmp_path, migrated, name):
    (tmp_path / name).write_text(f"DATABASE_URL={NOWHERE}\n")
    words = ("-m", "flask", "--app", str(house / "wsgi.py"), "routes")
    rest = told(None)
    outcome = refused(words, rest, folder=tmp_path)
    assert outcome.exit_code == 78
    assert "env_file_foreign" in outcome.output
    assert str(tmp_path / name) in outcome.output
    skipping = refused(words, {**told(NOWHERE), "FLASK_SKIP_DOTENV": "1"}, folder=tmp_path)
    assert skipping.exit_code == 69


def test_a_relative_path_means_the_same_file_everywhere(house, env_file, tmp_path, migrated_url, engine_name):
    if engine_name != "sqlite":
        pytest.skip("PostgreSQL has no paths")
    (house / "instance").mkdir(exist_ok=True)
    shutil.copy(make_url(migrated_url).database, house / "instance" / "one.db")
    env_file(**told("sqlite:///instance/one.db"))
    app = str(house / "wsgi.py")
    for words, folder in (
        (("-m", "flask", "routes"), house),
        (("-m", "flask", "routes"), house / "caloria"),
        (("-m", "flask", "--app", app, "routes"), tmp_path),
        (("-c", f"import sys; sys.path.insert(0, {str(house)!r})\n{FROM_PYTHON}"), tmp_path),
    ):
        environ = {"FLASK_APP": app} if folder != house else {}
        outcome = start(words, folder, environ)
        assert outcome.exit_code == 0, outcome.output
    assert not list(tmp_path.rglob("*.db"))
    shutil.rmtree(house / "instance")
