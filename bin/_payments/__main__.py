"""python -m _payments: bin/dev --payments starts it."""

import argparse
from pathlib import Path

from _payments.app import SECRET
from _payments.serving import listen, stock
from _payments.webhooks import Courier
from _payments.world import World


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="_payments", description="A payment provider for trying things out."
    )
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--app", required=True, help="where Caloria is told what happened")
    parser.add_argument("--file", type=Path, required=True, help="where all of it is kept")
    options = parser.parse_args()
    world = World(file=options.file)
    stock(world)
    server, _app = listen(world, options.port)
    Courier(world, f"{options.app}/webhooks/stripe", SECRET).start()
    server.serve_forever()


if __name__ == "__main__":
    main()
