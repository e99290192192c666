"""The page for people at `/_sandbox/`: clock, products, calls, webhooks, with a few buttons."""

from pathlib import Path

HERE = Path(__file__).parent
PAGE = (HERE / "page.html").read_text(encoding="utf-8")
STYLE = (HERE / "page.css").read_text(encoding="utf-8")
