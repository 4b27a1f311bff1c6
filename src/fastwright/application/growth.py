"""Growth: whether what a statement selects is surely something that there is more and more of."""

import re
from collections.abc import Iterator

from fastwright.application import english
from fastwright.application.application import Application
from fastwright.application.listings import Frame
from fastwright.codebase.definitions import Class, Function, Scope
from fastwright.codebase.values import ClassValue
from fastwright.source import surroundings
from fastwright.source.notes import Answers
from fastwright.source.syntax import (
    Attribute,
    Call,
    Comparison,
    Expression,
    If,
    Name,
    String,
    walk,
)

# How rows come about without a call of the class.
_MADE = rb"\binsert\(\s*NAME\b|\bNAME\.(?:create|from_orm|model_validate|parse_obj)\("

# How rows of whatever table is passed come about.
_MADE_OF_ANY = re.compile(rb"\b\w*model\w*\(\*\*|\binsert\(\s*(?:\w+\.)?\w*model\w*\s*\)")

# What those who use a service make more and more of. Of other things there may be a handful: which
# of them somebody keeps by hand, no code says.
_GROWING = {
    *("account", "action", "activity", "address", "alarm", "alert", "answer", "applicant"),
    *("application", "appointment", "article", "asset", "attendance", "author", "bid", "bill"),
    *("blog", "book", "booking", "candidate", "car", "certificate", "chat", "click", "client"),
    *("comment", "company", "contact", "conversation", "course", "customer", "deal", "device"),
    *("do", "document", "employee", "enrollment", "entry", "error", "event", "execution"),
    *("expense", "feedback", "file", "follow", "follower", "friend", "friendship", "guest"),
    *("history", "image", "incident", "inspection", "invoice", "issue", "item", "job", "lead"),
    *("like", "listing", "loan", "log", "measurement", "member", "message", "metric", "movie"),
    *("note", "notice", "notification", "offer", "order", "patient", "payment", "photo", "post"),
    *("product", "project", "property", "purchase", "question", "quote", "reading", "recipe"),
    *("record", "reply", "request", "reservation", "result", "review", "revision", "run", "sale"),
    *("session", "song", "stat", "statistic", "student", "submission", "subscriber"),
    *("subscription", "task", "thread", "ticket", "todo", "token", "transaction", "transfer"),
    *("tweet", "upload", "usage", "user", "vacancy", "vehicle", "video", "view", "visit", "vote"),
}
# What classes of tables end with beside.
_TABLES = {"db", "entity", "model", "orm", "table"}
# Columns by which rows belong to another, and those that say yes or no.
_SINGLE = re.compile(r"_id$|[a-z]Id$|^[a-z]id$|^is_")
_KEY = re.compile(r"\w+_id|\w+[a-z]Id|[a-z]id")
_MANY = re.compile(
    r"(?:tenant|org\w*|company|client|workspace|project|service|team|store|shop)(?:_id|Id)"
)
_SERVICE = re.compile(
    r"(?P<before>[A-Z]\w+)(?:Service|Repository|Repo|Crud|CRUD|Dao|DAO|Manager)"
    r"|(?:CRUD|Crud)(?P<after>[A-Z]\w+)"
)
_FROM = re.compile(r"(?i)\bFROM\s+(\w+)\s*")
# The column of which a text asks for one value, that of the row to which others belong.
_PARENT = re.compile(r"(?i)\bWHERE\s+(?:\w+\.)?[`\"]?(\w+)[`\"]?\s*=\s*(?:[:%$]\w|\?)")
_WHERE = {"filter", "filter_by", "where"}
# What things that grow are made from, time and again.
_MADE_FROM = {"flash", "recurring"}
# Whose accounts are people's; others are with other services.
_PEOPLE = {"client", "customer", "member", "user"}
# What comes with the product.
_BUILT_IN = re.compile(r"is_(?:pre)?(?:built_?in|built|defined)|is_(?:system|predefined)")


