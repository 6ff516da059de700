"""docs/self-hosting.md, pasted; then what it installs is started and used through the web server.

What would change the machine itself is noted and not run: it is named in NOT_RUN and on the page.
"""

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from artefacts import CODE, DEPLOY, crontab, rewritten, unit, units
from clusters import cluster, execute, folders
from front import NGINX, Visitor, nginx
from pasting import PARTS, PastedPage
from ports import free_port
from serving import Browser, Server, wait_for
from sqlalchemy import URL
from surroundings import PASSWORD, ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("self-hosting")]
BLANK, RELEASE, BACK = "From a blank server", "A new release", "Back to the release before"
SITE, ADMIN = "food.example.net", "ada@example.org"
PATHS = (
    "/var/backups/caloria",
    "/var/lib/caloria",
    "/etc/caloria",
    "/etc/systemd/system",
    "/etc/nginx",
    CODE,
)
CHANGES_THE_MACHINE = ("apt-get", "adduser", "chown", "certbot", "nginx")
NOT_RUN = """
apt-get update
apt-get install --yes git python3-venv postgresql nginx certbot
adduser --system --group --no-create-home --home CODE caloria
chown caloria: BACKUPS UPLOADS
git clone elsewhere CODE-releases/TIME
python3 -m venv .venv
systemctl reload postgresql
chown caloria: new.env
systemctl daemon-reload
systemctl enable --now caloria.socket caloria.service caloria-worker.service
systemctl enable --now caloria-backup.timer caloria-drill.timer
certbot certonly --webroot --webroot-path /var/www/html --domain food.example.net \
--agree-tos --email ada@example.org --non-interactive --deploy-hook systemctl reload nginx
nginx -t
systemctl reload nginx
git remote get-url origin
git clone elsewhere CODE-releases/TIME
git checkout --detach origin/main
python3 -m venv .venv
systemctl daemon-reload
systemctl restart caloria.service caloria-worker.service
"""
# Only who is postgres to the system may come as postgres; nobody is caloria_app to it.
AS_DEBIAN_HAS_IT = "local all postgres trust\nlocal all all reject\n"
SHORT = {CODE: "CODE", "/var/backups/caloria": "BACKUPS", "/var/lib/caloria": "UPLOADS"}
# Each release can be told from others by what it serves; one of them cannot be installed.
CLONE = """
case "$*" in
  "remote get-url origin") echo elsewhere;;
  *broken) echo "no-such-library==1" >requirements.txt;;
  clone*) mkdir "$3" && cd {root} && cp -Rp {parts} requirements*.txt deploy "$3"
    echo "$3" >"$3/caloria/static/release.txt";;
esac
"""
VENV = """
[ "$*" != "-m venv .venv" ] || {{ echo "python3 $*" >>"{programs}/.not_run"; exec ln -s "{prefix}" .venv; }}
exec "{python}" "$@"
"""
RELOAD = """
[ "$*" != "reload postgresql" ] || kill -HUP "$(head -n 1 "{data}/postmaster.pid")"
"""


@dataclass
class Machine:
    """A folder that stands for a whole machine, and the PostgreSQL that runs on it."""

    root: Path
    server: URL
    page: PastedPage

    @property
    def code(self) -> Path:
        return self.at(CODE)

    @property
    def releases(self) -> list[Path]:
        """The folders of releases, the oldest first."""
        return sorted(self.at(f"{CODE}-releases").iterdir())

    def at(self, path: str) -> Path:
        return self.root / path.removeprefix("/")

    def words(self, line: str) -> list[str]:
        """A command line of what was installed."""
        return shlex.split(rewritten(line, self.page.paths))

    def run(self, line: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            self.words(line), cwd=self.code, env=self.environ(), capture_output=True, text=True
        )

    def environ(self) -> dict[str, str]:
        """What systemd tells a service that has a home which it cannot write to; one process will do here."""
        return {"PATH": os.environ["PATH"], "HOME": "/proc/nowhere", "WEB_CONCURRENCY": "1"}

    def asked(self, statement: str) -> list:
        return execute(self.server.set(database="caloria"), statement)


