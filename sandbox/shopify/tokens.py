"""Access and refresh tokens of one shop, with the platform's rotation rules (Shopify fact sheet 1.6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from random import Random
from typing import cast

DAY = 86_400
REFRESH_LIFE = 90 * DAY
REFRESH_REUSE = 30 * DAY
ONLINE_LIFE = 86_399


@dataclass(slots=True)
class AccessToken:
    """An access token; `expires` None is the old non-expiring kind, `user` is set for online tokens."""

    token: str
    expires: float | None
    user: str | None = None
    revoked: bool = False

    def is_live(self, now: float) -> bool:
        """Whether the Admin API accepts it."""
        return not self.revoked and (self.expires is None or now < self.expires)


@dataclass(slots=True)
class RefreshToken:
    """A refresh token and the one it came from, which dies when this one is used."""

    token: str
    expires: float
    previous: str | None = None
    first_used: float | None = None
    dead: bool = False

    def is_live(self, now: float) -> bool:
        """Whether it can still be used: 90 days, and 30 days from its first use."""
        used_up = self.first_used is not None and now >= self.first_used + REFRESH_REUSE
        return not self.dead and not used_up and now < self.expires


@dataclass(slots=True)
class TokenBook:
    """Every token ever given out for a shop."""

    access: dict[str, AccessToken] = field(default_factory=dict)
    refresh: dict[str, RefreshToken] = field(default_factory=dict)

    def live(self, token: str, now: float) -> AccessToken | None:
        """The access token, if the Admin API accepts it."""
        found = self.access.get(token)
        return found if found and found.is_live(now) else None

    def give_offline(self, rng: Random, now: float, life: float | None) -> AccessToken:
        """A new offline token; `life` None makes the non-expiring kind."""
        token = AccessToken(f"shpat_{_secret(rng)}", None if life is None else now + life)
        self.access[token.token] = token
        return token

    def give_online(self, rng: Random, now: float, user: str) -> AccessToken:
        """A new online token for a user."""
        token = AccessToken(f"shpua_{_secret(rng)}", now + ONLINE_LIFE, user)
        self.access[token.token] = token
        return token

    def give_refresh(self, rng: Random, now: float, previous: str | None = None) -> RefreshToken:
        """A new refresh token, following `previous`."""
        token = RefreshToken(f"shprt_{_secret(rng)}", now + REFRESH_LIFE, previous)
        self.refresh[token.token] = token
        return token

    def use_refresh(self, text: str, rng: Random, now: float) -> RefreshToken | None:
        """The follower of a living refresh token; None if it is unknown, used up or expired.

        The used token keeps working (a lost answer can be fetched again) until its follower is used.
        """
        token = self.refresh.get(text)
        if token is None or not token.is_live(now):
            return None
        if token.previous is not None:
            self.refresh[token.previous].dead = True
        token.first_used = now if token.first_used is None else token.first_used
        return self.give_refresh(rng, now, token.token)

    def revoke_all(self) -> None:
        """Uninstall: every token dies at once."""
        for access in self.access.values():
            access.revoked = True
        for refresh in self.refresh.values():
            refresh.dead = True

    def expire_access(self, now: float) -> None:
        """Let every access token run out now; refresh tokens stay."""
        for access in self.access.values():
            access.expires = now if access.expires is None else min(access.expires, now)

    def dump(self) -> dict[str, object]:
        """For the state file."""
        return asdict(self)

    @classmethod
    def load(cls, dumped: Mapping[str, object]) -> TokenBook:
        """From the state file."""
        access = cast("Mapping[str, dict[str, object]]", dumped["access"])
        refresh = cast("Mapping[str, dict[str, object]]", dumped["refresh"])
        return cls(
            {key: AccessToken(**one) for key, one in access.items()},  # type: ignore[arg-type]  # dumped by us
            {key: RefreshToken(**one) for key, one in refresh.items()},  # type: ignore[arg-type]  # dumped by us
        )


def _secret(rng: Random) -> str:
    return f"{rng.getrandbits(128):032x}"
