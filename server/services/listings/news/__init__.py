"""What the platform tells of products, and what that does to their listings."""
