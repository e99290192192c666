"""Leafmark's server: rules, rows, clients and use cases, in layers that point one way."""
