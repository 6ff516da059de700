"""One file for each outside service."""
