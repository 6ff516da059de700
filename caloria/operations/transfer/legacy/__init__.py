"""The original Caloria's file: one table of people, one of what they ate, and no migrations."""
