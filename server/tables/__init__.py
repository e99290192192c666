"""SQLModel rows and nothing else."""
