"""The bare page: one statement and one template, without sign-in or forms. The most this machine can do."""

import os
from threading import local

import psycopg2
from flask import Flask, render_template

DAY = """
SELECT entries.id, meals.name, entries.name, portion_amount, portion_unit, gram_weight, energy_kcal,
       protein_g, carbohydrate_g, fat_g, fiber_g, sugars_g, saturated_fat_g, sodium_mg
FROM entries JOIN meals ON meals.user_id = entries.user_id AND meals.id = entries.meal_id
WHERE entries.user_id = %s AND day = %s AND deleted_at IS NULL
ORDER BY meals.position, entries.created_at, entries.id
"""
PAGE_BYTES = int(os.environ["BENCH_PAGE_BYTES"])

app = Flask(__name__, template_folder=".")
kept = local()


def connection():
    """A connection for each thread, kept open."""
    if not hasattr(kept, "connection"):
        kept.connection = psycopg2.connect(os.environ["BENCH_DATABASE_URL"])
        kept.connection.autocommit = True
    return kept.connection


@app.get("/<user_id>/<day>")
def show(user_id, day):
    with connection().cursor() as cursor:
        cursor.execute(DAY, (user_id, day))
        entries = cursor.fetchall()
    return render_template("bare.html", day=day, entries=entries).encode().ljust(PAGE_BYTES)
