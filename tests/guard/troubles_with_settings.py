"""Settings that are wrong, and how each is mended."""

from hints import Trouble
from processes import KEY, told
from troubles import HALF, NOWHERE, OPEN_ENDED, trouble


@trouble("environment", ".env")
def environment_unknown(world):
    return Trouble(told(world.migrated(), "prod"), [0], {"VALUE": "test"})


@trouble("environment", ".env")
def environment_unknown__by_flasks_name(world):
    said = told(world.migrated(), None, FLASK_ENV="testing")
    return Trouble(said, [0], {"VALUE": "test"})


@trouble("environment", ".env")
def environment_contradicted(world):
    return Trouble(told(world.migrated(), FLASK_ENV="production"), [0])


@trouble("environment", ".env")
def database_url_missing(world):
    url = world.migrated()
    return Trouble(told(""), [69, 80] if world.engine_name == "sqlite" else [0, 80], world.whole(url))


@trouble("environment", ".env")
def database_url_missing__deployed(world):
    said = world.deployed()
    fill = world.whole(said["DATABASE_URL"])
    return Trouble({**said, "DATABASE_URL": "None"}, [world.in_order], fill)


@trouble(".env", OPEN_ENDED)
def database_url_missing__unset(world):
    return Trouble(
        told(None), [69 if world.engine_name == "sqlite" else 0, 80], world.whole(world.migrated())
    )


@trouble("environment", ".env")
def database_url_invalid(world):
    fill = world.whole(world.migrated())
    return Trouble(told("postgresql://caloria:p@ss@localhost/x"), [world.in_order], fill)


@trouble()
def database_url_invalid__in_a_file(world):
    path = world.folder / "address"
    path.write_text("postgresql://caloria:p@ss@localhost/x\n")
    said = told(None, DATABASE_URL_FILE=str(path))
    return Trouble(said, [world.in_order], world.whole(world.migrated()))


@trouble()
def database_url_invalid__says_the_driver(world):
    url = NOWHERE if world.engine_name == "sqlite" else world.migrated()
    return Trouble(told(f"{url}{'&' if '?' in url else '?'}colour=red"), [world.in_order], {"PASSWORD": "x"})


@trouble("environment", ".env")
def database_url_incomplete(world):
    url = "postgresql://caloria@127.0.0.1/x" if world.engine_name == "sqlite" else world.migrated()
    said = told(url, PGPORT="5432")
    fill = {**world.whole(world.migrated()), **(HALF if world.engine_name == "sqlite" else {})}
    return Trouble(said, [world.in_order] * 2, fill, beside={"PGPORT": "5432"})


@trouble()
def database_url_incomplete__by_a_service(world):
    url = "postgresql://caloria@127.0.0.1/x" if world.engine_name == "sqlite" else world.migrated()
    return Trouble(told(url), [world.in_order], beside={"PGSERVICE": "other"})


@trouble("environment", ".env")
def database_engine_unknown(world):
    return Trouble(told("mysql://caloria@localhost/x"), [world.in_order], world.whole(world.migrated()))


@trouble("environment", ".env")
def sqlite_in_production(world):
    said = world.deployed()
    fill = world.whole(said["DATABASE_URL"])
    return Trouble({**said, "DATABASE_URL": "sqlite:///x.db"}, [world.in_order], fill)


@trouble("environment", ".env")
def sqlite_in_production__where_nothing_is_said(world):
    said = world.deployed()
    fill = world.whole(said["DATABASE_URL"])
    del said["CALORIA_ENV"]
    url, absent = f"sqlite:///{world.folder}/x.db", 84 if "CALORIA_DB_ID" in said else 80
    return Trouble({**said, "DATABASE_URL": url}, [world.in_order, absent], fill)


@trouble("environment", ".env")
def sqlite_in_memory(world):
    return Trouble(told("sqlite://", "development"), [80])


@trouble("environment", ".env")
def sqlite_in_memory__deployed(world):
    said = world.deployed()
    return Trouble({**said, "DATABASE_URL": "sqlite://"}, [world.in_order], world.whole(said["DATABASE_URL"]))


@trouble("environment", ".env")
def database_without_tls(world):
    said = told("postgresql://caloria:secret-word@db1.invalid/caloria", "production")
    return Trouble(said, [69], {"PASSWORD": "secret-word"})


