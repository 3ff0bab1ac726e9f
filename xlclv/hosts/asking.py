"""Asking before something is booked, also where a program has no window that answers."""

from collections.abc import Callable

from xlclv.errors import InputError
from xlclv.refresh.award import Agreed

_asked: set[str] = set()


def asking(ask: Callable[[str], bool | None]) -> Agreed:
    """Return what asks the user before something is booked.

    Args:
        ask: Shows a question and returns the answer; None where nobody can answer. Then the
            command is refused with the question, and the same command once more is the answer.
    """

    def agreed(question: str) -> bool:
        answer = ask(question)
        if answer is None:
            if question not in _asked:
                _asked.add(question)
                raise InputError("post_once_more", question=question)
            answer = True
        _asked.discard(question)
        return answer

    return agreed
