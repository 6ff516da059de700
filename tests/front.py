"""nginx with the site file of deploy/, on ports and with a certificate of a test's own; and who asks it."""

import os
import re
import shutil
import socket
import ssl
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

from ports import free_port
from serving import PATIENCE, Answer, Browser, wait_for
from surroundings import ROOT

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")
SITE = "caloria.example.org"
# What Debian's own nginx.conf says around a site: packed pages are among it.
AROUND = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{}}
http {{
    access_log off;
    gzip on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@dataclass
class Front:
    """Where a running nginx listens, and whom its visitors trust."""

    name: str
    http: int
    https: int
    certificate: Path

    def visitor(self, **more) -> "Visitor":
        return Visitor(self.https, self.name, front=self, **more)


@dataclass
class Visitor(Browser):
    """A browser that speaks TLS with the site, from an address of its own."""

    front: Front | None = None
    address: str = "127.0.0.2"

    def post(self, path: str, data: dict | None = None, **headers: str) -> Answer:
        """Over TLS the app asks which page a form was on."""
        return super().post(path, data, **{"Referer": f"https://{self.front.name}{path}", **headers})

    def connect(self) -> HTTPConnection:
        trusted = ssl.create_default_context(cafile=self.front.certificate)
        connection = HTTPSConnection("127.0.0.1", self.port, timeout=PATIENCE, context=trusted)
        plain = socket.create_connection(("127.0.0.1", self.port), PATIENCE, (self.address, 0))
        connection.sock = trusted.wrap_socket(plain, server_hostname=self.front.name)
        return connection


def make_certificate(name: str, folder: Path) -> tuple[Path, Path]:
    """A certificate for the site, which signs itself, and its key."""
    certificate, key = folder / "fullchain.pem", folder / "privkey.pem"
    wanted = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    named = ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"]
    command = ["openssl", "req", *wanted, *named, "-out", certificate, "-keyout", key]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


def configure(site: str, folder: Path, front: Front, *backends: int) -> Path:
    """Write the site with other ports and paths, and nothing else changed, and what stands around it."""
    without_ipv6 = re.sub(r"\n *listen \[::\].*", "", site)
    rewritten = {
        "listen 80": f"listen 127.0.0.1:{front.http}",
        "listen 443": f"listen 127.0.0.1:{front.https}",
        "server 127.0.0.1:8000;": " ".join(f"server 127.0.0.1:{port};" for port in backends),
        f"/etc/letsencrypt/live/{front.name}": str(front.certificate.parent),
        "/var/lib/nginx/caloria": str(folder / "cache"),
        "/var/log/nginx": str(folder),
        "/var/www/html": str(folder),
    }
    for theirs, ours in rewritten.items():
        assert theirs in without_ipv6, theirs
        without_ipv6 = without_ipv6.replace(theirs, ours)
    (folder / "site.conf").write_text(without_ipv6)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user))
    return folder / "nginx.conf"


@contextmanager
def nginx(folder: Path, *backends: int, name: str = SITE, site: str | None = None):
    """Serve the shipped site, in front of what listens on these ports, for as long as the block runs."""
    certificate, _key = make_certificate(name, folder)
    front = Front(name, free_port(), free_port(), certificate)
    shipped = site or (ROOT / "deploy" / "nginx.conf").read_text()
    file = configure(shipped, folder, front, *backends)
    command = [NGINX, "-c", file, "-p", folder, "-e", "stderr"]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    assert "[warn]" not in checked.stderr
    process = subprocess.Popen(command)
    try:
        wait_for(lambda: socket.create_connection(("127.0.0.1", front.https)).close() is None, process)
        yield front
    finally:
        process.terminate()
        process.wait(15)
