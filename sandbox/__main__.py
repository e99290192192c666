"""`python -m sandbox`: the sandbox alone on a port, for whoever has a TikTok Shop or Shopify client to try."""

import argparse
import dataclasses
import socket
import sys
from pathlib import Path

import uvicorn

from sandbox.app import create_app
from sandbox.config import BadConfig, SandboxConfig

HOST = "127.0.0.1"


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sandbox", description="A TikTok Shop and a Shopify Admin to test against.")
    parser.add_argument("--port", type=int, help="port on 127.0.0.1 (default: a free one)")
    parser.add_argument("--seed", type=int, help="same seed, same run")
    parser.add_argument("--market", help="US, GB, DE, SG, ...")
    parser.add_argument("--products", type=Path, help="Shopify product CSV export for the store")
    parser.add_argument("--size", type=int, help="number of generated products")
    parser.add_argument("--categories", type=Path, help="id,parent_id,name rows (gz accepted)")
    parser.add_argument("--state", type=Path, help="keep the world in this file")
    parser.add_argument("--latency-ms", type=int, help="answer so much later")
    parser.add_argument("--audit", help="immediate, 'after 3 looks', 'after 90s' or never")
    return parser


def main() -> int:
    """Serve until stopped; 2 for settings that cannot be used."""
    given = {name: value for name, value in vars(_arguments().parse_args()).items() if value is not None}
    try:
        config = dataclasses.replace(SandboxConfig.from_env(), **given)
        app = create_app(config)
        listening = socket.create_server((HOST, config.port))
    except (BadConfig, OSError) as bad:
        sys.stderr.write(f"The sandbox cannot start. {bad}\n")
        return 2
    sys.stdout.write(f"Sandbox at http://{HOST}:{listening.getsockname()[1]}/_sandbox/\n")
    sys.stdout.flush()
    served = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=1)  # faults may hang
    uvicorn.Server(served).run(sockets=[listening])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
