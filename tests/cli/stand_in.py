"""Stands in for our own commands, so that starting and stopping can be tested alone: `stand_in.py COMMAND OPTION`."""

import json
import os
import socket
import sys
import time
from pathlib import Path


def serve(options: list[str]) -> None:
    """Write the environment into the ready file, then answer every connection with the command's name."""
    listener = socket.socket(fileno=int(options[options.index("--fd") + 1]))
    ready = Path(options[options.index("--ready-file") + 1])
    scratch = ready.with_suffix(".new")
    scratch.write_text(json.dumps({**os.environ, "port": listener.getsockname()[1]}))
    scratch.replace(ready)
    while True:
        with listener.accept()[0] as client:
            client.sendall(sys.argv[1].encode())


match sys.argv[1]:
    case "serve" | "sandbox":
        serve(sys.argv[2:])
    case "migrate":
        sys.exit(os.environ.get("REFUSE_MIGRATION"))
    case _:
        time.sleep(60)
