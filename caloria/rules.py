"""Addresses are built by code that is made when the first is built: most processes build few of them."""

from functools import cache, partial

from werkzeug.routing import Rule


class LateRule(Rule):
    """A rule as ever, but no start, which a command has too, waits for what builds all of them."""

    def _compile_builder(self, append_unknown=True):
        made = cache(partial(super()._compile_builder, append_unknown))
        return lambda rule, **values: made()(rule, **values)
