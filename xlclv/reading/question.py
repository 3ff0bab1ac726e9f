"""What cannot be told from a table, with the option that settles it."""

from collections.abc import Sequence

from xlclv.errors import InputError

Options = Sequence[tuple[str, str]]  # option and value, such as ("--map", "unit_price=Price")


class Question(InputError):  # noqa: N818 - reads better where it is raised
    """A table can be read in several ways, or lacks something that an option can name.

    Args:
        key: As of any error.
        options: Options of the command line that take the likelier way.
        **facts: As of any error.
    """

    def __init__(self, key: str, options: Options, /, **facts: object) -> None:
        super().__init__(key, **facts)  # type: ignore[arg-type]
        self.options = tuple(options)
        self.step = ""  # the command that takes them, where there is a command line
