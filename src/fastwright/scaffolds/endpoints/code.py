"""The Python of an endpoint: its route, and the function of the service behind it."""

from fastwright.scaffolds.endpoints.routers import Route
from fastwright.scaffolds.endpoints.wording import Endpoint


def route(
    endpoint: Endpoint, sibling: Route, parameters: list[str], arguments: str, response: str
) -> str:
    """Return the route; what the sibling's decorator depends on, its own does too."""
    options = [f'"{endpoint.own_path}"']
    if dependencies := sibling.options.get("dependencies"):
        options.append(f"dependencies={dependencies}")
    options.append(f'summary="{endpoint.summary}"')
    return (
        f"@router.{endpoint.method.lower()}({', '.join(options)})\n"
        f"async def {endpoint.function}({', '.join(parameters)}) -> {response}:\n"
        f"    return await service.{endpoint.function}({arguments})\n"
    )


def giving_back(endpoint: Endpoint, found: str, response: str) -> str:
    """Return a function that answers with the thing itself."""
    return (
        f"async def {endpoint.function}(*, {endpoint.entity}: {found}) -> {response}:\n"
        f'    """{endpoint.summary}: so far it is given back as it is."""\n'
        f"    return {endpoint.entity}\n"
    )


def counting(endpoint: Endpoint, model: str, response: str, keys: list[str]) -> str:
    """Return a function that answers how many there are with these keys."""
    parameters = ", *" * bool(keys) + "".join(f", {key}: int" for key in keys)
    conditions = ", ".join(f"col({model}.{key}) == {key}" for key in keys)
    narrowed = f"counted = counted.where({conditions})\n    " if keys else ""
    return (
        f"async def {endpoint.function}"
        f"(session: AsyncSession{parameters}) -> {response}:\n"
        f'    """{endpoint.summary}: so far it is told how many there are."""\n'
        f"    counted = sqlalchemy.select(sqlalchemy.func.count()).select_from({model})\n"
        f"    {narrowed}"
        f"count = (await (await session.connection()).execute(counted)).scalar_one()\n"
        f"    return {response}(count=count)\n"
    )
