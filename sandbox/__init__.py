"""A faithful TikTok Shop and Shopify Admin in one program, with clock, faults and webhooks under its control.

The core (this folder) holds what both platforms share: `world.World` and its parts, the door every call passes
(`door.py`: call log, faults, latency), the outbox of webhooks, and the control API under `/_sandbox/`. The platforms
plug in through four names each (`sandbox/tiktok`, `sandbox/shopify`):

- `state.TikTokState` / `state.ShopifyState`: `fresh(config, clock, rng)`, `dump()`, `load(dumped)`;
- `routes.routes(world) -> list[BaseRoute]` (TikTok also `routes.fallback(world)`, an ASGI app for unknown paths);
- `operations.OPERATIONS`: what is imitated, for the call log's names and the coverage page;
- `actions.ACTIONS`: a tuple of `sandbox.actions.Action`, offered under `/_sandbox/tiktok/...`, `/_sandbox/shopify/...`.
"""
