"""The tools: each translates its arguments, has a verb run, and shows what a model can take."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from mcp.server.mcpserver import Context
from mcp_types import CallToolResult
from pydantic import Field

from fastwright.errors import UsageError
from fastwright.mcp import answers, grants, tasks, work
from fastwright.mcp.answers import Section
from fastwright.mcp.calls import Budget, Cursor, Names, Text, Where, report_to, structured, told
from fastwright.mcp.grants import ClientRoots, Place
from fastwright.mcp.pages import Item, Part, Remembered
from fastwright.mcp.plans import Plans
from fastwright.mcp.schemas import (
    ContractAnswer,
    ExplainAnswer,
    FixAnswer,
    ModelAnswer,
    NewAnswer,
    ReviewAnswer,
)
from fastwright.practice import Kind
from fastwright.projects import blueprint
from fastwright.reports import json as reports
from fastwright.verbs import new as making
from fastwright.verbs.review import Options

_LONGEST = 4000  # tokens of an explanation


class Tools:
    """The tools of one server, which was started with folders of its own."""

    def __init__(self, own: tuple[Path, ...]) -> None:
        self._own = own
        self._plans = Plans()
        self._remembered = Remembered()

    async def review(
        self,
        *,
        context: Context,
        roots: ClientRoots,
        path: Where = ".",
        route: Annotated[
            Text | None, Field(description='One endpoint with all it reaches: "POST /posts"')
        ] = None,
        only: Annotated[Names, Field(description="Only these practices or topics")] = None,
        ignore: Annotated[Names, Field(description="All but these practices or topics")] = None,
        kind: Annotated[list[Kind] | None, Field(description="Only these kinds")] = None,
        diff: Annotated[
            Text | None, Field(description="Only what came in since this revision of git")
        ] = None,
        cursor: Cursor = None,
        max_tokens: Budget = 4000,
    ) -> Annotated[CallToolResult, ReviewAnswer]:
        """Review a FastAPI codebase across its files. Nothing of it is imported or run.

        All of the project around `path` is read; findings are told for `path`. Each says what to
        write instead. Use `route` for one endpoint and `diff` for a change.
        """
        with told():
            place = grants.granted(roots, self._own).place(path)
            _refuse_empty(route=route, diff=diff)
            options = Options(
                only=_names(only),
                ignore=_names(ignore),
                kinds=None if kind is None else tuple(kind),
                route=route,
                diff=diff,
                within=place.within,
            )
            found, key = await self._found(
                context, place, cursor, tasks.review, (place.path,), options
            )
            return structured(answers.review(found, Part(cursor, key, max_tokens)))

    async def explain(
        self,
        *,
        context: Context,
        roots: ClientRoots,
        topic: Annotated[
            str,
            Field(
                max_length=500,
                description="A practice (async_routes/no-blocking-call), a topic (security), a"
                ' pattern (auth-dependencies), or a question; "" lists all there is',
            ),
        ] = "",
        path: Annotated[
            str | None, Field(description="Show the places of this codebase too")
        ] = None,
    ) -> Annotated[CallToolResult, ExplainAnswer]:
        """Explain how something is done well in FastAPI, and why, with code that runs."""
        with told():
            place = None if path is None else grants.granted(roots, self._own).place(path)
            document = await work.run(
                tasks.explain,
                topic.strip() or None,
                None if place is None else (place.path,),
                None if place is None else place.within,
                report=report_to(context),
            )
            return structured(ExplainAnswer.model_validate(answers.briefly(document, _LONGEST)))

    async def project_model(
        self,
        *,
        context: Context,
        roots: ClientRoots,
        path: Where = ".",
        section: Annotated[Section | None, Field(description="None gives an overview")] = None,
        contains: Annotated[
            Text | None, Field(description="Only items with this text somewhere in them")
        ] = None,
        cursor: Cursor = None,
        max_tokens: Budget = 4000,
    ) -> Annotated[CallToolResult, ModelAnswer]:
        """Show what is understood of a FastAPI application: routes, dependencies, models, settings.

        Read the overview before you change a codebase that you do not know.
        """
        with told():
            place = grants.granted(roots, self._own).place(path)
            found, key = await self._found(
                context, place, cursor, tasks.model, place.path, place.within
            )
            part = Part(cursor, f"{key}{section}{contains}", max_tokens)
            answer = answers.model(found, str(place.path), section, contains, part)
            return structured(answer)

    async def contract(
        self,
        *,
        context: Context,
        roots: ClientRoots,
        path: Where = ".",
        diff: Annotated[
            Text | None, Field(description="Tell what has changed since this revision of git")
        ] = None,
        app: Annotated[
            Text | None, Field(description="What to import, if it is not found: package.module:app")
        ] = None,
        max_tokens: Budget = 4000,
    ) -> Annotated[CallToolResult, ContractAnswer]:
        """Show what clients can observe of the application, and what a change breaks for them.

        Unlike all other tools this one imports and runs the project, with the project's Python and
        in a process of its own; no request is served.
        """
        with told():
            place = grants.granted(roots, self._own).place(path)
            _refuse_empty(diff=diff, app=app)
            asked = (place.path, place.within, app, diff)
            found = await work.run(tasks.contract, *asked, report=report_to(context))
            part = "routes" if diff is None else "changes"
            shown, _ = Part(None, "", max_tokens).of(found[part])
            left = len(found[part]) - len(shown)
            return structured(ContractAnswer(**{**found, part: shown, "more": left}))

    async def fix(
        self,
        *,
        context: Context,
        roots: ClientRoots,
        path: Where = ".",
        only: Annotated[Names, Field(description="Only these practices or topics")] = None,
        ignore: Annotated[Names, Field(description="All but these practices or topics")] = None,
        unsafe: Annotated[
            bool, Field(description="Fixes too that may change what the code does")
        ] = False,
        allow_dirty: Annotated[
            bool, Field(description="Mend files with uncommitted changes too")
        ] = False,
        plan_id: Annotated[
            Text | None, Field(description="Of the plan that is to be carried out")
        ] = None,
        max_tokens: Budget = 4000,
    ) -> Annotated[CallToolResult, FixAnswer]:
        """Mend what `review` finds. Without `plan_id` nothing is written: the change is shown.

        The application is imported before and after, in copies of the project, if it can be; what
        would change its contract unmeant is refused. Call it again with the plan's id and the same
        arguments to write all files; it is all of them or none.
        """
        with told():
            place = grants.granted(roots, self._own).place(path)
            options = Options(only=_names(only), ignore=_names(ignore), within=place.within)
            asked = ((place.path,), options, unsafe, allow_dirty)
            found, root, rewrites = await work.run(tasks.fix, *asked, report=report_to(context))
            if plan_id is None:
                can_be = found["fixed"] and (found["proof"] is None or found["proof"]["holds"])
                shown = self._plans.show(found) if can_be else None
                return structured(answers.fix(found, shown, max_tokens))
            self._plans.take(plan_id, found)
            await work.run(tasks.write, root, rewrites, report=report_to(context))
            return structured(answers.fix({**found, "written": True}, None, max_tokens))

    async def new(
        self,
        *,
        context: Context,
        roots: ClientRoots,
        name: Annotated[Text, Field(description="Lower-case letters and digits: my-shop")],
        parent: Annotated[str, Field(description="The folder that will hold the project")] = ".",
        domains: Annotated[
            list[Text] | None,
            Field(
                description="Of posts, profiles, comments, notifications and media, with what they "
                "need; null: all of them, []: none. Accounts are always there"
            ),
        ] = None,
        install: Annotated[
            bool, Field(description="Install the packages too, from the network; takes a minute")
        ] = False,
        plan_id: Annotated[
            Text | None, Field(description="Of the plan that is to be carried out")
        ] = None,
    ) -> Annotated[CallToolResult, NewAnswer]:
        """Create a complete FastAPI project. Without `plan_id` nothing is written: a plan is shown.

        Call it again with the plan's id to make it; either all of it appears, or nothing.
        """
        with told():
            place = grants.granted(roots, self._own).place(parent)
            project = making.plan(name, parent=place.path, install=install, wanted=domains)
            plan = {**reports.project(project), "blueprint": blueprint.digest()}
            if plan_id is None:
                return structured(answers.project(plan, self._plans.show(plan), made=False))
            self._plans.take(plan_id, plan)
            done = await work.run(tasks.new, project, report=report_to(context))
            return structured(answers.project(done, None, made=True))

    async def _found(
        self,
        context: Context,
        place: Place,
        cursor: str | None,
        task: Callable[..., Item],
        *arguments: object,
    ) -> tuple[Item, str]:
        """Return a whole answer with its key: a remembered one, if no file has changed since.

        What has changed since a revision also depends on where that revision is by now.
        """
        call = hashlib.sha256(repr((task.__name__, arguments)).encode()).hexdigest()
        compares = any(isinstance(each, Options) and each.diff for each in arguments)
        if cursor is not None or (self._remembered.knows(call) and not compares):
            paths = (place.path,)
            state = await work.run(tasks.state, paths, place.within, report=report_to(context))
            known = self._remembered.find(f"{call}{state}")
            if known is not None:
                return known, _key(call, state)
        found = await work.run(task, *arguments, report=report_to(context))
        state = found.pop("state")
        self._remembered.keep(f"{call}{state}", found)
        return found, _key(call, state)


def _refuse_empty(**values: str | None) -> None:
    for name, value in values.items():
        if value is not None and not value.strip():
            raise UsageError(f"`{name}` is empty: give it a value, or leave it out.")


def _names(given: list[str] | None) -> tuple[str, ...] | None:
    return None if given is None else tuple(given)


def _key(call: str, state: str) -> str:
    return hashlib.sha256(f"{call}{state}".encode()).hexdigest()[:16]
