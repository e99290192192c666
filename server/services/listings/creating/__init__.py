"""From what a merchant wants listed to products made on TikTok Shop."""
