"""Which pages in browsers may call us: those of the origins in the settings, and nobody learns of the others."""

from collections.abc import Collection, Mapping

from starlette.responses import Response


def cors_of(origin: str | None, allowed: Collection[str], *, exposed: str = "") -> dict[str, str]:
    """The headers of any answer to this origin; ``exposed`` names headers that its scripts may read."""
    if origin is None or origin.rstrip("/") not in allowed:
        return {"vary": "Origin"} if allowed else {}
    headers = {"access-control-allow-origin": origin, "vary": "Origin"}
    return {**headers, "access-control-expose-headers": exposed} if exposed else headers


def preflight(cors: Mapping[str, str], *, methods: str, headers: str) -> Response:
    """The answer to a browser that asks first; empty for an origin that may not call."""
    if "access-control-allow-origin" not in cors:
        return Response(status_code=204, headers=dict(cors))
    told = {
        "access-control-allow-methods": methods,
        "access-control-allow-headers": headers,
        "access-control-max-age": "7200",
    }
    return Response(status_code=204, headers={**cors, **told})
