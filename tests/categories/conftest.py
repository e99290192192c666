"""The sandbox as the platform, one clock for all, and a shop connected to it; shared with the tests of listing."""

from tests.graphql.conftest import app, http
from tests.listing.conftest import deps, platforms, settings, stall

__all__ = ["app", "deps", "http", "platforms", "settings", "stall"]
