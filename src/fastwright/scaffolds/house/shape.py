"""A domain as the templates of its files know it: also what goes wrong, and what is imported."""

from dataclasses import dataclass

from fastwright.scaffolds import names
from fastwright.scaffolds.house.columns import Column
from fastwright.scaffolds.house.tables import Tabled

Raised = list[tuple[str, str]]  # errors, and when they are raised


@dataclass(frozen=True)
class Shape(Tabled):
    """What the templates of a domain know."""

    @staticmethod
    def spaced(name: str) -> str:
        """Return a name as words."""
        return names.spaced(name)

    def taken(self, column: Column) -> str:
        """Return the error of a value that another one has."""
        return f"{self.Entity}{names.pascal(column.name)}Taken"

    @property
    def exceptions(self) -> list[str]:
        """Return the errors of the domain that its service may raise."""
        thread = ["ParentNotFound", "Deleted", "ThreadTooDeep"] if self.is_threaded else []
        return [
            f"{self.Entity}NotFound",
            *(self.taken(column) for column in self.unique),
            *(f"{self.Entity}{error}" for error in thread),
        ]

    @property
    def broken(self) -> list[tuple[str, str]]:
        """Return constraints that a request may break, and Python for the error that means."""
        parent = f"{self.domain.parent}_exceptions.{self.Parent}NotFound"
        return [
            *([(f"{self.parent_key}_fkey", parent)] if self.parent else []),
            *([("owner_id_fkey", "auth_exceptions.SessionEnded")] if self.is_owned else []),
            *self.broken_by_update,
        ]

    @property
    def broken_by_update(self) -> list[tuple[str, str]]:
        """Return those of them that a change may break."""
        said = [each for each in self.references if each.is_taken]
        return [
            *((f"{each.name}_key", self.taken(each)) for each in self.unique),
            *((f"{each.name}_fkey", f'partial(UnknownReference, "{each.name}")') for each in said),
        ]

    @property
    def raised_by_update(self) -> Raised:
        """Return what a change may raise, besides that nothing is there."""
        deleted = [(f"{self.Entity}Deleted", "it was deleted")] if self.is_threaded else []
        return [*deleted, *self._raised_by_columns]

    @property
    def raised_by_create(self) -> Raised:
        """Return what making one may raise."""
        gone = "has been deleted meanwhile"
        parent = (f"{self.Parent}NotFound", f"the {self.parent_thing} {gone}")
        return [
            *([parent] if self.parent else []),
            *([("SessionEnded", f"the account {gone}")] if self.is_owned else []),
            *self._raised_by_columns,
            *(self._raised_by_reply if self.is_threaded else []),
        ]

    @property
    def _raised_by_columns(self) -> Raised:
        refers = any(each.is_taken for each in self.references)
        unique = [each for each in self.unique if each.is_taken]
        return [
            *((self.taken(each), f"another has this {self.spaced(each.name)}") for each in unique),
            *([("UnknownReference", "what it refers to is not there")] if refers else []),
        ]

    @property
    def _raised_by_reply(self) -> Raised:
        return [
            (f"{self.Entity}ParentNotFound", f"there is no such {self.thing} to reply to"),
            (f"{self.Entity}Deleted", "what it replies to was deleted"),
            (f"{self.Entity}ThreadTooDeep", "what it replies to is as deep as can be"),
        ]

    @property
    def raised_by_create_route(self) -> list[str]:
        """Return what the route has to say that its dependencies do not say already."""
        elsewhere = {f"{self.Parent}NotFound", "SessionEnded"}
        return [error for error, _ in self.raised_by_create if error not in elsewhere]

    @property
    def raised_by_update_route(self) -> list[str]:
        """Return what the other one has to say."""
        return [error for error, _ in self.raised_by_update]

    @property
    def raised_by_router(self) -> list[str]:
        """Return what the router may need of the domain's errors."""
        deleted = [f"{self.Entity}Deleted"] if self.is_threaded else []
        raised = {*self.raised_by_create_route, *self.raised_by_update_route, *deleted}
        return sorted(raised - {"UnknownReference"})

    @property
    def schemas(self) -> list[str]:
        """Return what the service may need of the domain's schemas."""
        ours = ["Create", "Update", "Response", *([] if self.is_threaded else ["Filters"])]
        thread = [f"Thread{self.Entity}"] if self.is_threaded else []
        return sorted({*(self.Entity + each for each in ours), *thread, self.Known})

    @property
    def router_schemas(self) -> list[str]:
        """Return what the router may need of them."""
        return [each for each in self.schemas if not each.startswith("Known")]

    @property
    def dependencies(self) -> list[str]:
        """Return what the router may need of the domain's dependencies."""
        parent = [f"Read{self.Parent}", f"Write{self.Parent}"] if self.parent else []
        asks = self.is_owned or self.is_likeable
        return [
            *parent,
            *(["READING"] if self.asks_to_read else []),
            *(["Writer"] if asks else []),
            *([] if self.is_owned else ["WRITING"]),
            f"Read{self.Entity}",
            self.Changing,
            *([f"Write{self.Entity}"] if self.is_likeable and self.is_owned else []),
        ]

    @property
    def needs_made(self) -> bool:
        """Tell whether tests can make one only of what has been made before."""
        return self.parent is not None or any(not each.field.optional for each in self.references)

    @property
    def body_columns(self) -> list[Column]:
        """Return those of the least body that says something."""
        needed = [each for each in self.taken_columns if each.is_needed]
        return needed or self.plain_taken[:1]
