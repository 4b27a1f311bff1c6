"""Prints what can be observed of a FastAPI application, as one JSON object.

It runs by itself, in the environment of the application's project: it uses the standard library
and what that environment has, from FastAPI 0.68 and Pydantic 1 on, and Python 3.8. No lifespan is
run and nothing is served. What the application prints goes to standard error.

    python snapshot.py MODULE:ATTRIBUTE FOLDER…

The folders are put before `sys.path`, in the place of this script's own.
"""

import importlib
import inspect
import json
import os
import sys
from functools import partial


def main():
    """Import the application and print its contract."""
    output = os.dup(1)
    os.dup2(2, 1)
    reference, *folders = sys.argv[1:]
    # This folder has modules of its own, which a project may have by the same names.
    sys.path[:1] = folders
    app = _application(reference)
    document = json.dumps(_contract(app), sort_keys=True, default=_text)
    with os.fdopen(output, "w", encoding="utf-8") as stream:
        stream.write(document)
    # Threads and pools that the application has started are no reason to wait.
    sys.stderr.flush()
    os._exit(0)


def _application(reference):
    module, _, path = reference.partition(":")
    found = importlib.import_module(module)
    for name in path.split("."):
        found = getattr(found, name)
    if not hasattr(found, "routes") and callable(found):
        found = found()
    return found


def _contract(app):
    import fastapi
    import pydantic

    return {
        "versions": {
            "fastapi": fastapi.__version__,
            "pydantic": str(pydantic.VERSION),
            "python": "{}.{}".format(*sys.version_info[:2]),
        },
        "routes": _routes(app),
        "middleware": [_middleware(each) for each in getattr(app, "user_middleware", [])],
        "exception_handlers": sorted(
            [_name(key), _name(value)] for key, value in _handlers(app).items()
        ),
        "lifespan": _lifespan(app),
        "openapi": _openapi(app),
        "tables": _tables(),
    }


def _openapi(app):
    make = getattr(app, "openapi", None)
    if make is None:
        return {}
    return json.loads(json.dumps(make(), default=_text))


def _handlers(app):
    return dict(getattr(app, "exception_handlers", None) or {})


def _lifespan(app):
    router = getattr(app, "router", app)
    return {
        "context": _name(getattr(router, "lifespan_context", None)),
        "startup": [_name(each) for each in getattr(router, "on_startup", None) or []],
        "shutdown": [_name(each) for each in getattr(router, "on_shutdown", None) or []],
    }


def _middleware(found):
    options = getattr(found, "kwargs", None)
    if options is None:
        options = getattr(found, "options", {})
    positional = list(getattr(found, "args", ()))
    return {
        "class": _name(found.cls),
        "options": {key: _text(value) for key, value in sorted(options.items())},
        "arguments": [_text(each) for each in positional],
    }


def _routes(app, prefix=""):
    found = []
    for route in _in_order(app):
        found.extend(_route(route, prefix))
    return found


def _in_order(app):
    """Return the routes in the order in which they are tried, those of routers in place."""
    try:
        from fastapi.routing import iter_route_contexts
    except ImportError:
        found = []
        for route in app.routes:  # a tree from 0.137 on, before that was there
            below = getattr(route, "effective_route_contexts", None)
            found.extend(below() if below is not None else [route])
        return found
    return list(iter_route_contexts(app.routes))


def _route(route, prefix):
    original = getattr(route, "original_route", route)
    kind = type(original).__name__
    path = prefix + (getattr(route, "path", None) or "")
    inner = getattr(original, "app", None)
    if kind == "Mount" and getattr(inner, "routes", None) and not hasattr(original, "endpoint"):
        mount = {"kind": "mount", "path": path, "methods": [], "name": None, "async": None}
        return [mount] + _routes(inner, path)
    endpoint = getattr(route, "endpoint", None)
    described = {
        "kind": "websocket" if "WebSocket" in kind else "mount" if kind == "Mount" else "route",
        "path": path,
        "methods": sorted(getattr(route, "methods", None) or []),
        "name": getattr(route, "name", None),
        "async": _kind(endpoint),
    }
    if hasattr(original, "dependant"):
        described.update(_of_fastapi(_effective(route)))
    in_schema = getattr(original, "include_in_schema", False) and described.get("in_schema", True)
    # The application's own OpenAPI knows nothing of what is mounted in it.
    described["in_schema"] = bool(in_schema and described["kind"] == "route" and not prefix)
    return [described]


