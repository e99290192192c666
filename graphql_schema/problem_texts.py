"""What each problem code means, wherever it comes from: our own rules, the platforms, or a task that had to stop."""

from collections.abc import Mapping

from server.clients.verdicts import CODES
from server.domain.problem_codes import PROBLEM_CODES

_OF_TASKS = {
    "INTERNAL": "Our fault; it was logged. Try again, and ask support when it comes back.",
    "SECRET_UNREADABLE": "A stored token cannot be read any more; connect again.",
}
"""Why a whole task had to stop; the codes of user errors can be met there too."""

PROBLEM_TEXTS: Mapping[str, str] = (
    {code: verdict.text for code, verdict in CODES.items()} | dict(PROBLEM_CODES) | _OF_TASKS
)
"""All that ``error-codes.json`` publishes of problems."""
