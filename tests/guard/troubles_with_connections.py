"""Databases that cannot be reached or written to."""

import os
from pathlib import Path
from uuid import uuid4

import pytest
from fake_server import passing_on_to, server
from hints import Trouble
from own_server import own_server
from processes import told
from sqlalchemy import make_url
from troubles import trouble


@trouble(only="sqlite")
def database_file_missing(world):
    return Trouble(told(world.make()), [0])


@trouble(only="sqlite")
def database_file_closed(world):
    path = world.folder / "a folder"
    path.mkdir(exist_ok=True)
    return Trouble(told(f"sqlite:///{path}"), [0], world.name(world.migrated()))


@trouble(only="sqlite")
def database_file_closed__to_this_user(world):
    return Trouble(told(only_for_others(world.migrated(), 0o000)), [0])


@trouble(only="sqlite")
def database_read_only__as_a_file(world):
    return Trouble(told(only_for_others(world.migrated(), 0o444)), [0])


def only_for_others(url: str, mode: int) -> str:
    if os.geteuid() == 0:
        pytest.skip("root reads and writes where nobody may")
    Path(make_url(url).database).chmod(mode)
    return url


@trouble(only="postgresql")
def database_password(world):
    own = world.keep(own_server())
    own.sql("CREATE ROLE guarded LOGIN PASSWORD 'right'", "CREATE DATABASE diary OWNER guarded")
    return Trouble(told(own.url("diary", "guarded:wrong")), [80], {"PASSWORD": "right"})


@trouble(only="postgresql")
def database_password__that_is_missing(world):
    own = world.keep(own_server())
    own.sql("CREATE ROLE guarded LOGIN PASSWORD 'right'", "CREATE DATABASE diary OWNER guarded")
    return Trouble(told(own.url("diary", "guarded")), [80], {"PASSWORD": "right"})


@trouble(only="postgresql")
def database_access(world):
    role = f"sleepy_{uuid4().hex[:8]}"
    world.request.getfixturevalue("postgres").run(f"CREATE ROLE {role} NOLOGIN")
    url = world.migrated()
    return Trouble(told(url.replace("caloria@", f"{role}@")), [0], world.name(url))


@trouble(only="postgresql")
def database_role_missing(world):
    role = f"role {uuid4().hex[:8]}"
    url = world.empty().replace("caloria@", f"{role.replace(' ', '%20')}:first@")
    return Trouble(told(url), [80], world.boss, stdin="first\nfirst\n")


@trouble(only="postgresql")
def database_missing(world):
    url = world.migrated()
    missing = url.replace("/test_", f"/none-{uuid4().hex[:8]}_")
    return Trouble(told(missing), [80, 0], [world.boss, world.name(url)])


@trouble(only="postgresql")
def database_read_only(world):
    url = world.migrated()
    world.execute(url, f"ALTER DATABASE {make_url(url).database} SET default_transaction_read_only = on")
    return Trouble(told(url), [0], world.boss)


@trouble(only="postgresql")
def database_read_only__for_a_role(world):
    role = f"reader_{uuid4().hex[:8]}"
    world.request.getfixturevalue("postgres").run(f"CREATE ROLE {role} LOGIN")
    world.request.getfixturevalue("postgres").run(f"ALTER ROLE {role} SET default_transaction_read_only = on")
    return Trouble(told(world.empty().replace("caloria@", f"{role}@")), [80], world.boss)


@trouble(only="postgresql")
def database_read_only__for_a_role_in_a_database(world):
    url = world.migrated()
    setting = "SET default_transaction_read_only = on"
    world.execute(url, f"ALTER ROLE caloria IN DATABASE {make_url(url).database} {setting}")
    return Trouble(told(url), [0], world.boss)


@trouble(only="postgresql")
def database_read_only__by_its_address(world):
    url = world.migrated()
    return Trouble(told(f"{url}&options=-cdefault_transaction_read_only%3Don"), [0])


@trouble(only="postgresql")
def database_read_only__by_a_setting_of_the_server(world):
    own = world.keep(own_server())
    own.sql("CREATE DATABASE diary", "ALTER SYSTEM SET default_transaction_read_only = on")
    own.sql("SELECT pg_reload_conf()")
    return Trouble(told(own.url("diary")), [80], {"USER": "postgres"})


@trouble(only="postgresql")
def database_read_only__on_a_standby(world):
    url, own = make_url(world.migrated()), world.keep(own_server())
    own.sql("CREATE ROLE caloria LOGIN", f'CREATE DATABASE "{url.database}" OWNER caloria')
    own.become_standby()
    port = world.keep(server(passing_on_to(f"{url.query['host']}/.s.PGSQL.5432")))
    return Trouble(told(own.url(url.database, "caloria")), [0], {"HOST": f"127.0.0.1:{port}"})


@trouble()
def encoding_not_utf8(world):
    if world.engine_name == "sqlite":
        url = f"sqlite:///{world.folder}/{uuid4().hex}.db"
        world.execute(url, "PRAGMA encoding = 'UTF-16'", "CREATE TABLE foods (name TEXT)")
        return Trouble(told(url), [80])
    postgres, url = world.request.getfixturevalue("postgres"), world.empty()
    name = f"latin_{uuid4().hex[:8]}"
    postgres.run(f"CREATE DATABASE {name} OWNER caloria ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    return Trouble(told(make_url(url).set(database=name).render_as_string(False)), [80], world.boss)
