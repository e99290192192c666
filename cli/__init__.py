"""The command line behind the root script."""
