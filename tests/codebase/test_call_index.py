"""Calls are found by what they call, wherever that is defined."""

from fastwright.application.application import read_texts


def test_code_that_calls_what_tests_define_is_read_as_any_other() -> None:
    many = {f"part_{number}.py": "known = {}\nknown.get('a')\n" for number in range(40)}
    application = read_texts(
        {
            **many,
            "tests/helping.py": "class Kept:\n    def get(self): ...\n",
            "run.py": "from tests.helping import Kept\nKept().get()\n",
            "store.py": "class Store:\n    async def get(self): ...\nStore().get()\n",
        }
    )
    codebase = application.codebase
    store = codebase.by_path["store.py"].function("Store.get")
    assert [call.function.module.path for call in codebase.calls_of(store)] == ["store.py"]
