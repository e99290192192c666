"""The sandbox's heartbeat: one background task that ripens, sends webhooks and saves the world when that is due."""

import asyncio
from collections.abc import Callable

import httpx

from sandbox.clock import Clock
from sandbox.outbox import Outbox
from sandbox.postman import Postman
from sandbox.ripening import Ripening
from sandbox.settings import Settings
from sandbox.state_file import Keeper

LONGEST_NAP = 5.0


class Pulse:
    """Begins by itself with the first call in an event loop; `stop` ends it (the loop's end does too)."""

    def __init__(self, clock: Clock, settings: Settings, ripening: Ripening, outbox: Outbox) -> None:
        self._clock = clock
        self._settings = settings
        self._ripening = ripening
        self._outbox = outbox
        self._task: asyncio.Task[None] | None = None
        self._wake: asyncio.Event | None = None
        self._postman: Postman | None = None
        self.keeper: Keeper | None = None
        self.transport: httpx.AsyncBaseTransport | None = None  # where webhooks go instead of the network, in-process
        outbox.ring = self.ring
        clock.listen(self.ring)

    def ensure(self) -> None:
        """Begin, if it does not beat in the running loop yet."""
        loop = asyncio.get_running_loop()
        if self._task is None or self._task.done() or self._task.get_loop() is not loop:
            self._wake = asyncio.Event()
            self._task = loop.create_task(self._beat(self._wake))

    def ring(self, *, changed: bool = False) -> None:
        """Something may be due, or (with `changed`) worth saving."""
        if changed and self.keeper is not None:
            self.keeper.touch()
        if self._wake is not None:
            self._wake.set()

    async def stop(self) -> None:
        """End it, and save what is not saved yet."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        if self.keeper is not None:
            self.keeper.save_now()

    async def settled(self, real_seconds: float) -> bool:
        """Wait until every webhook that is due has its answer; False if that takes longer than `real_seconds`."""
        try:
            async with asyncio.timeout(real_seconds):
                while self._outbox.open_count() or (self._postman is not None and self._postman.busy):
                    self.ring()
                    await asyncio.sleep(0.002)
        except TimeoutError:
            return False
        return True

    async def _beat(self, wake: asyncio.Event) -> None:
        postman = Postman(self._outbox, self._settings, self._clock, self.transport)
        self._postman = postman
        try:
            while True:
                wake.clear()
                self._step(postman)
                try:
                    async with asyncio.timeout(self._nap()):
                        await wake.wait()
                except TimeoutError:
                    continue
        finally:
            self._postman = None
            await postman.close()

    def _step(self, postman: Postman) -> None:
        fired = self._ripening.fired
        self._ripening.tick()
        postman.pump()
        if self.keeper is not None:
            if self._ripening.fired != fired:
                self.keeper.touch()
            self.keeper.save_if_due()

    def _nap(self) -> float:
        """Real seconds until something is due; jumps and changes ring."""
        naps = [LONGEST_NAP]
        if self.keeper is not None and (wait := self.keeper.wait()) is not None:
            naps.append(wait)
        if not self._clock.frozen:
            now: Callable[[], float] = self._clock.now
            naps += [due - now() for due in (self._ripening.next_due(), self._outbox.next_due()) if due is not None]
        return max(0.0, min(naps))