@pytest.fixture(scope="module")
def server(engine_name):
    if engine_name != "postgresql":
        pytest.skip("only PostgreSQL is ever live")
    with cluster(folders()[0]) as url:
        yield url


@pytest.fixture(scope="module")
def machine(server, tmp_path_factory):
    """A machine on which nothing is but the folders of Debian and of its packages."""
    root = tmp_path_factory.mktemp("machine")
    hba = Path(execute(server, "SHOW hba_file")[0][0])
    paths = {path: root / path.removeprefix("/") for path in PATHS}
    paths |= {"/etc/postgresql/*/main/pg_hba.conf": hba, "/var/run/postgresql": server.query["host"]}
    page = PastedPage("self-hosting.md", tmp_path_factory.mktemp("programs"), paths)
    execute(server, "DROP DATABASE caloria")
    hba.write_text(AS_DEBIAN_HAS_IT)
    execute(server, "SELECT pg_reload_conf()")
    machine = Machine(root, server, page)
    for folder in ("srv", "etc/systemd/system", "etc/nginx/sites-available", "etc/nginx/sites-enabled"):
        (root / folder).mkdir(parents=True)
    for folder in ("var/backups", "var/lib"):
        (root / folder).mkdir(parents=True)
    (root / "etc/nginx/sites-enabled/default").touch()
    stand_in(page, hba.parent)
    return machine


def stand_in(page: PastedPage, data: Path) -> None:
    """Leave out what would change the machine that these tests run on, and do what follows from it."""
    page.leave_out(*CHANGES_THE_MACHINE, "git", "systemctl")
    noted = {name: (page.programs / name).read_text().split("\n", 1)[1] for name in ("git", "systemctl")}
    page.stand_in("git", noted["git"] + CLONE.format(root=ROOT, parts=" ".join(PARTS)))
    page.stand_in("systemctl", noted["systemctl"] + RELOAD.format(data=data))
    python = VENV.format(programs=page.programs, prefix=sys.prefix, python=sys.executable)
    page.stand_in("python3", python)
    page.stand_in("runuser", 'shift 3; exec "$@"')


@pytest.fixture(scope="module")
def installed(machine):
    """The machine once the first section was pasted, and what its commands said."""
    typed = f"{PASSWORD}\n{PASSWORD}\n"
    said = machine.page.paste(
        BLANK, machine.root, typed=typed, REPOSITORY="elsewhere", SITE=SITE, ADMIN=ADMIN
    )
    return machine, said


@pytest.fixture(scope="module")
def live(installed):
    return installed[0]


@contextmanager
def activated(machine: Machine, port: int):
    """Start Caloria by the line of its unit, on a socket that it is handed at the first visit."""
    [line] = unit("caloria.service")["ExecStart"]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        notify = machine.root / "notify"
        notify.unlink(missing_ok=True)
        told.bind(str(notify))
        told.settimeout(60)
        environ = {**machine.environ(), "NOTIFY_SOCKET": str(notify)}
        passed = [f"--setenv={name}={value}" for name, value in environ.items()]
        words = ["systemd-socket-activate", f"--listen=127.0.0.1:{port}", *passed, *machine.words(line)]
        process = subprocess.Popen(words, cwd=machine.code, env=environ)
        try:
            wait_for(lambda: socket.create_connection(("127.0.0.1", port)).close() is None, process)
            assert told.recv(1000).startswith(b"READY=1")
            yield Server(process, port)
        finally:
            process.terminate()
            process.wait(40)


@pytest.fixture(scope="module")
def served(live):
    if not shutil.which("systemd-socket-activate"):
        pytest.skip("there is no systemd here")
    with activated(live, free_port()) as server:
        yield server


