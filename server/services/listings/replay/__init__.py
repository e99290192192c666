"""Decisions kept with everything they were made of, and made again from it."""
