"""Where the good form of each practice occurs in the blueprint, asked of the application model."""

import re
from collections.abc import Callable

from fastwright.application.application import Application
from fastwright.codebase.definitions import Class
from fastwright.codebase.loading import Loading
from fastwright.codebase.values import External, FunctionValue, Instance
from fastwright.source.syntax import (
    Assign,
    Attribute,
    Collection,
    Conditional,
    Dict,
    ImportFrom,
    Name,
    Raise,
    Return,
    String,
    walk_all,
)
from tests.practices import ask

Form = Callable[[Application], bool]

CORS = "starlette.middleware.cors.CORSMiddleware"

FORMS: dict[str, Form] = {}


def form_of(practice: str) -> Callable[[Form], Form]:
    """Enter a predicate, which says in its docstring what it looks for."""

    def enter(form: Form) -> Form:
        assert practice not in FORMS, practice
        FORMS[practice] = form
        return form

    return enter


@form_of("async_routes/no-blocking-call")
def files_are_read_in_threads(application: Application) -> bool:
    """A route hands a function that reads files to `asyncio.to_thread`."""
    knowledge = application.codebase.knowledge
    return any(
        knowledge.blocking(name) == "file"
        for passed in ask.handed_to_threads(application, "asyncio.to_thread")
        for name in ask.library_calls(application, passed)
    )


@form_of("async_routes/no-cpu-bound-work")
def passwords_are_hashed_in_threads(application: Application) -> bool:
    """A login hands the function that hashes to an executor."""
    knowledge = application.codebase.knowledge
    return any(
        knowledge.cpu(name) == "hashing"
        for passed in ask.handed_to_threads(
            application, "asyncio.AbstractEventLoop.run_in_executor"
        )
        for name in ask.library_calls(application, passed)
    )


@form_of("async_routes/async-dependency")
def dependencies_are_async(application: Application) -> bool:
    """Every dependency is an `async def`."""
    functions = [
        function
        for dependency in application.written_dependencies
        for function in application.dependencies.functions(dependency)
    ]
    return bool(functions) and all(function.is_async for function in functions)


@form_of("async_routes/await-coroutine")
def services_are_awaited(application: Application) -> bool:
    """Routes call functions of services that are coroutines, and await every one."""
    coroutines = [
        call
        for route in application.routes
        for call in route.function.calls
        if isinstance(called := application.codebase.target(call), FunctionValue)
        and called.function.is_async
        and not called.function.is_generator
    ]
    return bool(coroutines) and all(call.is_awaited for call in coroutines)


@form_of("dependencies/annotated-dependency")
def dependencies_are_aliases(application: Application) -> bool:
    """Routes take dependencies by `Annotated` aliases out of other modules."""
    return any(
        dependency.parameter is not None
        and not dependency.is_default
        and dependency.scope.module is not route.function.module
        for route in application.routes
        for dependency in application.dependencies_of(route)
    )


@form_of("dependencies/depend-on-callable")
def dependencies_are_callables(application: Application) -> bool:
    """`Depends` gets functions, and objects with a `__call__` of their own."""
    provided = [each.provided for each in application.written_dependencies]
    return any(isinstance(each, FunctionValue) for each in provided) and any(
        isinstance(each, Instance) and isinstance(each.of, Class) for each in provided
    )


@form_of("dependencies/lookup-as-dependency")
def a_post_is_looked_up_by_a_dependency(application: Application) -> bool:
    """Several routes share one dependency that takes `post_id` and raises when there is none."""
    sharing = [
        route
        for route in application.routes
        if any(
            "post_id" in function.parameter_names and ask.raises_own(function, application)
            for dependency in application.dependency_tree(route)
            for function in application.dependencies.functions(dependency)
        )
    ]
    return len(sharing) > 2


@form_of("dependencies/consistent-path-names")
def a_post_has_one_name_in_paths(application: Application) -> bool:
    """Whatever follows `/posts/` in a path is called `post_id`."""
    paths = [path for route in application.routes if (path := route.path)]
    named = [name for path in paths for name in re.findall(r"/posts/{(\w+)}", path)]
    return len(named) > 2 and set(named) == {"post_id"}


@form_of("schemas/validator-raises-value-error")
def validators_raise_value_errors(application: Application) -> bool:
    """A function under `@field_validator` raises `ValueError`."""
    return any(
        ask.raised(each, function, application) == External("builtins.ValueError")
        for function in application.codebase.functions
        if ask.is_decorated(function, application, "pydantic.field_validator")
        for each in walk_all(function.body)
        if isinstance(each, Raise)
    )


@form_of("schemas/default-factory")
def defaults_are_made_when_needed(application: Application) -> bool:
    """A field has a `default_factory`."""
    return bool(list(ask.fields_with(application, "default_factory")))


@form_of("schemas/no-table-as-body")
def bodies_are_schemas(application: Application) -> bool:
    """Writing routes take schemas."""
    return any(
        ask.model_of(parameter.annotation, route.function, application) in application.schemas
        for route in ask.writing_routes(application)
        for parameter in route.function.parameters
    )


