"""Environments kept apart: a database of its own for each, with roles that stay in it."""
