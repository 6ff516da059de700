"""Bringing millions of foods into the database from the files that their sources publish.

A file is read once, to its end, into a spool on this machine's own disk; only then the database changes, in
batches, each complete in itself. So a file that is broken changes nothing, a run that is killed is continued
by running it again, and the app serves meanwhile.
"""
