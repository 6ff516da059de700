"""Properties that are worked out once for each object.

Not those of functools: until Python 3.12 they hold one lock for all objects of a class while they work, so
that the threads of a worker would wait for each other's statements, or for ever.
"""

from werkzeug.utils import cached_property

__all__ = ["cached_property"]
