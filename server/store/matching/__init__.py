"""Rules as SQL: which template takes which products, for a whole catalogue in one statement."""
