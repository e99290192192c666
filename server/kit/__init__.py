"""Clock, errors, secrets and ids: no business word."""
