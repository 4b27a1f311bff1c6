"""What stands where a secret belongs and is none: stand-ins, examples, and what is tried out."""

import re

from fastwright.application import literals
from fastwright.application.application import Application
from fastwright.application.literals import Literal
from fastwright.application.models import Model
from fastwright.application.running import Running, is_script
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite
from fastwright.codebase.loading import Loading
from fastwright.codebase.modules import Module
from fastwright.source import surroundings
from fastwright.source.syntax import Assign, Handler, Name

# Hosts of the developer's machine or compose file.
_NEAR = {"localhost", "127.0.0.1", "0.0.0.0", "db", "postgres", "mysql", "redis", "mongo"}  # noqa: S104 - read, not bound
_SHORTEST = 4
# What is written where an account has no password.
_NO_PASSWORD = {
    "disabled",
    "unusable",
    "invalid",
    "none",
    "null",
    "oauth",
    "not-set",
    "no-password",
}
_NO_SECRET = {"null", "none", "undefined", "string", "anonymous", "bearer", "guest", "test"}
_ASIDE = re.compile(
    r"(^|[/_.-])(examples?|cookbooks?|docs|docs_src|samples?|demos?|fixtures|mocks?|dummy|tests?|testing|"
    r"qa|locust\w*|load[_-]?tests?|"
    r"seed(?:s|er|ers|ing)?\d*)([/_.-]|$)"
)
_STAND_IN = re.compile(
    r"(?i)<.*>|\[.*\]|x{3,}|\*+|\.{3,}|your[-_ ].+|.*(?:placeholder|[-_ ]here)"
    r"|(?:change|enter|insert|put|replace|set)[-_ ]?(?:it|me|this|your.*)"
    r"|(?:my|the|your)[-_ ]?(?:\w+[-_ ])*(?:pass|password|pwd)"
)
# Functions that make rows to develop or to try with.
_TRIAL = re.compile(
    r"(^|_)(?:demos?|dummy|examples?|fakes?|mocks?|samples?|seed(?:s|ing)?|tests?)(_|$)"
)
# What is said of whoever may do more than others.
_PRIVILEGED = re.compile(rb"(?i)admin|\broot|staff|super|owner")
# What is said to be made up for a while.
_TEMPORARY = re.compile(rb"(?i)^\s*_*(?:dummy|fake|temp|tmp)_\w*\s*(?::[^=]*)?=")


def is_live(module: Module) -> bool:
    """Tell whether code is neither a test nor an example."""
    return not module.is_test and not module.is_migration and not _ASIDE.search(module.path)


def cannot_load(module: Module, application: Application) -> bool:
    """Tell whether no application loads a module, and something that it imports is nowhere."""
    if not application.running.leaves_out(module):
        return False
    codebase = application.codebase
    missing = {dotted.partition(".")[0] for dotted in Loading(codebase).unknown(module)}
    return any(
        not application.requirements.names(each)
        and all(other is module for other in codebase.mentioning(each.encode()))
        for each in missing
        if each
    )


def is_in_example(call: CallSite) -> bool:
    """Tell whether what a call makes becomes a part of an example, in the API's docs say."""
    for around in surroundings.around(call.function.body, call.node):
        match around:
            case Assign((Name(name), *_)) if "example" in name.lower():
                return True
    return False


def is_placeholder(text: str) -> bool:
    """Tell whether a text only says where a password belongs, by somebody who has none to give."""
    return _STAND_IN.fullmatch(text) is not None


def is_no_secret(text: str) -> bool:
    """Tell whether a text that something received is compared with is no secret."""
    return text.lower() in _NO_SECRET


def is_password(literal: Literal) -> bool:
    """Tell whether a text can be a password, and is no word for an account that has none."""
    text = literal.text
    is_none = text.isupper() or text.lower().strip("!*-_") in _NO_PASSWORD
    if literal.is_fallback or len(text) < _SHORTEST or is_none:
        return False
    code, start = literal.module.code, literal.module.in_code(literal.node.start)
    return not _TEMPORARY.search(code[code.rfind(b"\n", 0, start) + 1 : start])


def is_of_cloud(call: CallSite, literal: Literal, codebase: Codebase) -> bool:
    """Tell whether a stand-in for a cloud is called, which asks for any key and checks none."""
    if call.node.keyword("endpoint_url") is None:
        return False
    key = call.node.keyword("aws_access_key_id")
    other = None if key is None else literals.read(key, call.function, codebase)
    return other is not None and other.text == literal.text


def is_near(
    host: str, literal: Literal, call: CallSite, codebase: Codebase, running: Running
) -> bool:
    """Tell whether an address is that of the developer's own server, which production has not."""
    is_spare = literal.is_fallback or _is_in_handler(literal)
    if host in _NEAR:
        return is_spare or _is_alone(call, codebase, running)
    return is_spare and "." not in host and _is_to_migrate(literal)


def is_errand(call: CallSite, codebase: Codebase, running: Running) -> bool:
    """Tell whether a script, which no application loads, works on the developer's own machine."""
    host = call.node.keyword("host")
    near = None if host is None else literals.read(host, call.function, codebase)
    return near is not None and near.text in _NEAR and _is_alone(call, codebase, running)


def is_trial(call: CallSite, model: Model, running: Running) -> bool:
    """Tell whether an account is made up to try something, and has no rights that matter."""
    if _TRIAL.search(call.function.name):
        return True
    if model.is_table:
        return False
    module, function = call.function.module, call.function
    if function.is_module and not module.mentions(b"fastapi"):
        return True  # what serves nothing makes a form for itself, to print it, say
    source = b"" if function.is_module else module.source(function.node).encode()
    return running.leaves_out(module) and not _PRIVILEGED.search(source)


def _is_in_handler(literal: Literal) -> bool:
    """Tell whether a text is given where something else has failed."""
    around = surroundings.around(literal.module.body, literal.node)
    return any(isinstance(each, Handler) for each in around)


def _is_to_migrate(literal: Literal) -> bool:
    """Tell whether Alembic's environment has an address in containers, with no more than a name."""
    address = literals.ADDRESS.match(literal.text)
    return (
        address is not None
        and address["user"] == address["password"]
        and literal.module.stem == "env"
        and literal.module.mentions(b"alembic")
    )


def _is_alone(call: CallSite, codebase: Codebase, running: Running) -> bool:
    """Tell whether a call stands in a script: it serves nothing, and what serves loads it not."""
    module = call.function.module
    return running.leaves_out(module) or (call.function.is_module and is_script(module, codebase))
