"""What a decorator makes of a function is what the function's name stands for from then on."""

import pytest

from fastwright.application import application
from fastwright.codebase.values import FunctionValue

JOBS = """\
from collections.abc import Callable


class Job:
    def __init__(self, handler) -> None: ...

    async def enqueue(self) -> None: ...


def job(name: str) -> Callable[[Callable], Job]:
    return lambda handler: Job(handler)


def job_by_return(name: str):
    def register(handler):
        return Job(handler)

    return register


def plain_job(handler) -> Job:
    return Job(handler)


{decorator}
async def send() -> None: ...


async def register() -> None:
    await send.enqueue()
"""


@pytest.mark.parametrize("decorator", ["@job('x')", "@job_by_return('x')", "@plain_job", "@Job"])
def test_its_methods_are_those_of_the_object(decorator: str) -> None:
    read = application.read_texts({"app.py": JOBS.replace("{decorator}", decorator)})
    register = next(each for each in read.codebase.functions if each.qualified_name == "register")
    target = read.codebase.target(register.calls[-1])
    assert isinstance(target, FunctionValue)
    assert target.function.qualified_name == "Job.enqueue"