@form_of("schemas/no-secret-in-response")
def an_account_is_answered_without_its_password(application: Application) -> bool:
    """A response shares fields with the table of accounts, but not the password's hash."""
    (accounts,) = (each for each in application.tables if "hashed_password" in each.fields)
    shared = [
        answered.fields.keys() & accounts.fields.keys()
        for route in application.routes
        if (answered := ask.answer_of(route, application)) in application.schemas and answered
    ]
    return max(map(len, shared)) > 3 and not any("hashed_password" in each for each in shared)


@form_of("schemas/aware-datetime")
def now_has_a_time_zone(application: Application) -> bool:
    """`datetime.now` is always given a time zone."""
    calls = list(application.codebase.calls_to("datetime.datetime.now"))
    return bool(calls) and all(call.node.arguments for call in calls)


@form_of("settings/no-hardcoded-secret")
def secrets_are_settings(application: Application) -> bool:
    """A secret is a field of settings, without a literal that would stand in for it."""
    fields = [
        field
        for settings in application.settings
        for name, field in settings.fields.items()
        if name.endswith("_secret")
    ]
    return bool(fields) and not any(isinstance(field.default, String) for field in fields)


@form_of("settings/decoupled-settings")
def domains_have_settings_of_their_own(application: Application) -> bool:
    """Several packages have settings under a prefix of their own."""
    prefixes = {
        call.function.module.folder: prefix.value
        for call in application.codebase.calls_to("pydantic_settings.SettingsConfigDict")
        if isinstance(prefix := call.node.keyword("env_prefix"), String)
    }
    return len(prefixes) > 2 and len(set(prefixes.values())) == len(prefixes)


@form_of("database/async-session")
def sessions_are_async(application: Application) -> bool:
    """Routes are given an `AsyncSession`."""
    injected = application.dependencies.injected
    return any(
        isinstance(value := injected(parameter, route.function), Instance)
        and application.codebase.is_a(value.of, "sqlalchemy.ext.asyncio.AsyncSession")
        for route in application.routes
        for parameter in route.function.parameters
    )


@form_of("database/no-query-in-loop")
def a_list_is_no_query_a_row(application: Application) -> bool:
    """A list of posts, with their authors and likes, is read by calls that no loop repeats."""
    calls = [
        call
        for function in application.reached_from(ask.route_of("GET", "/posts", application))
        for call in function.calls
        if isinstance(called := application.codebase.target(call), FunctionValue)
        and called.function.qualified_name in {"Database.fetch", "Database.fetch_one"}
    ]
    return bool(calls) and not any(call.is_in_loop for call in calls)


@form_of("database/bounded-list")
def lists_have_pages(application: Application) -> bool:
    """The size of a page has an upper bound, and the query has a `limit`."""
    (bounded,) = (field for field in ask.fields_with(application, "le") if field == "limit")
    return bool(bounded) and any(application.codebase.calls_to("sqlalchemy.Select.limit"))


@form_of("database/no-sql-formatting")
def values_are_bound(application: Application) -> bool:
    """SQL that is written as text names its values, which are passed beside it."""
    return any(
        isinstance(text := call.node.argument(0, "text"), String) and ":key" in (text.value or "")
        for call in application.codebase.calls_to("sqlalchemy.text")
    )


@form_of("database/naming-convention")
def constraints_are_named(application: Application) -> bool:
    """The metadata of the tables is given a naming convention."""
    return any(
        isinstance(statement, Assign)
        and isinstance(statement.value, Dict)
        and any(
            isinstance(target, Attribute) and target.name == "naming_convention"
            for target in statement.targets
        )
        for module in application.codebase.modules
        for statement in module.body
    )


@form_of("database/table-names")
def tables_are_named_in_one_way(application: Application) -> bool:
    """Tables are called as one row is, with the domain before it, and have `_at` and `_date`."""
    names = {table.table_name for table in application.tables}
    fields = {name.rpartition("_")[2] for table in application.tables for name in table.fields}
    return {"post", "post_like"} <= names and {"at", "date"} <= fields


@form_of("migrations/import-all-models")
def migrations_know_all_tables(application: Application) -> bool:
    """The environment of migrations imports every module with tables."""
    (environment,) = application.migrations.environments
    loaded = Loading(application.codebase).of(environment.module).modules
    modules = {table.definition.module for table in application.tables}
    return len(modules) > 1 and modules <= loaded


@form_of("migrations/dated-filenames")
def revisions_are_dated(application: Application) -> bool:
    """`alembic.ini` says so, and the files of revisions are called like that."""
    (environment,) = application.migrations.environments
    template = environment.settings["file_template"]
    stems = [each.module.stem for each in environment.revisions]
    return (
        all(f"({part})" in template for part in ("year", "month", "day", "slug"))
        and len(stems) > 1
        and all(re.fullmatch(r"\d{4}-\d\d-\d\d_[a-z_]+", stem) for stem in stems)
    )


@form_of("rest/unique-route")
def each_path_has_a_route_for_each_method(application: Application) -> bool:
    """One path has several routes, each for a method of its own."""
    served = [(method, route.path) for route in application.routes for method in route.methods]
    paths = {path for _, path in served}
    return len(paths) < len(served) == len(set(served))


