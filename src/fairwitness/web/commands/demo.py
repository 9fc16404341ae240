"""`fairwitness demo`: the demonstration mission, built and served on this machine only."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from fairwitness.errors import Unreachable
from fairwitness.web.commands.serve import hold_open, prepare, server


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where, and whether to serve at all."""
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--folder", type=Path, default=Path("demo-data"), help="data folder (default: demo-data, or FAIRWITNESS_DATA)")
    parser.add_argument("--case", choices=["kosovo-1999"], help="print a case study from published totals, and serve its page as well")
    parser.add_argument("--build-only", action="store_true", help="build, print the passwords, and stop")


def run(given: argparse.Namespace) -> int:
    """Build what is missing, open the doors, say where they are, and stay until stopped."""
    from fairwitness.web import demo

    began = time.monotonic()
    demo.environment(given.folder.resolve())
    prepare()
    if given.case:
        tell_case(given.case)
    hold_open()
    passwords = demo.build(lambda words: print(f"  {words}", flush=True))
    if given.build_only:
        demo.announce(passwords, "", began)
        return 0
    port = _free(given.port)
    if port != given.port:
        print(f"  Port {given.port} is taken, perhaps by another demonstration; this one is on {port}.", flush=True)
    web = subprocess.Popen(server("127.0.0.1", port))
    work = subprocess.Popen([sys.executable, "-m", "fairwitness", "work", "--until-parent", str(os.getpid())])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        _wait(web, f"http://localhost:{port}/public/")
        demo.announce(passwords, f"http://localhost:{port}", began)
        if given.case:
            print(f"The case study stands at http://localhost:{port}/public/cases/{given.case}/", flush=True)
        return web.wait()
    finally:
        for process in (web, work):
            process.terminate()
        web.wait(20)


def tell_case(key: str) -> None:
    """Print a case study: the lists, the ladder of models, the averaged interval, its limits and where it comes from."""
    from fairwitness.web.analyse_ladder import NEAR, estimate_of_case, read_case
    from fairwitness.web.commands.analyse_say import say_table

    facts, found = read_case(key), estimate_of_case(key)
    print(f"{facts['title']}\n{facts['population']}, {facts['period']}. At least {found.observed:,.0f} documented.\n")
    say_table(("list", "names", "what it is"), [(name, int(found.sizes[name]), words) for name, words in facts["lists"].items()])
    print()
    head = ("model", "in all", "low", "high", "BIC worse by", "weight")
    say_table(head, [(one.model, round(one.total), *map(round, one.interval or (0, 0)), round(one.delta, 1), f"{one.weight:.0%}")
                     for one in found.models if one.delta <= NEAR])  # fmt: skip
    low, high = found.averaged_interval
    print(f"\nAveraged over the models: {found.averaged:,.0f}, 95 % interval {low:,.0f}–{high:,.0f}.")
    print(f"Published, one model: {facts['published']['total']:,} ({facts['published']['by']}).\n")
    if strata := facts.get("strata"):
        print(f"{strata['words']} {strata['by']}.")
        say_table(("two days from", "documented", "in all", "standard error"), [
            (one["from"], one["documented"], one["total"], one.get("error", "–")) if "total" in one
            else (one["from"], f"fewer than {strata['fewer_than']}", "", "") for one in strata["periods"]
        ])  # fmt: skip
        print()
    print("\n".join([*(f"Limit: {one}" for one in facts["limits"]), *(f"Source: {one}" for one in facts["sources"])]) + "\n", flush=True)


def _free(wanted: int) -> int:
    """The wanted port, or the next free one."""
    import socket

    for port in range(wanted, wanted + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Unreachable("No free port from {first} to {last}; name another with --port.", first=wanted, last=wanted + 49)


def _wait(web: subprocess.Popen[bytes], address: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if web.poll() is not None:
            raise Unreachable("The web server ended at once; its own words stand above.")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise Unreachable("The pages did not answer within a minute.")
