"""What the sources of foods say, as Caloria keeps it: their names, units and amounts."""
