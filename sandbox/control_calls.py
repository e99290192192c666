"""Control of calls: the log, its summary, and faults."""

import re

from sandbox.actions import Answer
from sandbox.calls import Call
from sandbox.control_kit import Control, NotHere, Visit
from sandbox.faults import read_fault, shown

# Left out of every listing: what opens doors. Query keys and JSON fields go by the same names.
SECRETS = "app_secret|client_secret|sign|access_token|refresh_token|auth_code|subject_token|id_token|password"
IN_QUERY = re.compile(rf"(^|&)({SECRETS}|code)=[^&]*")
IN_BODY = re.compile(rf'"({SECRETS})"\s*:\s*"[^"]*"?')


def listed(call: Call) -> dict[str, object]:
    """One call for people and scripts, without secrets."""
    return {
        "n": call.n,
        "at": call.at,
        "method": call.method,
        "path": call.path,
        "query": IN_QUERY.sub(r"\1\2=[left out]", call.query),
        "operation": call.operation,
        "status": call.status,
        "code": call.code,
        "request_id": call.request_id,
        "shop": call.shop,
        "ms": round(call.ms, 3),
        "fault": call.fault,
        "unknown_fields": call.unknown_fields,
        "body": _text(call),
    }


def _text(call: Call) -> str:
    """The beginning of a JSON body without secrets; nothing of Shopify's token calls, which are all secret."""
    if call.path.endswith("/oauth/access_token"):
        return "[left out]"
    return IN_BODY.sub(r'"\1":"[left out]"', call.body.decode("utf-8", "replace"))


def _calls(visit: Visit) -> Answer:
    """The newest that fit, oldest of them first."""
    query, since = visit.query, visit.whole("since", 0)
    code, status = visit.query.get("code"), visit.query.get("status")
    wanted: list[Call] = []
    limit = visit.limit()
    for call in reversed(visit.world.calls.entries):
        if call.n <= since or len(wanted) == limit:
            break
        if (
            call.path.startswith(query.get("path", ""))
            and query.get("operation", call.operation) == call.operation
            and query.get("method", call.method) == call.method
            and (code is None or str(call.code) == code)
            and (status is None or str(call.status) == status)
        ):
            wanted.append(call)
    return {"calls": [listed(call) for call in reversed(wanted)], "total": visit.world.calls.total}


def _summary(visit: Visit) -> Answer:
    log = visit.world.calls
    answers = [
        {"operation": name, "status": status, "code": None if code == -1 else code, "count": count}
        for (name, status, code), count in sorted(log.by_code.items())
    ]
    unknown = [
        {"operation": name, "field": path, "count": count} for (name, path), count in sorted(log.unknown.items())
    ]
    operations = dict(sorted(log.by_operation.items()))
    return {"total": log.total, "operations": operations, "answers": answers, "unknown_fields": unknown}


def _forget(visit: Visit) -> Answer:
    visit.world.calls.clear()
    return {"total": 0}


def _faults(visit: Visit) -> Answer:
    return {"faults": visit.world.faults.dump()}


def _add_fault(visit: Visit) -> Answer:
    return shown(visit.world.faults.add(read_fault(visit.body, visit.world.clock.now())))


def _clear_faults(visit: Visit) -> Answer:
    visit.world.faults.rules.clear()
    return {"faults": []}


def _remove_fault(visit: Visit) -> Answer:
    number = visit.number("id")
    if not visit.world.faults.remove(number):
        raise NotHere(f"There is no fault {number}.", "id")
    return {"faults": visit.world.faults.dump()}


OCCASION = {
    "first": "strike only the first n that fit",
    "every": "strike every nth that fits",
    "skip": "let the first n pass",
    "chance": "strike with this probability (0 to 1), by the seed",
    "for_s": "strike for so many seconds of the sandbox's clock",
}
FAULT = {
    "kind": "required: http, tiktok, throttled, timeout, reset, broken_json, truncated or slow",
    "path": "beginning of the path",
    "pattern": "regular expression searched in the path",
    "operation": "the name the call log shows",
    "method": "GET, POST, ...",
    "contains": "text in the first 4096 bytes of the body",
    "after_effect": "true: the call happens, only its answer is lost or replaced",
    "status": "HTTP status (http, tiktok)",
    "code": "TikTok code (tiktok)",
    "message": "TikTok message (tiktok)",
    "body": "body of the wrong answer (http)",
    "retry_after": "value of the Retry-After header",
    "ms": "how much later (slow)",
    "hang_s": "real seconds until the connection is dropped (timeout)",
    **OCCASION,
}
FILTERS = {
    "path": "beginning of the path",
    "operation": "exactly this operation",
    "method": "GET, POST, ...",
    "code": "exactly this TikTok code",
    "status": "exactly this HTTP status",
    "since": "only calls after this number `n`",
    "limit": "at most so many, the newest",
}
CONTROLS = (
    Control("GET", "calls", "The calls received", _calls, query=FILTERS),
    Control("DELETE", "calls", "Forget the calls", _forget),
    Control("GET", "calls/summary", "Counts by operation and answer, and every unknown field", _summary),
    Control("GET", "faults", "The fault rules in force, with how often they struck", _faults),
    Control("POST", "faults", "Put a fault rule in force", _add_fault, FAULT),
    Control("DELETE", "faults", "No faults any more", _clear_faults),
    Control("DELETE", "faults/{id}", "Take one fault rule out of force", _remove_fault),
)
