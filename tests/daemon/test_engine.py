"""The queue in front of the reader: loading, busy, clients that go, shutdown."""

from __future__ import annotations

import asyncio
import ctypes
import os
import sys
import threading
from dataclasses import replace
from types import SimpleNamespace

import pytest
from telltale import engine as engine_module
from telltale.engine import LONGEST_WAIT, NICENESS, Engine, _give_way
from telltale.problems import Busy, Loading, NoModel, Stopping


async def until(condition):
    """Let the loop and the threads run until it holds."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.to_thread(lambda: None)


@pytest.fixture
async def engine(reader):
    found = Engine(lambda: reader, 2)
    found.start()
    await until(lambda: found.model)
    yield found
    reader.gate.set()
    await found.close(5)


async def held(engine, reader, page):
    """Start a reading and hold it in the reader's hands."""
    reader.gate.clear()
    reader.begun.clear()
    task = asyncio.create_task(engine.read(page))
    await until(reader.begun.is_set)
    return task


async def test_the_page_asked_for_last_is_read_next(engine, reader, page_of):
    first = await held(engine, reader, page_of("First."))
    rest = []
    for count, title in enumerate(("Older", "Newer"), 1):
        rest.append(asyncio.create_task(engine.read(replace(page_of("Words."), title=title))))
        await until(lambda count=count: engine.waiting == count)
    reader.gate.set()
    assert [r.model for r in await asyncio.gather(first, *rest)] == ["fake-1"] * 3
    assert reader.read_titles[1:] == ["Newer", "Older"]


async def test_what_nobody_looks_at_is_read_after_what_somebody_does(engine, reader, page_of):
    first = await held(engine, reader, page_of("First."))
    rest = []
    for count, (title, hidden) in enumerate((("Shown", False), ("Hidden", True)), 1):
        page = replace(page_of("Words."), title=title)
        rest.append(asyncio.create_task(engine.read(page, hidden=hidden)))
        await until(lambda count=count: engine.waiting == count)
    reader.gate.set()
    await asyncio.gather(first, *rest)
    assert reader.read_titles[1:] == ["Shown", "Hidden"]


async def test_a_page_goes_first_between_two_steps_of_a_long_one(engine, reader, page_of):
    long = await held(engine, reader, replace(page_of(*["Words."] * 2 * reader.step), title="Long"))
    short = asyncio.create_task(engine.read(replace(page_of("Words."), title="Short")))
    await until(lambda: engine.waiting == 1)
    reader.gate.set()
    readings = await asyncio.gather(long, short)
    assert reader.read_titles == ["Long", "Short", "Long"]
    assert [reading.sentences for reading in readings] == [2 * reader.step, 1]


async def test_where_no_place_is_left_the_oldest_that_nobody_looks_at_gives_way(engine, reader, page_of):
    tasks = [await held(engine, reader, page_of("First."))]
    for count, hidden in ((1, True), (2, True)):
        tasks.append(asyncio.create_task(engine.read(page_of("Words."), hidden=hidden)))
        await until(lambda count=count: engine.waiting == count)
    with pytest.raises(Busy):
        await engine.read(page_of("Words."), hidden=True)
    shown = asyncio.create_task(engine.read(page_of("Words.")))
    with pytest.raises(Busy):
        await tasks.pop(1)
    reader.gate.set()
    await asyncio.gather(shown, *tasks)


async def test_pages_whose_clients_have_gone_take_no_place(engine, reader, page_of):
    first = await held(engine, reader, page_of("First."))
    gone = [asyncio.create_task(engine.read(page_of("Gone."))) for _ in range(2)]
    await until(lambda: engine.waiting == 2)
    for task in gone:
        task.cancel()
    await until(lambda: engine.waiting == 0)
    last = asyncio.create_task(engine.read(page_of("Last.")))
    await until(lambda: engine.waiting == 1)
    reader.gate.set()
    await asyncio.gather(first, last)
    assert len(reader.read_titles) == 2


async def test_nobody_is_asked_to_wait_for_long_after_one_long_page(engine, reader, page_of):
    engine._pace = 1000.0
    tasks = [await held(engine, reader, page_of("First."))]
    tasks += [asyncio.create_task(engine.read(page_of("Words."))) for _ in range(2)]
    await until(lambda: engine.waiting == 2)
    with pytest.raises(Busy) as refused:
        await engine.read(page_of("One too many."))
    assert refused.value.headers["Retry-After"] == str(int(LONGEST_WAIT))
    reader.gate.set()
    await asyncio.gather(*tasks)


