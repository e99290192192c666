"""What stands on TikTok Shop: swept, mirrored, and linked to products of the store."""
