"""What a WSGI server and the `flask` command load."""

from caloria import create_app

app = create_app()
