from flask import Blueprint, redirect, render_template, request

from caloria.access import confirm
from caloria.forms.confirmations import ConfirmationForm
from caloria.views.redirects import back_to

bp = Blueprint("confirmations", __name__, url_prefix="/account/confirmation")


@bp.get("")
def new():
    """Ask for the password once more."""
    return render_template("confirmations/new.html", form=ConfirmationForm())


@bp.post("")
def create():
    """Note that it is still this person, and let them go on."""
    form = ConfirmationForm()
    status = confirm(form)
    if status != 200:
        return render_template("confirmations/new.html", form=form), status
    return redirect(back_to(request.args.get("next"), otherwise="account.edit"), 303)
