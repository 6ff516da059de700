"""What an operator does to the whole database. Nothing here prints."""