async def test_a_full_queue_is_busy_and_says_when_to_come_again(engine, reader, page_of):
    tasks = [await held(engine, reader, page_of("First."))]
    tasks += [asyncio.create_task(engine.read(page_of("Words."))) for _ in range(2)]
    await until(lambda: engine.waiting == 2)
    with pytest.raises(Busy) as refused:
        await engine.read(page_of("One too many."))
    assert int(refused.value.headers["Retry-After"]) >= 1
    reader.gate.set()
    await asyncio.gather(*tasks)


async def test_a_page_whose_client_has_gone_is_not_read(engine, reader, page_of):
    first = await held(engine, reader, page_of("First."))
    gone = asyncio.create_task(engine.read(page_of("Gone.")))
    await until(lambda: engine.waiting == 1)
    gone.cancel()
    reader.gate.set()
    await first
    await engine.read(page_of("Last."))
    assert len(reader.read_titles) == 2


async def test_a_long_page_in_work_is_read_no_further_once_its_client_has_gone(engine, reader, page_of):
    gone = await held(engine, reader, page_of(*["Words."] * 3 * reader.step))
    gone.cancel()
    await asyncio.wait([gone])
    reader.gate.set()
    assert (await engine.read(page_of("Next."))).model == "fake-1"
    assert len(reader.read_titles) == 2


async def test_closing_ends_a_long_page_at_its_next_step(engine, reader, page_of):
    long = await held(engine, reader, page_of(*["Words."] * 3 * reader.step))
    closing = asyncio.create_task(engine.close(5))
    await until(lambda: engine._stopping)
    reader.gate.set()
    await closing
    with pytest.raises(Stopping):
        await long
    assert not engine.stuck
    assert len(reader.read_titles) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a niceness for each thread")
async def test_the_thread_that_reads_gives_way_to_the_browser(engine):
    def niceness():
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    read_with = await asyncio.get_running_loop().run_in_executor(engine._thread, niceness)
    assert read_with == max(NICENESS, niceness())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no niceness")
@pytest.mark.parametrize(
    ("platform", "before", "after"), [("darwin", 0, NICENESS), ("darwin", 10, 10), ("linux", 10, 10)]
)
def test_a_niceness_that_telltale_was_started_with_is_not_lessened(monkeypatch, platform, before, after):
    asked = []
    monkeypatch.setattr(engine_module, "sys", SimpleNamespace(platform=platform))
    monkeypatch.setattr(os, "getpriority", lambda which, who: before)
    monkeypatch.setattr(os, "setpriority", lambda *priority: asked.append(priority))
    _give_way()
    who = threading.get_native_id() if platform == "linux" else 0  # the whole process
    assert asked == [(os.PRIO_PROCESS, who, after)]


@pytest.mark.parametrize(("before", "asked"), [(0x20, [(-1, 0x4000)]), (0x40, [])])  # normal, idle
def test_on_windows_the_whole_process_gives_way_and_is_never_raised(monkeypatch, before, asked):
    found = []
    kernel = SimpleNamespace(
        GetPriorityClass=lambda process: before,
        SetPriorityClass=lambda process, priority: found.append((ctypes.c_ssize_t(process.value).value, priority)),
    )
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    monkeypatch.setattr(engine_module, "sys", SimpleNamespace(platform="win32"))
    _give_way()
    assert found == asked


async def test_a_reader_that_fails_at_one_page_reads_the_next(engine, reader, page_of):
    steps = reader.steps
    reader.steps = lambda page: 1 / 0
    with pytest.raises(ZeroDivisionError):
        await engine.read(page_of("Words."))
    reader.steps = steps
    assert (await engine.read(page_of("Words."))).model == "fake-1"


async def test_a_reader_rests_once_when_no_page_comes_for_a_while(reader, page_of, monkeypatch):
    monkeypatch.setattr("telltale.engine.REST_AFTER", 0.01)
    engine = Engine(lambda: reader, 2)
    engine.start()
    await until(lambda: reader.rests == 1)
    assert (await engine.read(page_of("Words."))).model == "fake-1"
    await until(lambda: reader.rests == 2)
    await engine.close(5)


