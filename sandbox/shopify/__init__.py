"""The shopify side of the sandbox."""
