"""Real PostgreSQL and Redis, started by us for one user on private sockets."""