@pytest.fixture(scope="module")
def front(live, served, tmp_path_factory):
    """nginx with the file that the page put in place, in front of that."""
    if NGINX is None:
        pytest.skip("there is no nginx here")
    site = (live.at("/etc/nginx/sites-enabled") / "caloria").read_text()
    with nginx(tmp_path_factory.mktemp("nginx"), served.port, name=SITE, site=site) as front:
        yield front


def sign_up(visitor: Visitor, name: str, **headers: str):
    form = {"id": str(uuid4()), "name": name, "email": f"{name}@example.org", "password": PASSWORD}
    return visitor.post("/signup", {**form, "time_zone": "UTC"}, Referer=f"https://{SITE}/signup", **headers)


def test_a_blank_server_is_brought_to_a_backup_that_is_proven(installed):
    machine, said = installed

    assert "proven" in said
    assert re.search(r"CALORIA_DB_ID=[0-9a-f-]{36}", said)
    assert machine.asked("SELECT email, is_admin FROM users") == [(ADMIN, True)]
    assert (machine.code / ".env").resolve() == machine.at("/etc/caloria/.env")
    assert (machine.code / ".env").stat().st_mode & 0o077 == 0
    assert PASSWORD not in said
    for name in (*units("service"), *units("socket"), *units("timer")):
        assert (machine.at("/etc/systemd/system") / name).read_text() == (DEPLOY / name).read_text()


def test_a_diary_is_kept_through_the_web_server_over_tls(live, front):
    visitor = front.visitor()
    assert sign_up(visitor, "ann").status == 303
    visitor.token = visitor.get("/account").field("csrf_token")
    meal = re.search(r'id="meal-([0-9a-f-]{36})"', visitor.get("/diary/2026-11-21").text)[1]
    entry = {"id": str(uuid4()), "meal_id": meal, "name": "Soup", "energy_kcal": "250"}

    answer = visitor.post("/diary/2026-11-21/quick-entries", entry, Referer=f"https://{SITE}/diary")

    assert answer.status == 303
    assert "Soup" in visitor.get("/diary/2026-11-21").text
    assert live.asked("SELECT name, energy_kcal FROM entries") == [("Soup", 250)]


def test_cookies_are_sent_over_tls_alone(front):
    visitor = front.visitor()
    answer = visitor.get("/login")

    assert visitor.cookies.keys() == {"__Host-caloria"}
    assert {"Secure", "HttpOnly", "Path=/"} <= set(answer.headers["Set-Cookie"].split("; "))
    assert answer.headers["Strict-Transport-Security"]


def test_who_visits_is_known_whatever_they_say(live, front):
    visitor = front.visitor(address="127.0.0.77")
    forged = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "evil.example",
    }

    answer = sign_up(visitor, "ben", **forged)

    assert (answer.status, answer.headers["Location"]) == (303, "/targets/body")
    counted = {key for (key,) in live.asked("SELECT key FROM throttles")}
    assert sha256(b"sign-up from 127.0.0.77").hexdigest() in counted
    assert sha256(b"sign-up from 203.0.113.9").hexdigest() not in counted


def test_another_name_is_refused_behind_the_web_server_too(served):
    assert Browser(served.port, "evil.example").get("/login").status == 400
    assert Browser(served.port, SITE).get("/login", **{"X-Forwarded-Host": "evil.example"}).status == 400


def test_figures_are_for_this_machine_alone(front, served):
    for path in ("/health/database", "/metrics"):
        assert front.visitor().get(path).status == 404
    assert '"database_id"' in Browser(served.port, "127.0.0.1").get("/health/database").text
    through_a_proxy = Browser(served.port, SITE).get("/health/database", **{"X-Forwarded-For": "127.0.0.1"})
    assert '"database_id"' not in through_a_proxy.text


def test_a_reload_asks_first_and_keeps_the_socket(live, front, served):
    before = booted(live)
    ask, tell = unit("caloria.service")["ExecReload"]
    assert live.run(ask).returncode == 0

    assert live.run(tell.replace("$MAINPID", str(served.process.pid))).returncode == 0

    wait_for(lambda: booted(live) != before)
    assert front.visitor().get("/login").status == 200


