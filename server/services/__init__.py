"""Use cases: each takes a session and never commits."""
