"""The worker's process: settings in, stories wired, signals heard."""

import asyncio
import signal

import uvloop

from server.deps import open_deps
from server.kit.logs import set_up
from server.settings import Settings
from workers.process import work_until
from workers.stories import STORIES


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT."""
    set_up(settings.log_level)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_work(settings))


async def _work(settings: Settings) -> None:
    loop = asyncio.get_running_loop()
    ending = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ending.set)
    async with open_deps(settings) as deps:
        await work_until(deps, ending, stories=STORIES)