@trouble("environment", ".env")
def secret_key_weak(world):
    return Trouble(told(world.migrated("development"), "development", SECRET_KEY="short"), [0])


@trouble()
def secret_key_weak__unset(world):
    return Trouble(told(world.migrated("development"), "development", SECRET_KEY=None), [0])


@trouble()
def secret_key_weak__in_a_file(world):
    path = world.folder / "the key"
    path.write_text("short")
    said = told(world.migrated("development"), "development", SECRET_KEY=None, SECRET_KEY_FILE=str(path))
    return Trouble(said, [0])


@trouble("environment", ".env")
def debug_in_production(world):
    return Trouble(world.deployed(FLASK_DEBUG="1"), [world.in_order])


@trouble()
def debug_in_production__by_an_option(world):
    said = told(NOWHERE, "production")
    return Trouble(said, [69], ask="flask run --debugger --port 0")


@trouble()
def debug_in_production__by_an_option_of_flask(world):
    return Trouble(told(NOWHERE, "production"), [69], ask="flask --debug run --port 0")


@trouble("environment", ".env")
def debug_in_production__by_a_variable_for_flask_run(world):
    return Trouble(told(NOWHERE, "production", FLASK_RUN_RELOAD="1"), [69], ask="flask run --port 0")


@trouble("environment", ".env", OPEN_ENDED)
def trusted_hosts_missing(world):
    said = world.deployed(TRUSTED_HOSTS="")
    return Trouble(said, [world.in_order], {"HOST": "caloria.example.org"})


@trouble()
def trusted_hosts_missing__where_the_address_is_known(world):
    said = world.deployed(TRUSTED_HOSTS="", PUBLIC_URL="https://caloria.example.org")
    return Trouble(said, [world.in_order])


@trouble("environment", ".env")
def public_url_insecure(world):
    return Trouble(world.deployed(PUBLIC_URL="http://caloria.example.org:8443/diary"), [world.in_order])


@trouble("environment", ".env")
def setting_invalid(world):
    return Trouble(told(world.migrated(), DATABASE_POOL_SIZE="many"), [0], {"VALUE": "7"})


@trouble("environment", ".env")
def setting_invalid__a_file_that_is_missing(world):
    other, path = world.folder / "other", world.folder / "missing"
    other.write_text(KEY)
    path.unlink(missing_ok=True)
    said = told(world.migrated(), SECRET_KEY=None, SECRET_KEY_FILE=str(path))
    return Trouble(said, [0, 0], [{"VALUE": KEY}, {"VALUE": str(other)}])


@trouble("environment", ".env")
def setting_twice(world):
    (world.folder / "key").write_text(KEY)
    return Trouble(told(world.migrated(), SECRET_KEY_FILE=str(world.folder / "key")), [0, 0])


@trouble("environment", ".env")
def setting_missing(world):
    return Trouble(
        told(world.migrated(), MAIL_SERVER="localhost"), [0], {"VALUE": "Caloria <caloria@example.org>"}
    )


def editor(world, script: str) -> str:
    """Something that stands for the operator's editor."""
    path = world.folder / "editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


@trouble()
def env_file_unreadable(world):
    said = told(world.migrated(), LOG_LEVEL='"INFO')
    # Puts the quote right in the line that it is led to.
    edit = editor(world, """sed -i "${1#+}s/\\"//" "$2" """)
    return Trouble(said, [0], beside={"EDITOR": edit})


@trouble()
def env_file_unreadable__in_another_encoding(world):
    edit = editor(world, """iconv -f latin1 -t utf-8 "$1" > "$1.new" && mv "$1.new" "$1" """)
    return Trouble(told(world.migrated(), MAIL_USERNAME="j\udcfcrgen"), [0], beside={"EDITOR": edit})


@trouble("environment")
def env_file_foreign(world):
    (world.folder / ".env").write_text("LOG_LEVEL=DEBUG\n")
    ask = f"flask --app {world.house}/wsgi.py routes"
    return Trouble(told(world.migrated()), [0, 0], ask=ask, again=ask, folder=world.folder)


@trouble()
def env_file_foreign__of_a_folder_above(world):
    path = world.house / ".flaskenv"
    path.write_text("LOG_LEVEL=DEBUG\n")
    world.request.addfinalizer(lambda: path.unlink(missing_ok=True))
    return Trouble(told(world.migrated()), [0], ask="flask routes", again="flask routes")
