"""The bare pages: one statement and one template, without sign-in or forms, and bytes alone.

The most that this machine can do. Each address says how many bytes its page is to have.
"""

import os
from functools import cache
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
# Thirty days, each with its sums and what the person weighed.
TREND = """
SELECT entries.day, count(*), sum(energy_kcal), sum(protein_g), sum(carbohydrate_g), sum(fat_g),
       sum(fiber_g), sum(sodium_mg), min(weight_kg)
FROM entries LEFT JOIN weights ON weights.user_id = entries.user_id AND weights.day = entries.day
WHERE entries.user_id = %s AND entries.day > current_date - 30 AND entries.deleted_at IS NULL
GROUP BY entries.day ORDER BY entries.day
"""

app = Flask(__name__, template_folder=".")
kept = local()


def connection():
    """A connection for each thread, kept open."""
    if not hasattr(kept, "connection"):
        kept.connection = psycopg2.connect(os.environ["BENCH_DATABASE_URL"])
        kept.connection.autocommit = True
    return kept.connection


def found(statement, *values):
    with connection().cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


@app.get("/day/<int:page_bytes>/<user_id>/<day>")
def day(page_bytes, user_id, day):
    entries = found(DAY, user_id, day)
    return render_template("bare.html", day=day, entries=entries).encode().ljust(page_bytes)


@app.get("/trend/<int:page_bytes>/<user_id>/<_day>")
def trend(page_bytes, user_id, _day):
    return render_template("bare_trend.html", days=found(TREND, user_id)).encode().ljust(page_bytes)


@app.get("/bytes/<int:page_bytes>/<_user_id>/<_day>")
def static_bytes(page_bytes, _user_id, _day):
    return page_of(page_bytes)


@cache
def page_of(page_bytes):
    return b"<!doctype html>".ljust(page_bytes)
