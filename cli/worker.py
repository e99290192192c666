"""`leafmark worker`: runs task workers, and starts one again that ended by itself (arq's ends when Redis goes away)."""

import asyncio
import importlib
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from typing import Annotated

import typer

from cli import environment
from cli.guarded import GUARD, python_command
from cli.problems import WRONG_SETTING, CannotRun

STOP_GRACE = 20.0
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0
STEADY_SECONDS = 5.0
HOPELESS = 5
KILLED = 128


def command(
    processes: Annotated[int, typer.Option(help="How many worker processes to run.", min=1, max=64)] = 1,
    alone: Annotated[bool, typer.Option("--alone", help="One worker in this very process, not started again.")] = False,
) -> None:
    """Work until SIGTERM or Ctrl-C: running steps are finished or left for another worker."""
    settings = environment.read_settings()
    environment.must_answer(settings)
    if alone:
        importlib.import_module("workers.main").run(settings)  # not for the keeper, which stays small
        return
    asyncio.run(supervise(processes, python_command("worker", "--alone")))


async def supervise(processes: int, command: tuple[str, ...]) -> None:
    """Keep that many workers alive until we are told to stop; then wait until they have ended. Raises CannotRun."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    hopeless = await asyncio.gather(*(keep_alive(command, stopping) for _ in range(processes)))
    if any(hopeless):
        raise CannotRun(f"A worker ended {HOPELESS} times right after its start; what it said stands above.", status=1)


async def keep_alive(command: tuple[str, ...], stopping: asyncio.Event) -> bool:
    """One worker after the other, with growing pauses while they end soon. Whether it gave up, and so stopped all."""
    pause, failures = FIRST_PAUSE, 0
    loop = asyncio.get_running_loop()
    while not stopping.is_set():
        began = loop.time()
        status = await run_one(command, stopping)
        if stopping.is_set():
            break
        steady = loop.time() - began > STEADY_SECONDS
        pause = FIRST_PAUSE if steady else min(pause * 2, LONGEST_PAUSE)
        failures = 0 if steady else failures + is_our_fault(status)
        if failures == HOPELESS:
            stopping.set()
            return True
        typer.echo(f"A worker ended with status {status}; another starts in {pause:.1f} s.", err=True)
        await happened(stopping, pause)
    return False


def is_our_fault(status: int) -> bool:
    """Not when it was killed, nor when it found PostgreSQL or Redis silent: those come back."""
    return 0 < status < KILLED and status != WRONG_SETTING


async def run_one(command: tuple[str, ...], stopping: asyncio.Event) -> int:
    """One worker from start to end. When we are told to stop, its lifeline ends and its guard stops it, with grace."""
    head = (sys.executable, "-I", "-S", str(GUARD), str(int(signal.SIGTERM)), str(STOP_GRACE), "-1", "-1", "")
    worker = await asyncio.create_subprocess_exec(*head, *command, stdin=PIPE, stdout=DEVNULL, start_new_session=True)
    ended = asyncio.create_task(worker.wait())
    told = asyncio.create_task(stopping.wait())
    await asyncio.wait({ended, told}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    let_go(worker)
    return await ended


def let_go(worker: Process) -> None:
    """End the lifeline."""
    if worker.stdin is not None:
        worker.stdin.close()


async def happened(event: asyncio.Event, seconds: float) -> bool:
    """Wait for the event, at most that long."""
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False
