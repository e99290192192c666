"""Serving an ASGI app: the socket is bound by us (or handed down by a parent), and readiness is told in a file."""

import errno
import json
import os
import socket
from pathlib import Path

import uvicorn

from cli.problems import CannotRun

BACKLOG = 2048
STOP_SECONDS = 5


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises CannotRun when the address is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        raise CannotRun(_why_not(host, port, error)) from None
    return listener


def _why_not(host: str, port: int, error: Exception) -> str:
    match getattr(error, "errno", None):
        case errno.EADDRINUSE:
            return f"Port {port} on {host} is already in use: choose another with --port, or 0 for any free one."
        case errno.EACCES:
            return f"Port {port} may not be used by this user: choose one above 1023 with --port."
        case _:
            return f"Cannot listen on {host} port {port}: {error}."


def handed_down(fd: int) -> socket.socket:
    """The listening socket a parent process gave us under this number."""
    try:
        return socket.socket(fileno=fd)
    except OSError as error:
        raise CannotRun(f"--fd {fd} is not a socket: {error.strerror}.") from None


def origin(listener: socket.socket) -> str:
    """The http address of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class AnnouncingServer(uvicorn.Server):
    """Uvicorn that writes a ready file once it accepts connections."""

    def __init__(self, config: uvicorn.Config, ready_file: Path | None) -> None:
        super().__init__(config)
        self._ready_file = ready_file

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as uvicorn does, then tell."""
        await super().startup(sockets)
        if self.started and self._ready_file is not None and sockets:
            announce(self._ready_file, sockets[0])


def announce(ready_file: Path, listener: socket.socket) -> None:
    """Write address and process id as JSON, whole or not at all."""
    host, port = listener.getsockname()[:2]
    words = {"host": host, "port": port, "url": origin(listener), "pid": os.getpid()}
    scratch = ready_file.with_name(f"{ready_file.name}.{os.getpid()}")
    try:
        scratch.write_text(json.dumps(words))
        scratch.replace(ready_file)
    except OSError as error:
        raise CannotRun(f"The ready file {ready_file} cannot be written: {error.strerror}.") from None


def run(app: object, listener: socket.socket, ready_file: Path | None, *, log_level: str = "info") -> None:
    """Serve until SIGTERM or SIGINT. Streams get `STOP_SECONDS` to end."""
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]  # any ASGI app; uvicorn's own alias needs its private types
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=20,
        lifespan="on",
        access_log=False,
        log_level=log_level.lower(),
        timeout_graceful_shutdown=STOP_SECONDS,
        server_header=False,
        proxy_headers=True,
    )
    AnnouncingServer(config, ready_file).run(sockets=[listener])
