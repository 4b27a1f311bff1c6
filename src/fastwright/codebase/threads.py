"""What may be run in a thread beside other requests, by what is known of the libraries."""

from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Function
from fastwright.codebase.offloading import Spot
from fastwright.codebase.values import ClassValue, External, FunctionValue
from fastwright.source.syntax import Call

# Functions, and methods of objects that several threads may use at a time.
_FREE = (
    "httpx.",
    "httpx2.",
    "jwt.PyJWKClient.",
    "openai.",
    "os.",
    "pathlib.Path.",
    "pymongo.",
    "redis.Redis.",
    "requests.api.",
    "shutil.",
    "socket.get",
    "subprocess.",
    "urllib.request.urlopen",
    "urllib.request.urlretrieve",
)
# What gives something that does its work later, or touches the whole process.
_NOT_AT_ONCE = {
    *("Popen", "chdir", "execv", "fork", "glob", "iglob", "iterdir", "iter_raw", "iter_bytes"),
    *("iter_lines", "iter_text", "listen", "monitor", "open", "popen", "pubsub", "rglob"),
    *("scandir", "stream", "walk", "watch", "read_sql", "read_sql_query", "read_sql_table"),
    *("to_sql", "close", "__enter__", "__exit__", "__iter__", "__next__", "find", "aggregate"),
    *("list_indexes", "start_session", "scan_iter", "sscan_iter", "hscan_iter", "zscan_iter"),
}
# Packages of which a computation may use everything, in any thread.
_PURE = (
    "Crypto.", "PIL.", "argon2.", "base64.", "bcrypt.", "binascii.", "builtins.", "collections.",
    "cv2.", "datetime.", "enum.", "gzip.", "hashlib.", "hmac.", "io.", "itertools.", "json.",
    "jwt.", "jose.", "logging.", "lzma.", "math.", "numpy.", "passlib.", "pwdlib.", "random.",
    "re.", "secrets.", "string.", "time.", "typing.", "uuid.", "werkzeug.security.", "zlib.",
    "pandas.", "loguru.",
)  # fmt: skip
_MOST_FUNCTIONS = 20


def bears_threads(at: Spot, name: str, codebase: Codebase) -> bool:
    """Tell whether what a spot calls of a library may run in a thread as it does in the loop."""
    if not _is_called_there(at, name, codebase):
        return False
    is_function = name.startswith("requests.") and name.count(".") == 1
    return name.rpartition(".")[2] not in _NOT_AT_ONCE and (is_function or name.startswith(_FREE))


def computes_apart(at: Spot, name: str, codebase: Codebase) -> bool:
    """Tell whether a computation has nothing to do with the event loop, or with a session."""
    if at.to is None:
        is_there = _is_called_there(at, name, codebase)
        return is_there and name.rpartition(".")[2] not in _NOT_AT_ONCE
    if not isinstance(at.node, Call) or not _calls(at.node, at.function, at.to, codebase):
        return False
    if at.to.is_generator or at.to.decorators or at.to.owner is not None:
        return False
    reached = codebase.graph.reached(at.to)
    return len(reached) <= _MOST_FUNCTIONS and all(
        not each.is_async
        and not each.details.entered
        and all(_is_pure(call, codebase) for call in each.calls)
        for each in reached
    )


def _is_called_there(at: Spot, name: str, codebase: Codebase) -> bool:
    """Tell whether the call itself is what blocks: not what goes over its result."""
    if not isinstance(at.node, Call):
        return False
    value = codebase.resolver.value(at.node.function, at.function)
    return isinstance(value, External) and codebase.knowledge.canonical(
        value.name
    ) == codebase.knowledge.canonical(name)


def _calls(call: Call, function: Function, to: Function, codebase: Codebase) -> bool:
    value = codebase.resolver.value(call.function, function)
    return isinstance(value, FunctionValue) and value.function is to


def _is_pure(call: CallSite, codebase: Codebase) -> bool:
    match codebase.target(call):
        case External(name):
            return name.startswith(_PURE)
        case FunctionValue() | ClassValue():
            return True
    return False
