"""What the sentences of several triggers share."""

from xlclv.rewards.figures import counted
from xlclv.words import word


def window_text(days: int | None, form: str = "after") -> str:
    """Say how long after its day an event counts; "" without such days.

    Args:
        days: Days after the event.
        form: Which text says it: of what day they are counted.
    """
    if days is None:
        return ""
    key = f"rewards.window.{form}"
    return word(f"{key}_none") if days == 0 else counted(key, days)
