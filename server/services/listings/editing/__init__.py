"""From what changed to what is sent of it, and whose value counts."""
