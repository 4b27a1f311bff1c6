"""What is advised for work in the event loop can be done as it is said."""

import pytest

from fastwright.application.application import read_texts
from fastwright.practices.async_routes import no_blocking_call, no_cpu_bound_work

CODE = """
import time
import bcrypt
from fastapi import FastAPI
app = FastAPI()
def hashes(words):
    for word in words:
        yield bcrypt.hashpw(word, bcrypt.gensalt())
def hashed(word): return bcrypt.hashpw(word, bcrypt.gensalt())
def waits():
    while True:
        yield time.sleep(1)
def wait(): time.sleep(1)
@app.get("/")
async def read():
    {code}
"""


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("for each in hashes([b'']): print(each)", "Go over `iterate_in_threadpool(hashes(…))`, "),
        ("print(hashed(b''))", "Await `run_in_threadpool(hashed, …)`, "),
        ("for each in waits(): await each", "Go over `iterate_in_threadpool(waits(…))`, "),
    ],
)
def test_what_runs_only_when_somebody_goes_over_it_is_not_just_called(
    code: str, advice: str
) -> None:
    application = read_texts({"app.py": CODE.format(code=code)})
    found = [*no_cpu_bound_work.check(application), *no_blocking_call.check(application)]
    assert [each.message.startswith(advice) for each in found] == [True]
