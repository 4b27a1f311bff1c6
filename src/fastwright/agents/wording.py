"""The texts for agents, in the form that each assistant reads."""

from functools import cache
from importlib import resources

from fastwright.agents.assistants import Assistant

BEGIN, END = "<!-- fastwright:begin -->", "<!-- fastwright:end -->"
NAME = "fastapi-backend-developer"
_DESCRIPTION = (
    "Develops, reviews and refactors FastAPI backends by domain, with fastwright's deterministic "
    "review. Use it for endpoints, dependencies, authentication, schemas, SQLModel or SQLAlchemy "
    "models, migrations, background jobs and tests of a FastAPI project, and for questions on how "
    "to structure one."
)


def section() -> str:
    """Return the section of AGENTS.md, between its markers."""
    return f"{BEGIN}\n{_text('section.md')}{END}\n"


def skill() -> str:
    """Return the skill's file."""
    return _text("skill.md")


def agent(assistant: Assistant | None = None) -> str:
    """Return the agent's definition, as an assistant reads it; by default as most of them do."""
    body = _text("agent.md")
    if assistant is not None and assistant.agent.endswith(".toml"):
        return (
            f'name = "{NAME}"\ndescription = "{_DESCRIPTION}"\n'
            f'developer_instructions = """\n{body}"""\n'
        )
    if assistant is not None and "/workflows/" in assistant.agent:
        return f"---\ndescription: {_DESCRIPTION}\n---\n\n{body}"
    return f"---\nname: {NAME}\ndescription: {_DESCRIPTION}\n---\n\n{body}"


@cache
def _text(name: str) -> str:
    return resources.files(__package__).joinpath("texts", name).read_text("utf-8")
