"""Lists an endpoint in the tests' matrix of routes, and writes a test file of its own."""

from fastwright.scaffolds.draft import Draft
from fastwright.scaffolds.endpoints.routers import Route
from fastwright.scaffolds.endpoints.wording import Endpoint
from fastwright.scaffolds.splicing import CannotBePutError, Node, assignment, into, text_of

# What the sibling is asked with, and answers with.
_ITS_OWN = {"body", "form", "status", "writable"}


def list_route(draft: Draft, endpoint: Endpoint, sibling: Route) -> None:
    """Let the matrix say whom the endpoint is for, as its sibling does; and test it."""
    path = f"tests/{endpoint.domain}/routes.py"
    entry = _entry(draft.root_of(path), sibling)
    value = _without_its_own(entry) if entry else "Route(Access.USER)"
    pair = f'("{endpoint.method}", "{endpoint.path}"): {value}'

    def change(text: bytes, root: Node) -> bytes:
        routes = _routes(root)
        before = _entry(root, sibling)
        if routes is None or before is None:
            raise CannotBePutError
        return into(text, routes, pair, after=before)

    draft.change(
        path,
        change,
        snippet=f"    {pair},",
        why="ROUTES does not show whom such a route is for: say it here, in the right words.",
    )
    draft.put(
        f"tests/{endpoint.domain}/test_{endpoint.function}.py",
        _tests(endpoint, is_owned="Access.OWNER" in value, is_open="Access.USER" not in value),
    )


def _routes(root: Node | None) -> Node | None:
    found = assignment(root, "ROUTES") if root else None
    routes = found.child_by_field_name("right") if found else None
    return routes if routes is not None and routes.type == "dictionary" else None


def _entry(root: Node | None, route: Route) -> Node | None:
    """Return the pair of a route in the matrix, whose value is a call."""
    routes = _routes(root)
    key = f'("{route.method}", "{route.path}")'
    for pair in routes.named_children if routes else ():
        value = pair.child_by_field_name("value") if pair.type == "pair" else None
        is_call = value is not None and value.type == "call"
        if is_call and text_of(pair.child_by_field_name("key")) == key:
            return pair
    return None


def _without_its_own(pair: Node) -> str:
    """Return the value of a pair without what only its own route is asked with."""
    call = pair.child_by_field_name("value")
    arguments = call.child_by_field_name("arguments") if call else None
    kept = [
        text_of(each)
        for each in (arguments.named_children if arguments else ())
        if each.type != "comment" and text_of(each.child_by_field_name("name")) not in _ITS_OWN
    ]
    return f"Route({', '.join(kept)})"


def _tests(endpoint: Endpoint, *, is_owned: bool, is_open: bool) -> str:
    is_about_one, has_path = endpoint.is_about_one, "{" in endpoint.path
    tests = [_answers_with_it(endpoint) if is_about_one else _counts(endpoint)]
    if not is_open or is_owned:
        tests.append(_refuses(is_owned=is_owned))
    if has_path:
        tests.append(_misses())
    used = ["ROUTES"] if has_path or is_owned else []
    used += ["call", "make_things"]
    imports = [
        *(["import httpx2\n\n"] if not is_open or is_owned else []),
        "from tests.accounts import Account\n",
        *(["from tests.contract import assert_problem\n"] if len(tests) > 1 else []),
        f"from tests.routes import {', '.join(used)}\n",
    ]
    head = f'"""{endpoint.summary}: who can, and what comes of it."""\n\n'
    key = f'\nKEY = ("{endpoint.method}", "{endpoint.path}")\n'
    return head + "".join(imports) + key + "".join(f"\n\n{test}" for test in tests)


def _answers_with_it(endpoint: Endpoint) -> str:
    return (
        "async def test_it_is_answered_with_the_thing_itself(author: Account) -> None:\n"
        "    things = await make_things(author, KEY)\n\n"
        "    response = await call(author.client, KEY, things)\n\n"
        "    assert response.status_code == 200, response.text\n"
        f'    assert response.json()["id"] == things["{endpoint.key}"]\n'
    )


def _counts(endpoint: Endpoint) -> str:
    if "{" in endpoint.path:
        return (
            "async def test_what_is_there_is_counted(author: Account) -> None:\n"
            "    things = await make_things(author, KEY)\n\n"
            "    response = await call(author.client, KEY, things)\n\n"
            "    assert response.status_code == 200, response.text\n"
            '    assert response.json() == {"count": 1}\n'
        )
    return (
        "async def test_what_is_there_is_counted(author: Account) -> None:\n"
        '    assert (await call(author.client, KEY)).json() == {"count": 0}\n\n'
        "    await make_things(author)\n\n"
        '    assert (await call(author.client, KEY)).json() == {"count": 1}\n'
    )


def _refuses(*, is_owned: bool) -> str:
    who = "nobody_but_its_owner" if is_owned else "nobody_without_an_account"
    others = ", author: Account, reader: Account" if is_owned else ", author: Account"
    foreign = (
        "    refusal = ROUTES[KEY].foreign\n"
        "    assert refusal\n"
        "    assert_problem(await call(reader.client, KEY, things), *refusal)\n"
        if is_owned
        else ""
    )
    return (
        f"async def test_{who}_is_let_in(client: httpx2.AsyncClient{others}) -> None:\n"
        "    things = await make_things(author, KEY)\n\n"
        '    assert_problem(await call(client, KEY, things), 401, "not_authenticated")\n'
        f"{foreign}"
    )


def _misses() -> str:
    return (
        "async def test_what_is_not_there_is_missing(author: Account) -> None:\n"
        "    assert_problem(await call(author.client, KEY), 404, str(ROUTES[KEY].missing))\n"
    )