async def test_closing_ends_the_page_in_work_and_refuses_the_rest(engine, reader, page_of):
    first = await held(engine, reader, page_of("First."))
    second = asyncio.create_task(engine.read(page_of("Second.")))
    await until(lambda: engine.waiting == 1)
    closing = asyncio.create_task(engine.close(5))
    with pytest.raises(Stopping):
        await second
    reader.gate.set()
    await closing
    assert (await first).model == "fake-1"
    assert not engine.stuck
    with pytest.raises(Stopping):
        await engine.read(page_of("Too late."))


async def test_closing_does_not_wait_for_ever(engine, reader, page_of):
    first = await held(engine, reader, page_of("First."))
    await engine.close(0.01)
    assert engine.stuck
    with pytest.raises(Stopping):
        await first


async def test_a_model_that_cannot_be_loaded_is_said(page_of):
    def broken():
        raise OSError("The weights are torn.")

    engine = Engine(broken, 2)
    engine.start()
    await engine.ended()
    with pytest.raises(NoModel, match="The weights are torn."):
        await engine.read(page_of("Words."))
    await engine.close(5)


async def test_while_the_model_loads_pages_wait_outside(reader, page_of):
    loaded = threading.Event()
    engine = Engine(lambda: loaded.wait(10) and reader, 2)
    engine.start()
    with pytest.raises(Loading) as refused:
        await engine.read(page_of("Words."))
    assert refused.value.headers == {"Retry-After": "1"}
    loaded.set()
    await until(lambda: engine.model)
    await engine.close(5)


async def test_the_daemon_answers_while_its_model_loads(start, reader):
    loaded = threading.Event()
    daemon = await start(lambda: loaded.wait(10) and reader)
    assert (await daemon.client.get("/v1/health")).status == 200
    token = (await (await daemon.pair(await daemon.code())).json())["token"]
    daemon.headers = {"Authorization": f"Bearer {token}"}
    status = await (await daemon.get("/v1/status")).json()
    answer = await daemon.post("/v1/pages", {"url": "https://news.example/", "title": "", "blocks": []})
    assert (status["state"], status["model"]) == ("loading", None)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    assert (await answer.json(content_type=None))["type"] == "urn:telltale:problem:loading"
    loaded.set()


async def test_a_closed_tab_takes_its_page_out_of_the_queue(daemon):
    daemon.reader.gate.clear()
    first = asyncio.create_task(daemon.read("First.", title="First"))
    await until(daemon.reader.begun.is_set)
    gone = asyncio.create_task(daemon.read("Gone.", title="Gone"))
    await until(lambda: daemon.engine.waiting == 1)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    await until(lambda: daemon.engine.waiting == 0)
    daemon.reader.gate.set()
    await first
    await daemon.read("Last.", title="Last")
    assert daemon.reader.read_titles == ["First", "Last"]


async def test_no_more_bodies_are_taken_in_than_pages_may_wait(daemon):
    """Three places here: one in work and two that wait. Those who hold them have sent nothing yet but a head."""
    head = f"POST /v1/pages HTTP/1.1\r\nHost: {daemon.host}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in daemon.headers.items()) + "\r\n"
    writers = []
    for _ in range(3):
        _, writer = await asyncio.open_connection("127.0.0.1", daemon.client.port)
        writer.write(head.encode())
        writers.append(writer)
    await until(lambda: daemon.engine._places == 3)
    answer = await daemon.post("/v1/pages", {"url": "https://news.example/", "title": "", "blocks": []})
    assert (answer.status, (await answer.json(content_type=None))["type"]) == (503, "urn:telltale:problem:busy")
    for writer in writers:
        writer.close()
    await until(lambda: daemon.engine._places == 0)
    await daemon.read("Words.")


async def test_a_full_daemon_answers_503_with_retry_after(daemon):
    daemon.reader.gate.clear()
    first = asyncio.create_task(daemon.read("First."))
    await until(daemon.reader.begun.is_set)
    rest = [asyncio.create_task(daemon.read("Words.")) for _ in range(2)]
    await until(lambda: daemon.engine.waiting == 2)
    answer = await daemon.post("/v1/pages", {"url": "https://news.example/", "title": "", "blocks": []})
    assert (answer.status, (await answer.json(content_type=None))["type"]) == (503, "urn:telltale:problem:busy")
    assert int(answer.headers["Retry-After"]) >= 1
    daemon.reader.gate.set()
    await asyncio.gather(first, *rest)
