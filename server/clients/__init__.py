"""Outgoing HTTP to TikTok Shop and Shopify; errors leave here already classified."""
