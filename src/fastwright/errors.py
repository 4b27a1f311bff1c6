"""The one tree of exceptions: what can go wrong, each with a stable code and an exit status."""


class FastwrightError(Exception):
    """Something stood in the way; the message is a sentence for the person who asked."""

    code = "failed"
    exit_status = 1

    def __init__(self, message: str, *, suggestion: str | None = None) -> None:
        """`suggestion` is a command or a value that would work instead."""
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion


class RefusedError(FastwrightError):
    """The request itself cannot be carried out; nothing was touched."""

    exit_status = 2


class UsageError(RefusedError):
    """The command was called in a way it does not know."""

    code = "usage"


class ImpossibleNameError(RefusedError):
    """Nothing can have this name."""

    code = "impossible_name"


class UnreadableFieldError(RefusedError):
    """A field is not written as the field language has it."""

    code = "unreadable_field"


class UnknownDomainError(RefusedError):
    """No project has this domain."""

    code = "unknown_domain"


class ImpossibleRouteError(RefusedError):
    """A domain cannot have this route."""

    code = "impossible_route"


class ExistingRowsError(RefusedError):
    """Nobody knows what rows that are there already would get in a new column."""

    code = "existing_rows"


class TargetTakenError(RefusedError):
    """Something is already where the project would go."""

    code = "target_taken"


class ParentMissingError(RefusedError):
    """The folder that should hold the project is not there."""

    code = "parent_missing"


class NotWrittenError(FastwrightError):
    """The file system refused; what had been written was taken away again."""

    code = "not_written"
    exit_status = 2


class NothingToReviewError(RefusedError):
    """No Python file is where one should be."""

    code = "nothing_to_review"


class SettingsError(RefusedError):
    """`[tool.fastwright]` says something that has no meaning."""

    code = "settings"


class UnknownPracticeError(RefusedError):
    """No practice has this name."""

    code = "unknown_practice"


class ConflictsError(RefusedError):
    """Files are in the way that somebody else wrote, or has changed."""

    code = "conflicts"


class OutsideError(RefusedError):
    """The path leads out of what may be touched."""

    code = "outside"


class ChangedError(RefusedError):
    """What was planned or shown is not what is there now."""

    code = "changed"


class NoAnswerError(RefusedError):
    """No practice and no pattern is about what was asked."""

    code = "no_answer"


class UnknownRouteError(RefusedError):
    """The application has no such route."""

    code = "unknown_route"


class RevisionError(RefusedError):
    """Git cannot show the codebase as it was."""

    code = "revision"


class BaselineError(RefusedError):
    """The baseline's file cannot be used."""

    code = "baseline"


class NotReadError(RefusedError):
    """The file system refused."""

    code = "not_read"


class NotShownError(RefusedError):
    """The output takes no more: its disk is full, say."""

    code = "not_shown"


class ContractError(RefusedError):
    """The application cannot be imported, so that nobody knows its contract."""

    code = "contract"


class MigrationError(RefusedError):
    """Alembic could not write a revision, or the one it wrote does not hold."""

    code = "migration"


class DirtyTreeError(RefusedError):
    """What is not committed would be mixed with what is mended."""

    code = "dirty_tree"


class NothingToUndoError(RefusedError):
    """No command is remembered that could be taken back."""

    code = "nothing_to_undo"


class AtWorkError(RefusedError):
    """Another run writes to the same project."""

    code = "at_work"


class InternalError(FastwrightError):
    """A fault of this program."""

    code = "internal"
    exit_status = 2


class UnknownRoomError(RefusedError):
    """What has to be known of the project is not found in it."""

    code = "unknown_room"

    def __init__(self, message: str, *, options: tuple[str, ...] = ()) -> None:
        """`options` are those of the command that say what was not found."""
        super().__init__(message)
        self.options = options


class OptionError(RefusedError):
    """Something was asked for that does not go with the rest, or with the project."""

    code = "option"
