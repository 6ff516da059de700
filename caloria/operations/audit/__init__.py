"""The chain over the audit: whether it is whole, and files for what is old."""
