"""Backups: made from one moment's view, signed, and only called proven once they were restored."""
