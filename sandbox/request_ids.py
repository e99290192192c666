"""Request ids as TikTok's look: 14 digits of time and hex digits (TikTok fact sheet 5.1)."""

import time
from functools import lru_cache
from hashlib import blake2b


def request_id(seed: int, number: int, at: float) -> str:
    """The same for the same seed, call number and (whole) second."""
    return _moment(int(at)) + blake2b(b"%d/%d" % (seed, number), digest_size=10).hexdigest().upper()


@lru_cache(maxsize=4)
def _moment(second: int) -> str:
    return time.strftime("%Y%m%d%H%M%S", time.gmtime(second))
