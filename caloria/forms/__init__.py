"""Browser text in, domain values or messages out."""
