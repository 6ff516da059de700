"""What a WSGI server and the `flask` command load."""

import gc


def load():
    """Make the app without looking through what it is made of for what can go: all of it stays.

    That looking took a third of each start, and of each end.
    """
    gc.disable()
    try:
        from caloria import create_app

        return create_app()
    finally:
        gc.enable()
        gc.freeze()


app = load()
