"""Fields of models that hold secrets, by what they are called: passwords, hashes and keys."""

import re
from collections.abc import Iterator
from functools import cache, partial

from fastwright.application.application import Application
from fastwright.application.models import COLUMNS, Model, ModelField
from fastwright.codebase.definitions import Class, Scope
from fastwright.codebase.values import External, Instance
from fastwright.source.syntax import Call, Constant, Expression

PASSWORD = re.compile(
    r"(hashed_?|encrypted_?|raw_?|plain_?|user_?)?(password|passwd|passphrase|pwd)"
    r"(_?(hash|hashed|digest|salt|encrypted))?|pass_hash|pw_hash"
)
# What nobody wants to answer with when a row or the settings are handed out as they are.
SECRET = re.compile(
    rf"{PASSWORD.pattern}|salt|(\w+_)?(secret|secret_key|private_key|api_key|secret_access_key)"
    r"|(\w+_)?(reset|verification|refresh)_token(_hash)?"
)
# What is shown once, to whoever had it made, and not when it is read again.
KEY = re.compile(r"api_key|private_key|secret_key|secret_access_key")
SETTING = re.compile(r"(\w+_)?(password|passwd|secret|secret_key|private_key|api_key|token)s?")
HOLDERS = {"builtins.str", "builtins.bytes"}
_TEXT_COLUMNS = {"String", "Text", "Unicode", "UnicodeText", "VARCHAR", "CHAR", "LargeBinary"}


def secrets(model: Model, names: re.Pattern[str], application: Application) -> Iterator[ModelField]:
    """Yield the fields of a model whose names are of that kind, and that hold text."""
    definition = model.definition
    question = "secrets", names.pattern, definition.module.path, definition.key
    found = partial(_find_secrets, model, names, application)
    for name in application.codebase.remembered(question, lambda: [each.name for each in found()]):
        yield model.fields[name]


def _find_secrets(
    model: Model, names: re.Pattern[str], application: Application
) -> Iterator[ModelField]:
    named = [each for name, each in model.fields.items() if names.fullmatch(_in_snake_case(name))]
    if not named or any(
        _serializes(each, application) for each in model.lineage if isinstance(each, Class)
    ):
        return
    for each in named:
        if not each.is_excluded and _is_text(each, application):
            yield each


@cache
def _in_snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _serializes(definition: Class, application: Application) -> bool:
    """Tell whether a class decides for itself what it answers with."""
    return any(
        method.name in {"model_dump", "dict"}
        or any(
            isinstance(each, External) and each.name.endswith("_serializer")
            for each in application.codebase.decorators(method)
        )
        for method in definition.methods.values()
    )


def _is_text(each: ModelField, application: Application) -> bool:
    resolver = application.codebase.resolver
    if each.annotation is not None:
        described = resolver.annotated(each.annotation, each.owner)
        if isinstance(described, Instance) and described.of == "sqlalchemy.orm.Mapped":
            described = described.arguments[0] if described.arguments else None
        return isinstance(described, Instance) and described.of in HOLDERS
    if isinstance(each.default, Call):
        made = resolver.value(each.default.function, each.owner)
        if isinstance(made, External) and made.name in COLUMNS:
            return any(
                _names_text(item, each.owner, application) for item in each.default.arguments
            )
    return False


def _names_text(node: Expression, scope: Scope, application: Application) -> bool:
    made = node.function if isinstance(node, Call) else node
    value = application.codebase.resolver.value(made, scope)
    return isinstance(value, External) and value.name.rpartition(".")[2] in _TEXT_COLUMNS


def is_optional(each: ModelField) -> bool:
    """Tell whether the field may be left empty."""
    match each.default:
        case None:
            return False
        case Call() as made:
            default = made.argument(0, "default")
            if default is None:
                return made.keyword("default_factory") is not None
            return not isinstance(default, Constant) or default.text != "..."
        case _:
            return True
