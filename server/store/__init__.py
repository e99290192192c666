"""Every SQL statement; every function takes the shop it works for."""
