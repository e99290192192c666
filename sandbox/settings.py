"""What a test may change while the sandbox runs (`PATCH /_sandbox/settings`); read afresh by every rule."""

from dataclasses import dataclass, field, fields
from typing import Self

from sandbox.config import SandboxConfig

DAY = 86_400
# The day `v1` stops being accepted on create and edit; None: no such day is known (TikTok fact sheet 7, rule 2).
V1_ENDS: dict[str, str | None] = {
    "US": "2024-09-16",
    **dict.fromkeys(("SG", "PH", "VN", "TH", "MY", "ID"), "2026-01-12"),
    **dict.fromkeys(("GB", "DE", "ES", "FR", "IE", "IT", "JP", "BR", "MX"), None),
}
# The day `v2` starts to be accepted (same place); None: never announced for the market.
V2_STARTS: dict[str, str | None] = {
    "US": "2024-05-30",
    **dict.fromkeys(("SG", "PH", "VN", "TH", "MY", "ID"), "2025-08-20"),
    **dict.fromkeys(("GB", "DE", "ES", "FR", "IE", "IT", "JP"), "2025-10-13"),
    **dict.fromkeys(("BR", "MX"), None),
}


@dataclass(slots=True)
class Settings:
    """Rules under a test's control. Ripening rules are texts: `immediate`, `after 3 looks`, `after 90s`, `never`."""

    # Pace of the sandbox itself
    latency_ms: int = 0
    latency_jitter_ms: int = 0
    # Products: audit (TikTok fact sheet 3.14), verdict when it ripens, share of products that fail by seed
    audit: str = "immediate"
    audit_verdict: str = "pass"
    audit_fail_share: float = 0.0
    audit_fail_reasons: list[str] = field(default_factory=lambda: ["The product information breaks the listing rules."])
    kyc_pending: bool = False
    daily_listing_limit: int = 1000
    # Hours after midnight UTC at which the platform's day begins; the platform tells no zone
    listing_day_begins_h: float = 0.0
    # Whether a second product with the same external id is refused with 12052996: no document says when it is
    external_ids_unique: bool = True
    # Categories: market calendar, permissions (category id -> statuses), what a missing recommendation is called
    strict_versions: bool = True
    v1_ends: dict[str, str | None] = field(default_factory=lambda: dict(V1_ENDS))
    v2_starts: dict[str, str | None] = field(default_factory=lambda: dict(V2_STARTS))
    category_permissions: dict[str, list[str]] = field(default_factory=dict)
    no_match_code: int = 12019064
    # The upgrade task (TikTok fact sheet 3.15): how long it runs, which share it leaves behind, who it can see
    upgrade: str = "after 2h"
    upgrade_left_behind: float = 0.0
    upgrade_min_live_hours: float = 24.0
    upgrade_running_limit: int = 1
    upgrade_available: bool = True
    # The shop: prerequisites that fail (check item -> reasons), closed shop or seller
    prerequisites_failed: dict[str, list[str]] = field(default_factory=dict)
    shop_active: bool = True
    seller_active: bool = True
    # Authorization
    redirect_url: str | None = None
    auth_code_life_s: int = 1800
    access_token_life_s: int = 7 * DAY
    refresh_token_life_s: int = 365 * DAY
    refresh_rotates: bool = True
    # Limits; None: unlimited
    tiktok_qps: float | None = None
    tiktok_hourly_quota: int | None = None
    shopify_bucket: float = 2000.0
    shopify_restore_rate: float = 100.0
    # Shopify
    shopify_token_life_s: int = 3600
    bulk_operation: str = "immediate"
    # Webhooks: how many at once (1: strictly one after the other), real seconds to wait, 401 tried again or final
    webhook_concurrency: int = 32
    tiktok_webhook_timeout_s: float = 3.0
    shopify_webhook_timeout_s: float = 5.0
    retry_refused: bool = False

    @classmethod
    def from_config(cls, config: SandboxConfig) -> Self:
        """The settings a sandbox starts with."""
        return cls(
            latency_ms=config.latency_ms,
            audit=config.audit,
            strict_versions=config.strict_versions,
            redirect_url=config.redirect_url,
        )

    def replace_by(self, other: "Settings") -> None:
        """Take over every value of `other`, in place, since the rules hold this very object."""
        for one in fields(self):
            setattr(self, one.name, getattr(other, one.name))
