"""What is noted about a scope (a module, a class or a function) while its syntax is read."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastwright.source.nodes import Raw


class Use:
    """How the result of a call is used, and where the call stands: bits that add up."""

    AWAITED = 1
    DROPPED = 2  # a statement of its own, also awaited
    RETURNED = 4
    ARGUMENT = 8  # passed on to another call
    ASSIGNED = 16
    ENTERED = 32  # the value of a `with`
    IN_LOOP = 64  # run once per item
    IN_LAMBDA = 128  # run whenever the lambda is
    IN_DECORATOR = 256
    IN_SIGNATURE = 512  # a default or an annotation


class Form:
    """How a name came to its value; what is kept with it stands behind."""

    VALUE = 0  # expression
    ANNOTATED = 1  # expression or None, annotation
    ITEM = 2  # the iterable, whether async; where it is in a comprehension, the end of that
    ENTERED = 3  # the context manager, whether async
    UNPACKED = 4  # expression, position
    CAUGHT = 5  # exception class
    IMPORTED = 6  # level, module, name or None for the module itself
    FUNCTION = 7  # index in the file
    CLASS = 8  # index in the file
    OTHER = 9  # changed in a way that is not followed; in a comprehension, as ITEM
    LAMBDA = 10  # None, None and the end of the lambda that has it as a parameter


# (form, start, …) as said above. One that has an end counts from `start` to there only.
Binding = tuple[Any, ...]
LIMIT = 4  # where the end is


class Scope:
    """Notes that grow while a body is read."""

    def __init__(self, parent: "Scope | None" = None, *, is_class: bool = False) -> None:
        self.parent = parent
        self.is_class = is_class
        self.bindings: dict[str, list[Binding]] = {}
        # A class body runs in its module's or function's stead.
        runs_in = parent if is_class else None
        self.calls: list[list[Any]] = runs_in.calls if runs_in else []
        # Attributes, but for what is assigned to, what annotates a variable, and in lambdas.
        self.read: list[Raw] = runs_in.read if runs_in else []
        self.entered: list[tuple[Raw, bool]] = []
        self.returns: list[Raw] = []
        self.yields: list[Raw] = []
        self.outer: set[str] = set()
        self.globals: set[str] = set()
        self.star_imports: list[tuple[int, str]] = []
        self.awaits = False
        self.is_generator = False
        self.loops = 0
        self.lambdas = 0
        self.setting = 0
        # Where this is a method: the name of its first parameter, and what is assigned to it.
        self.receiver: str | None = None
        self.attributes: dict[str, list[Binding]] = {}
        # What others see too: of globals, of `Class.attribute` and of `….state.attribute`.
        self.shared: dict[str, list[Binding]] = {}

    def bind(self, name: str, *binding: object) -> None:
        """Note one way in which a name gets a value."""
        if name in self.outer:
            if name in self.globals:
                self.shared.setdefault(name, []).append(binding)
            return
        self.bindings.setdefault(name, []).append(binding)

    def here(self) -> int:
        """Return what is true of every call at this point."""
        use = self.setting
        if self.loops:
            use |= Use.IN_LOOP
        if self.lambdas:
            use |= Use.IN_LAMBDA
        return use
