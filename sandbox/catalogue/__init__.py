"""The data both halves of the sandbox stand on: category trees, their rules, brands and the built-in store."""
