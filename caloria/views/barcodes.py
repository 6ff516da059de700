from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from caloria.extensions import db
from caloria.forms.barcodes import BarcodeForm
from caloria.models import Food, OpenFood, gtin
from caloria.views.foods import chosen_day_and_meal
from caloria.views.open_foods import look_up

bp = Blueprint("barcodes", __name__, url_prefix="/foods/barcode")

MOST_BYTES = 10 * 1024 * 1024


@bp.url_value_preprocessor
def take_photos(_endpoint, _values):
    """Let a photo be sent here: said before anything reads the form, be it for its token."""
    request.max_content_length = MOST_BYTES


@bp.get("")
def new():
    """Ask for a barcode: before the camera, on a photo, or as its digits."""
    return _page(BarcodeForm())


@bp.post("")
def create():
    """Read the barcode that was photographed or typed, and go to its food. The photo is kept nowhere."""
    form = BarcodeForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    digits = gtin.digits_of(form.digits.typed or "") or _read(form)
    if not digits:
        return _page(form, 422)
    return redirect(_on_the_way(".show", digits=digits), 303)


@bp.get("/<digits>")
def show(digits):
    """Go to the food with this barcode: one's own, a shared one, a product; or on to making it."""
    try:
        gtins = gtin.readings(digits)
    except gtin.NotABarcode as error:
        form = BarcodeForm(digits=digits)
        form.digits.errors = [_(str(error))]
        return _page(form, 422)
    if food := db.session.scalar(Food.with_barcode(current_user, gtins).limit(1)):
        return redirect(_on_the_way("foods.show", id=food.id), 303)
    if product := db.session.scalar(OpenFood.with_barcode(gtins).limit(1)) or look_up(gtins[0]):
        return redirect(_on_the_way("open_foods.show", digits=product.code), 303)
    return redirect(_on_the_way("foods.new", gtin=gtin.shown(gtins[0])), 303)


def _read(form: BarcodeForm) -> str | None:
    """The digits on the photo; where there are none, the form says why."""
    # Loaded when somebody sends a photo: what reads it takes memory from every command and worker.
    from caloria.integrations import barcode

    try:
        digits = barcode.read(form.photo.data)
    except barcode.Unreadable as error:
        form.photo.errors = [str(error)]
        return None
    if digits is None:
        form.photo.errors = [
            _("No barcode was found here. Closer or in more light may help; the digits will do.")
        ]
    return digits


def _on_the_way(endpoint: str, **values) -> str:
    """An address that goes on to the day and the meal that one came from."""
    day, meal = chosen_day_and_meal()
    return url_for(endpoint, day=day.date, meal=meal.id, **values)


def _page(form: BarcodeForm, status: int = 200):
    day, meal = chosen_day_and_meal()
    return render_template("barcodes/new.html", form=form, day=day, meal=meal), status
