"""The tools that add something to a project, and take it back: each shows a plan first."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from mcp.server.mcpserver import Context
from mcp_types import CallToolResult
from pydantic import Field

from fastwright.mcp import answers, grants, tasks, work
from fastwright.mcp.calls import Budget, Text, Where, report_to, structured, told
from fastwright.mcp.grants import ClientRoots, Place
from fastwright.mcp.plans import Plans
from fastwright.mcp.schemas import AddAnswer, UndoAnswer
from fastwright.reports.json import Document
from fastwright.scaffolds import room, rooms
from fastwright.verbs import add
from fastwright.verbs.add import Target

PlanId = Annotated[Text | None, Field(description="Of the plan that is to be carried out")]
_FIELD = (
    "In the field language: title:str{200} body:text price:decimal{10,2}:index rating:int{1..5}? "
    "email:email:unique slug:slug status:enum{draft,live}=draft tags:list[str] starts_at:datetime "
    "data:json author:ref[users]:set-null secret:str:write-only"
)
_SYMBOL = "package.module:name, where the project leaves it open"
Symbol = Annotated[Text | None, Field(description=_SYMBOL)]


class AddingTools:
    """The tools of one server, which was started with folders of its own."""

    def __init__(self, own: tuple[Path, ...]) -> None:
        self._own = own
        self._plans = Plans()

    async def add_domain(
        self,
        *,
        context: Context,
        roots: ClientRoots,
        name: Annotated[Text, Field(description="In the plural: comments, blog_posts")],
        fields: Annotated[list[Text], Field(description=_FIELD, max_length=100)],
        path: Where = ".",
        under: Annotated[
            Text | None, Field(description="The domain under whose path it lies: posts")
        ] = None,
        owner: Annotated[bool, Field(description="Each belongs to who made it")] = False,
        threaded: Annotated[bool, Field(description="They answer one another")] = False,
        soft_delete: bool = False,
        likeable: bool = False,
        searchable: Annotated[
            list[Text] | None, Field(description="The fields that a search looks into")
        ] = None,
        public_read: Annotated[bool, Field(description="Reading needs no account")] = False,
        tests: bool = True,
        domain_layout: Annotated[
            bool, Field(description="A folder for it, also in a project laid out by layer")
        ] = False,
        router: Symbol = None,
        base: Symbol = None,
        session: Symbol = None,
        user: Symbol = None,
        users: Annotated[Text | None, Field(description="Which table holds users")] = None,
        plan_id: PlanId = None,
        max_tokens: Budget = 4000,
    ) -> Annotated[CallToolResult, AddAnswer]:
        """Add a whole domain in the project's own style: tables, routes, rules, tests, revision.

        Without `plan_id` nothing is written: a plan is shown. Call it again with the plan's id and
        the same arguments to write all of it or nothing. In projects of `new` the revision is
        tried against an empty database; in others the command for it is shown.
        """
        with told():
            place = grants.granted(roots, self._own).place(path)
            given = rooms.Given(
                router=_symbol("router", router),
                base=_symbol("base", base),
                session=_symbol("session", session),
                user=_symbol("user", user),
                users=users,
                is_by_domain=domain_layout,
            )
            target = Target(place.path, within=place.within, given=given)
            wanted = add.asked(
                name,
                fields,
                target,
                parent=under,
                is_owned=owner,
                is_threaded=threaded,
                is_soft_deleted=soft_delete,
                is_likeable=likeable,
                searchable=tuple(searchable or ()),
                is_read_by_all=public_read,
                has_tests=tests,
            )
            asked = (tasks.add_domain, wanted, target)
            return await self._add(context, place, plan_id, max_tokens, *asked)

    async def add_field(
        self,
        *,
        context: Context,
        roots: ClientRoots,
        domain: Annotated[Text, Field(description="posts")],
        field: Annotated[Text, Field(description=_FIELD)],
        existing: Annotated[
            Text | None, Field(description="What rows get that are there already")
        ] = None,
        path: Where = ".",
        plan_id: PlanId = None,
        max_tokens: Budget = 4000,
    ) -> Annotated[CallToolResult, AddAnswer]:
        """Add a field to a domain with its schemas, tests and revision, in a project of `new`.

        Without `plan_id` nothing is written; call it again with the plan's id to write it.
        """
        with told():
            place = grants.granted(roots, self._own).place(path)
            asked = (
                tasks.add_field,
                domain,
                field,
                existing,
                Target(place.path, within=place.within),
            )
            return await self._add(context, place, plan_id, max_tokens, *asked)

    async def add_endpoint(
        self,
        *,
        context: Context,
        roots: ClientRoots,
        domain: Annotated[Text, Field(description="posts")],
        method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"],
        route: Annotated[Text, Field(description="Behind the domain's path: /{post_id}/publish")],
        path: Where = ".",
        plan_id: PlanId = None,
        max_tokens: Budget = 4000,
    ) -> Annotated[CallToolResult, AddAnswer]:
        """Add a route with its service function and tests, in a project of `new`.

        Without `plan_id` nothing is written; call it again with the plan's id to write it.
        """
        with told():
            place = grants.granted(roots, self._own).place(path)
            asked = (
                tasks.add_endpoint,
                domain,
                method,
                route,
                Target(place.path, within=place.within),
            )
            return await self._add(context, place, plan_id, max_tokens, *asked)

    async def add_client(
        self,
        *,
        context: Context,
        roots: ClientRoots,
        name: Annotated[Text, Field(description="weather, tax_rates")],
        path: Where = ".",
        plan_id: PlanId = None,
        max_tokens: Budget = 4000,
    ) -> Annotated[CallToolResult, AddAnswer]:
        """Add a package for an outside HTTP service, in a project of `new`.

        Without `plan_id` nothing is written; call it again with the plan's id to write it.
        """
        with told():
            place = grants.granted(roots, self._own).place(path)
            asked = (tasks.add_client, name, Target(place.path, within=place.within))
            return await self._add(context, place, plan_id, max_tokens, *asked)

    async def undo(
        self,
        *,
        context: Context,
        roots: ClientRoots,
        path: Where = ".",
        plan_id: PlanId = None,
        max_tokens: Budget = 4000,
    ) -> Annotated[CallToolResult, UndoAnswer]:
        """Take back what the last tool of `add` has written, if nothing of it has changed since.

        Without `plan_id` nothing is written; call it again with the plan's id to do it.
        """
        with told():
            place = grants.granted(roots, self._own).place(path)
            asked = (tasks.undo, place.path, place.within)
            found = await work.run(*asked, False, report=report_to(context))
            shown = self._plans.show(found) if plan_id is None else None
            if plan_id is not None:
                self._plans.take(plan_id, found)
                found = await work.run(*asked, True, report=report_to(context))
            return structured(UndoAnswer.model_validate(answers.written(found, shown, max_tokens)))

    async def _add(
        self,
        context: Context,
        place: Place,
        plan_id: str | None,
        max_tokens: int,
        task: Callable[..., Any],
        *asked: object,
    ) -> CallToolResult:
        """Show a plan, or carry out the one that was shown, if it is of the same call and files."""
        report = report_to(context)
        if plan_id is not None:
            plan = self._plans.take(plan_id, await self._key(context, place, task, asked))
            done: Document = await work.run(tasks.apply_added, plan, report=report)
            return _added(done, None, max_tokens)
        plan, found = await work.run(task, *asked, report=report)
        key = await self._key(context, place, task, asked)
        can_be = plan.rewrites and not plan.conflicts
        return _added(found, self._plans.show(key, plan) if can_be else None, max_tokens)

    async def _key(
        self, context: Context, place: Place, task: Callable[..., Any], asked: tuple[object, ...]
    ) -> Mapping[str, object]:
        state = await work.run(tasks.state, (place.path,), place.within, report=report_to(context))
        return {"call": repr((task.__name__, asked)), "state": state}


def _added(found: Document, plan_id: str | None, most: int) -> CallToolResult:
    return structured(AddAnswer.model_validate(answers.written(found, plan_id, most)))


def _symbol(name: str, written: str | None) -> room.Symbol | None:
    return None if written is None else rooms.symbol(written, name)
