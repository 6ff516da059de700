"""A payment provider for trying things out, and for tests: it answers as Stripe does, and takes no money.

What it says has the layout that the library of the version pinned in requirements.txt expects. No word of it
leaves this machine.
"""
