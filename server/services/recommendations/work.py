"""What workers use of recommending: the parts of one slice of work."""

from server.services.recommendations.asking import Asking
from server.services.recommendations.preparing import Counter, counter, prepare
from server.services.recommendations.recording import gone, record
from server.services.recommendations.remembering import rank

__all__ = ["Asking", "Counter", "counter", "gone", "prepare", "rank", "record"]
