"""`fairwitness serve`: the web doors of this node."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from fairwitness.errors import Unreachable
from fairwitness.web.commands.begin import ready


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen; on this machine alone unless told otherwise."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine alone)")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--with-work", action="store_true", help="also do later work, in a process beside it")


def run(given: argparse.Namespace) -> int:
    """Bring the database up to date, start later work beside it if asked for, become the server."""
    prepare()
    if given.with_work:
        subprocess.Popen([sys.executable, "-m", "fairwitness", "work", "--until-parent", str(os.getpid())])
    command = server(given.host, given.port)
    os.execv(command[0], command)


def prepare() -> None:
    """Apply what migrations wait; refuse to open doors over a store without its guards."""
    ready()
    from django.core.management import call_command

    from fairwitness.record import guard

    call_command("migrate", verbosity=0)
    absent = guard.missing()
    if absent:
        raise Unreachable("These guards of the database are missing: {names}. Run `fairwitness doctor`.", names=", ".join(absent))


def server(host: str, port: int) -> list[str]:
    """The server's command: one worker, a few threads, no access log (addresses with query strings stay out of logs)."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", "1",
        "--blocking-threads", "4", "--no-ws", "--log-level", "warning", "--no-access-log", "fairwitness.web.wsgi:application",
    ]  # fmt: skip
