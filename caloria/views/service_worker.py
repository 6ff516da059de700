from hashlib import sha256

from flask import Blueprint, Response, json, request, url_for

from caloria.access import public
from caloria.assets import asset, for_offline
from caloria.languages import known
from caloria.views.offline import page_in

bp = Blueprint("service_worker", __name__)

SCRIPT = """// What the service worker has at hand; what it does with it stands in the module.
import {{ serve }} from {module};

serve({addresses});
"""


@bp.get("/service-worker.js")
@public
def show():
    """What a browser runs to have Caloria there offline; another text once anything it keeps is another."""
    said = {
        "module": asset("js/offline/worker.js"),
        "addresses": _addresses(known(request.args.get("language"))),
    }
    script = SCRIPT.format(**{name: json.dumps(each, indent=2) for name, each in said.items()})
    return Response(script, mimetype="text/javascript")


def _addresses(language: str) -> dict:
    files = for_offline()
    return {
        "version": sha256("".join([*files, page_in(language)]).encode()).hexdigest()[:12],
        "files": files,
        "fallback": url_for("offline.show", language=language),
        "start": url_for("pages.index"),
        "home": url_for("diary.index"),
        "signOut": url_for("sessions.delete"),
        "formToken": url_for("form_token.show"),
    }
