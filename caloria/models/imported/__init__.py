"""Files of other trackers: bytes in; rows, weights and what is wrong with them out."""
