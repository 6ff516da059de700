class UnfitFile(Exception):
    """A file that cannot be imported; nothing was changed."""
