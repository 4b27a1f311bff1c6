"""Work is shared by those who wait for it, and never begun before they came."""

import asyncio

import pytest

from src.cache.sharing import Sharing


class Work:
    """Returns how often it was begun before, once it is let go on."""

    def __init__(self) -> None:
        self.begun = 0
        self.goes_on = asyncio.Event()

    async def __call__(self) -> int:
        self.begun += 1
        number = self.begun
        await self.goes_on.wait()
        return number


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_all_who_come_while_work_runs_share_the_next_run() -> None:
    sharing, work = Sharing(), Work()
    first = asyncio.create_task(sharing.run("key", work))
    await settle()
    late = [asyncio.create_task(sharing.run("key", work)) for _ in range(50)]
    await settle()
    assert work.begun == 1

    work.goes_on.set()

    assert await first == 1
    assert set(await asyncio.gather(*late)) == {2}
    assert await sharing.run("key", work) == 3


async def test_other_keys_do_not_wait() -> None:
    sharing, stuck, quick = Sharing(), Work(), Work()
    waiting = asyncio.create_task(sharing.run("stuck", stuck))
    quick.goes_on.set()

    assert await sharing.run("quick", quick) == 1

    stuck.goes_on.set()
    assert await waiting == 1


async def test_an_error_reaches_all_who_share_it_and_nobody_else() -> None:
    sharing, work = Sharing(), Work()

    async def fail() -> int:
        await work()
        raise LookupError("It is gone")

    waiting = [asyncio.create_task(sharing.run("key", fail)) for _ in range(3)]
    await settle()
    work.goes_on.set()

    errors = await asyncio.gather(*waiting, return_exceptions=True)

    assert [type(error) for error in errors] == [LookupError] * 3
    assert await sharing.run("key", work) == 3


async def test_one_who_gives_up_takes_nothing_from_the_others() -> None:
    sharing, work = Sharing(), Work()
    impatient, patient, late = (asyncio.create_task(sharing.run("key", work)) for _ in range(3))
    await settle()

    impatient.cancel()
    patient.cancel()
    work.goes_on.set()

    assert await late == 2
    with pytest.raises(asyncio.CancelledError):
        await impatient


async def test_nothing_is_remembered_of_work_that_is_done() -> None:
    sharing, work = Sharing(), Work()
    work.goes_on.set()

    await asyncio.gather(*(sharing.run(number % 7, work) for number in range(100)))

    assert not sharing._running
    assert not sharing._next
