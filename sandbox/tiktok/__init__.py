"""The TikTok Shop half of the sandbox: routes read and shape, state remembers, rules behave."""