def booted(machine: Machine) -> list:
    return machine.asked("SELECT booted_at FROM servers")


def test_the_line_of_cron_is_quiet_while_all_is_well(live):
    before = proven(live)

    done = by_cron(live)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert proven(live) == before + 1


def test_a_bad_night_says_one_thing_by_cron_and_by_its_unit(live):
    env = live.code / ".env"
    kept = env.read_text()
    env.write_text(re.sub("(?m)^BACKUP_KEY=.*$", "BACKUP_KEY=", kept))

    [line] = unit("caloria-backup.service")["ExecStart"]
    for failed in (by_cron(live), live.run(line)):
        assert (failed.returncode, failed.stdout) == (78, "")
        assert failed.stderr.startswith("Error: BACKUP_KEY is not set.")
        assert failed.stderr.count("\n") == 1
    env.write_text(kept)


def proven(machine: Machine) -> int:
    """How many backups were proven so far."""
    return machine.asked("SELECT count(*) FROM backup_runs WHERE state = 'proven'")[0][0]


def by_cron(machine: Machine) -> subprocess.CompletedProcess:
    return machine.run(shlex.join(["sh", "-c", crontab()[0][1]]))


def test_the_worker_works_until_it_is_told_to_stop(live):
    [line] = unit("caloria-worker.service")["ExecStart"]
    worker = subprocess.Popen(live.words(line), cwd=live.code, env=live.environ())
    alone = len(booted(live))
    wait_for(lambda: len(booted(live)) > alone, worker)
    worker.terminate()

    assert worker.wait(40) == 0


@pytest.fixture(scope="module")
def updated(live):
    """The machine once the second section was pasted too, and how many backups were proven before."""
    before = proven(live)
    live.page.paste(RELEASE, live.root, RELEASE="origin/main")
    return live, before


def release(server: Server) -> Path:
    """The folder out of which a server answers."""
    return Path(Browser(server.port, SITE).get("/static/release.txt").text.strip())


def test_the_release_before_serves_until_the_restart_whoever_dies(served, updated):
    machine, _ = updated
    old, new = machine.releases
    assert (release(served), machine.code.resolve()) == (old, new)

    served.kill(*served.workers)
    wait_for(lambda: release(served) == old)

    served.end()
    with activated(machine, served.port) as restarted:
        assert release(restarted) == new


def test_a_new_release_is_backed_up_first(updated):
    machine, before = updated

    assert proven(machine) == before + 1


def test_what_could_not_be_run_is_named(updated):
    live, _ = updated
    short = {str(live.at(path)): name for path, name in SHORT.items()}
    noted = [re.sub(r"\d{8}-\d{6}", "TIME", rewritten(line, short)) for line in live.page.not_run()]
    assert noted == NOT_RUN.strip().splitlines()

    programs = {line.split()[0] for line in NOT_RUN.strip().splitlines()} - {"python3", "nginx"}
    told = live.page.text.partition("## What was not proven")[2]
    assert all(f"`{program}`" in told for program in programs)


def test_a_release_that_cannot_be_installed_touches_nothing_that_runs(updated):
    machine, _ = updated
    before = machine.code.resolve(), proven(machine)

    with pytest.raises(AssertionError, match="no-such-library"):
        machine.page.paste(RELEASE, machine.root, RELEASE="broken")

    assert (machine.code.resolve(), proven(machine)) == before
    assert machine.page.not_run()[-1] == "python3 -m venv .venv"


def test_the_release_before_is_gone_back_to(updated):
    machine, _ = updated
    old = machine.releases[0]

    machine.page.paste(BACK, machine.root, BEFORE=str(old))

    assert machine.code.resolve() == old
    assert machine.page.not_run()[-1] == "systemctl restart caloria.service caloria-worker.service"


def test_every_step_of_the_page_is_tried(machine):
    tried = sum(len(machine.page.blocks(section)[1]) + 1 for section in (BLANK, RELEASE, BACK))

    assert tried == machine.page.text.count("```sh\n")
