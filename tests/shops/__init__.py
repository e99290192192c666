"""Stores and sellers: installed, connected, kept fresh, uninstalled."""
