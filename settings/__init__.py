"""How settings are found and read. What they are stands in config.py."""
