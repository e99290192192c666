"""What things cost, measured; each module here that has a command line prints ``name value`` lines."""