class Growth:
    """Knows the tables that surely grow; of others nothing is said."""

    def __init__(self, application: Application) -> None:
        self._codebase = application.codebase
        self._application = application
        self._is_added_to = Answers(self._find_additions)
        self._is_made = Answers(self._find_made)

    def of(self, start: Expression, frame: Frame) -> bool:
        """Tell whether a statement selects from what surely grows, and not a few rows of it."""
        if isinstance(start, String):
            return _may_be_many(start.value or "")
        selected = start.arguments[0] if isinstance(start, Call) and start.arguments else None
        table, named = self._table(selected, frame)
        columns = set(_looked_up_by(frame.scope, start, named)) if named else set()
        if named is None or not _grows(named) or _are_few(columns):
            return False
        return table is None or (self._is_added_to(table) and not self._is_chart(table))

    def _is_chart(self, table: Class) -> bool:
        """Tell whether rows are a tree of codes of which some come with the product.

        Such are the accounts of bookkeeping, which are no persons'.
        """
        model = self._application.models.of(table)
        columns = model.fields.keys() if model else ()
        return {"code", "parent_id"} <= set(columns) and any(map(_BUILT_IN.fullmatch, columns))

    def _table(self, selected: Expression | None, frame: Frame) -> tuple[Class | None, str | None]:
        """Return the table that is selected from, and what it is called as far as that is known."""
        scope = frame.scope
        while isinstance(selected, Name) and (passed := frame.passed(selected.id)) is not None:
            selected, frame = passed
            if self._is_made((_MADE_OF_ANY, b"model")):
                return None, selected.id if isinstance(selected, Name) else None
        owner = selected.value if isinstance(selected, Attribute) else None
        for each in filter(None, (selected, owner)):
            value = self._codebase.resolver.value(each, frame.scope)
            if isinstance(value, ClassValue):
                return value.definition, value.definition.name
        written = selected if owner is None else owner
        if isinstance(written, Name) and written.id[:1].isupper():
            return None, written.id
        return None, _served(scope)

    def _find_additions(self, table: Class) -> bool:
        """Tell whether an object of a table is made, and not only at start-up."""
        makers = {call.function for call in self._codebase.calls_of(table)}
        if any(self._counts(maker) for maker in makers):
            return True
        made = re.compile(_MADE.replace(b"NAME", table.name.encode()))
        return self._is_made((made, table.name.encode()))

    def _find_made(self, question: tuple[re.Pattern[bytes], bytes]) -> bool:
        """Tell whether something is made in a way that has a word, and not only in migrations."""
        return any(not module.is_migration for module in self._codebase.like(*question))

    def _counts(self, maker: Function) -> bool:
        return not (
            maker.is_module or maker.module.is_migration or maker in self._application.starting
        )


def _may_be_many(text: str) -> bool:
    """Tell whether a text asks for rows that may be many."""
    table, parent = _FROM.search(text), _PARENT.search(text)
    if table is None:
        return True
    columns = {parent[1] if _SINGLE.search(parent[1]) else f"{parent[1]}_id"} if parent else set()
    return _grows(table[1]) and not _are_few(columns)


def _served(scope: Scope) -> str | None:
    """Return the table that a service or repository is called after."""
    owner = scope.owner if isinstance(scope, Function) else None
    served = None if owner is None else _SERVICE.fullmatch(owner.name)
    return served["before"] or served["after"] if served else None


def _grows(table: str) -> bool:
    """Tell whether a table is called after something that there are more and more of."""
    words = [each.lower() for each in english.words(table)]
    while words and words[-1] in _TABLES:
        words.pop()
    last = english.singular(words[-1]) if words else ""
    is_of_other = last == "account" and len(words) > 1 and words[-2] not in _PEOPLE
    return last in _GROWING and not is_of_other and _MADE_FROM.isdisjoint(words)


def _are_few(columns: set[str]) -> bool:
    """Tell whether only what belongs to one other row, or comes with the product, is asked for."""
    return any(
        _BUILT_IN.fullmatch(each) or (_KEY.fullmatch(each) and not _MANY.fullmatch(each))
        for each in columns
    )


def _looked_up_by(scope: Scope, start: Expression, table: str) -> Iterator[str]:
    """Yield the columns (`…_id`, `is_…`) of which a statement asks for one value.

    The key of another table that is joined counts as a column: `Author.id` as `author_id`.
    """
    if not isinstance(scope, Function):
        return
    for call in scope.calls:
        if call.last_name not in _WHERE or not _may_belong(call.node, start):
            continue
        if any(isinstance(each, If) for each in surroundings.around(scope.body, call.node)):
            continue  # only where the request says so
        for keyword in call.node.keywords:
            if keyword.name and _SINGLE.search(keyword.name):
                yield keyword.name
        for argument in call.node.arguments:
            for each in walk(argument):
                if isinstance(each, Comparison) and each.operators == ("==",):
                    yield from filter(None, (_column(side, table) for side in each.operands))


def _may_belong(call: Call, start: Expression) -> bool:
    """Tell whether a condition belongs to a statement: no other begins in the same expression."""
    root: Expression = call
    while isinstance(root, Call) and isinstance(root.function, Attribute):
        if root == start:
            return True
        root = root.function.value
    return not isinstance(root, Call) or root == start


def _column(side: Expression, table: str) -> str | None:
    match side:
        case Attribute(Name(owner), column) if owner[:1].isupper():
            if column == "id" and owner != table:
                return f"{owner.lower()}_id"
            return column if _SINGLE.search(column) else None
        case Attribute(Attribute(), column) if _SINGLE.search(column):
            return column
    return None
