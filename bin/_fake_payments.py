"""The payment provider that bin/dev --payments starts: it stands in for Stripe, and takes no money."""

import subprocess

import _process
import _setup

FIRST_PORT = 12111


def start(stack, environ, instance, app_port, is_free):
    """Start it on a free port, and have Caloria pay through it and be told by it."""
    port = next((each for each in range(FIRST_PORT, FIRST_PORT + 100) if is_free("127.0.0.1", each)), None)
    if port is None:
        _setup.stop(f"Every port from {FIRST_PORT} on is taken.")
    on_postgres = environ.get("DATABASE_URL", "").startswith("postgresql")
    file = instance / ("payments-postgres.json" if on_postgres else "payments.json")
    app = f"http://127.0.0.1:{app_port}"
    command = [_setup.PYTHON, "-m", "_payments", "--port", str(port), "--app", app, "--file", str(file)]
    folder = _setup.ROOT / "bin"
    process = subprocess.Popen(command, cwd=folder, env=environ, preexec_fn=_process.end_with_parent())
    stack.callback(_process.end, process)
    url = f"http://127.0.0.1:{port}"
    environ.update(settings(url))
    _setup.say(f"Payments go to {url}, where you move the clock and make cards fail. No money moves.")


def settings(url):
    return {
        "PAYMENTS": "stripe",
        "PLUS_PER_MONTH": "4.99 EUR",
        "PLUS_PER_YEAR": "49.00 EUR",
        "STRIPE_API_URL": url,
        "STRIPE_PRICE_MONTH": "price_month",
        "STRIPE_PRICE_YEAR": "price_year",
        "STRIPE_SECRET_KEY": "sk_test_of_this_machine",
        "STRIPE_SECRET_KEY_FILE": "",
        "STRIPE_TAX": "",
        "STRIPE_WEBHOOK_SECRETS": "whsec_of_this_machine_and_nobody_elses",
        "STRIPE_WEBHOOK_SECRETS_FILE": "",
    }