@form_of("rest/reachable-route")
def a_fixed_path_comes_first(application: Application) -> bool:
    """`/dev/mailbox/messages` is registered before `/dev/mailbox/{key}`, which would catch it."""
    matching = application.matching
    return any(
        one.path.is_fixed and other.catches(one) and matching.is_before(one, other)
        for one in matching.candidates
        for other in matching.candidates
        if one.route and other.route and other is not one and not other.path.is_fixed
    )


@form_of("rest/included-router")
def every_router_is_included(application: Application) -> bool:
    """All routers are included in the application, one for each domain."""
    routers = {router for router in application.routers.all if not router.is_application}
    included = {each.child for router in application.routers.all for each in router.includes}
    return len(routers) > 2 and routers <= included


@form_of("responses/declared-response")
def answers_are_declared(application: Application) -> bool:
    """Every route has a return type."""
    return all(route.function.node.returns is not None for route in application.routes)


@form_of("responses/raise-http-exception")
def errors_are_raised(application: Application) -> bool:
    """Dependencies raise errors out of the tree of exceptions, which become problems."""
    return any(
        ask.raises_own(function, application)
        for dependency in application.written_dependencies
        for function in application.dependencies.functions(dependency)
    )


@form_of("responses/no-double-serialization")
def what_was_found_is_returned(application: Application) -> bool:
    """A route with a response model returns what it was given, under its own name."""
    return any(
        isinstance(statement, Return) and isinstance(statement.value, Name)
        for route in application.routes
        if route.keyword("response_model") is not None
        for statement in route.function.body
    )


@form_of("security/verified-jwt")
def tokens_are_verified(application: Application) -> bool:
    """Tokens are decoded with a list of algorithms that the token has no say in."""
    calls = list(application.codebase.calls_to("jwt.decode", "jwt.decode_complete"))
    return bool(calls) and all(
        isinstance(call.node.keyword("algorithms"), Collection) for call in calls
    )


@form_of("security/maintained-auth-libraries")
def libraries_are_maintained(application: Application) -> bool:
    """PyJWT and pwdlib stand where python-jose and passlib used to."""
    names = application.requirements.names
    return all(map(names, ("pyjwt", "pwdlib"))) and not any(map(names, ("python-jose", "passlib")))


@form_of("security/strong-password-hash")
def passwords_are_hashed_slowly(application: Application) -> bool:
    """Argon2 hashes the passwords."""
    return any(application.codebase.calls_to("pwdlib.hashers.argon2.Argon2Hasher"))


@form_of("security/no-credentials-for-any-origin")
def origins_are_chosen(application: Application) -> bool:
    """CORS lets in the origins of the settings, and without credentials."""
    (call,) = (
        call
        for call in application.codebase.calls_to("fastapi.FastAPI.add_middleware")
        if ask.argument(call, 0, application) == External(CORS)
    )
    return (
        isinstance(call.node.keyword("allow_origins"), Attribute)
        and call.node.keyword("allow_credentials") is None
    )


@form_of("security/authenticated-writes")
def writing_takes_a_token(application: Application) -> bool:
    """Whoever writes posts is known by a bearer token, somewhere in the tree of dependencies."""
    writing = [
        route
        for route in ask.writing_routes(application)
        if (route.path or "").startswith("/posts")
    ]
    return bool(writing) and all(
        any(
            isinstance(each.provided, Instance)
            and application.codebase.is_a(each.provided.of, "fastapi.security.OAuth2PasswordBearer")
            for each in application.dependency_tree(route)
        )
        for route in writing
    )


@form_of("security/docs-closed-in-production")
def documentation_is_a_setting(application: Application) -> bool:
    """The OpenAPI document has an address only where the settings show it."""
    (call,) = application.codebase.calls_to("fastapi.FastAPI")
    return isinstance(call.node.keyword("openapi_url"), Conditional)


@form_of("lifecycle/lifespan")
def the_application_has_a_lifespan(application: Application) -> bool:
    """What runs at the start and at the end stands in one `lifespan`."""
    (call,) = application.codebase.calls_to("fastapi.FastAPI")
    return call.node.keyword("lifespan") is not None


@form_of("structure/explicit-module-imports")
def other_domains_are_imported_as_modules(application: Application) -> bool:
    """Posts import `src.auth` by its modules, under names that say so."""
    imported = [
        alias.bound
        for module in application.codebase.modules
        if module.folder == "src/posts"
        for statement in module.body
        if isinstance(statement, ImportFrom) and statement.module == "src.auth"
        for alias in statement.names
    ]
    return bool(imported) and all(name.startswith("auth_") for name in imported)


@form_of("testing/async-test-client")
def tests_call_the_application_in_their_loop(application: Application) -> bool:
    """Tests speak to the application through an ASGI transport."""
    codebase = application.codebase
    return any(codebase.calls_in_tests("httpx2.ASGITransport")) and not any(
        codebase.calls_in_tests("fastapi.testclient.TestClient")
    )
