from hashlib import sha256

from flask import Blueprint, Response, render_template, request

from caloria.access import public
from caloria.assets import for_offline
from caloria.views.offline import page_in

bp = Blueprint("service_worker", __name__)


@bp.get("/service-worker.js")
@public
def show():
    """What a browser runs to have Caloria there without a connection; another text once anything it keeps is another."""
    language, files = request.args.get("language"), for_offline()
    version = sha256("".join([*files, page_in(language)]).encode()).hexdigest()[:12]
    said = {"version": version, "files": files, "language": language}
    return Response(render_template("offline/service_worker.js", **said), mimetype="text/javascript")