def _effective(route):
    """Return what knows a route's own settings and those of the routers around it."""
    return getattr(route, "_effective_route", route)


def _of_fastapi(route):
    response_class = getattr(route, "response_class", None)
    response_class = getattr(response_class, "value", response_class)
    dependant = getattr(route, "dependant", None)
    return {
        "operation_id": getattr(route, "operation_id", None) or getattr(route, "unique_id", None),
        "status_code": getattr(route, "status_code", None),
        "response_class": _name(response_class),
        "in_schema": getattr(route, "include_in_schema", True),
        "excludes": {
            name: _text(getattr(route, name, None))
            for name in (
                "response_model_include",
                "response_model_exclude",
                "response_model_by_alias",
                "response_model_exclude_unset",
                "response_model_exclude_defaults",
                "response_model_exclude_none",
            )
        },
        "dependencies": _dependencies(dependant) if dependant is not None else [],
    }


def _dependencies(dependant):
    return [
        {
            "call": _name(each.call),
            "async": _kind(each.call),
            "cached": getattr(each, "use_cache", True),
            "scopes": sorted(_scopes(each)),
            "scope": getattr(each, "scope", None),
            "dependencies": _dependencies(each),
        }
        for each in dependant.dependencies
    ]


def _scopes(dependant):
    for name in ("own_oauth_scopes", "security_scopes"):
        found = getattr(dependant, name, None)
        if found:
            return [str(getattr(each, "value", each)) for each in found]
    return []


def _kind(call):
    """Return how a callable is run: awaited, in a thread, and whether it yields."""
    while isinstance(call, partial):
        call = call.func
    if call is not None and not inspect.isroutine(call) and not inspect.isclass(call):
        call = getattr(call, "__call__", call)
    if inspect.isasyncgenfunction(call):
        return "async generator"
    if inspect.isgeneratorfunction(call):
        return "generator"
    return "async" if inspect.iscoroutinefunction(call) else "sync"


def _name(value):
    """Return the last name of a class or function; of another object, its class's."""
    while isinstance(value, partial):
        value = value.func
    if value is None or isinstance(value, (str, int)):
        return str(value)
    name = getattr(value, "__qualname__", None) or type(value).__qualname__
    return name.replace("<locals>.", "").rpartition(".")[2]


def _text(value):
    """Return something that says the same in each process: never an address in memory."""
    if isinstance(value, (set, frozenset)):
        return sorted((_text(each) for each in value), key=str)
    if isinstance(value, (list, tuple)):
        return [_text(each) for each in value]
    if isinstance(value, dict):
        return {str(key): _text(each) for key, each in value.items()}
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    shown = str(value)
    return type(value).__name__ if " at 0x" in shown or "object at" in shown else shown


def _tables():
    """Return the tables of every metadata that the imported modules hold."""
    module = sys.modules.get("sqlalchemy")
    if module is None:
        return {}
    found, seen = {}, set()
    for loaded in list(sys.modules.values()):
        for value in list(vars(loaded).values()) if hasattr(loaded, "__dict__") else []:
            metadata = value if isinstance(value, module.MetaData) else None
            if metadata is None and isinstance(value, type):
                metadata = getattr(value, "metadata", None)
            if isinstance(metadata, module.MetaData) and id(metadata) not in seen:
                seen.add(id(metadata))
                for name, table in metadata.tables.items():
                    found[name] = _table(table)
    return found


def _table(table):
    return {
        "columns": {column.name: _column(column) for column in table.columns},
        "indexes": sorted(
            [str(index.name), [_text(each) for each in index.expressions], bool(index.unique)]
            for index in table.indexes
        ),
        "constraints": sorted(_constraint(each) for each in table.constraints),
    }


def _column(column):
    default, server = column.default, column.server_default
    return {
        "type": str(column.type),
        "nullable": bool(column.nullable),
        "primary_key": bool(column.primary_key),
        "default": type(default).__name__ if default is not None else None,
        "server_default": _text(getattr(server, "arg", None)) if server is not None else None,
        "references": sorted(str(each.target_fullname) for each in column.foreign_keys),
    }


def _constraint(constraint):
    columns = [column.name for column in getattr(constraint, "columns", [])]
    text = _text(getattr(constraint, "sqltext", ""))
    return [type(constraint).__name__, str(constraint.name), columns, str(text)]


if __name__ == "__main__":
    main()
