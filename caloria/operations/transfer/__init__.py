"""Moving everything from another kind of database into an empty PostgreSQL, and proving that it arrived."""
