"""`fairwitness serve`: the web doors of this node."""

from __future__ import annotations

import argparse
import os
import ssl
import subprocess
import sys
from pathlib import Path

from fairwitness.errors import BadInput, Fault, OutOfOrder, Unreachable
from fairwitness.web.commands.begin import data_folder, ready

LOOPBACK = ("127.0.0.1", "::1", "localhost")
LOG_FORM = Path(__file__).parent.parent / "server_log.json"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen; on this machine alone unless told otherwise."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine alone)")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--with-work", action="store_true", help="also do later work, in a process beside it")
    parser.add_argument("--workers", type=int, default=1, help="processes that serve pages (default: one; more are of use on PostgreSQL)")
    parser.add_argument("--tls-cert", type=Path, help="certificate with its chain, in PEM (default: FAIRWITNESS_TLS_CERT)")
    parser.add_argument("--tls-key", type=Path, help="its key, in PEM, PKCS#8 (default: FAIRWITNESS_TLS_KEY)")


def run(given: argparse.Namespace) -> int:
    """Bring a new database up to date, start later work beside it if asked for, become the server."""
    pair = tls(given.tls_cert, given.tls_key)
    if pair:
        os.environ["FAIRWITNESS_TLS_CERT"], os.environ["FAIRWITNESS_TLS_KEY"] = map(str, pair)
    if not 1 <= given.workers <= 64:
        raise BadInput.of(Fault("--workers", "is a whole number from 1 to 64; as many as the machine has cores is a good beginning"))
    prepare()
    _closed(given.host)
    _say_workers(given.workers)
    hold_open()
    if given.with_work:
        subprocess.Popen([sys.executable, "-m", "fairwitness", "work", "--until-parent", str(os.getpid())])
    command = server(given.host, given.port, workers=given.workers, pair=pair)
    os.execv(command[0], command)


def prepare() -> None:
    """Apply what migrations wait where nothing is at stake yet; say which guards were gone, and open no door without them."""
    ready()
    from django.conf import settings
    from django.core.management import call_command

    from fairwitness.record import guard
    from fairwitness.record.upgrade import has_record, waiting_over_a_record

    if not settings.FAIRWITNESS_DEMO and waiting_over_a_record():
        raise OutOfOrder("This mission was kept by an older version. Run `fairwitness upgrade`, which makes a backup first.")
    removed = guard.missing() if has_record() else []
    call_command("migrate", verbosity=0)
    absent = guard.missing()
    if removed and not absent:
        sentence = "Guards of the database had been removed, and were put back: {names}. Somebody removed them: run `fairwitness verify`."
        print(sentence.format(names=", ".join(removed)), file=sys.stderr, flush=True)
    if absent:
        raise Unreachable("These guards of the database are missing: {names}. Run `fairwitness doctor`.", names=", ".join(absent))


def tls(cert: Path | None, key: Path | None) -> tuple[Path, Path] | None:
    """Certificate and key that go together, or None when neither is given. Raises BadInput, naming what is wrong with them."""
    named = [str(cert or os.environ.get("FAIRWITNESS_TLS_CERT", "")), str(key or os.environ.get("FAIRWITNESS_TLS_KEY", ""))]
    if named == ["", ""]:
        return None
    for flag, one in zip(("--tls-cert", "--tls-key"), named, strict=True):
        if not one:
            raise BadInput.of(Fault(flag, "is missing; certificate and key are given together"))
        if not Path(one).is_file():
            raise BadInput.of(Fault(flag, f"{one} is not there, or cannot be read by this user"))
    if "BEGIN PRIVATE KEY" not in Path(named[1]).read_text("ascii", "replace"):
        raise BadInput.of(Fault("--tls-key", "is not an open PKCS#8 key; turn it into one: openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW"))
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(*named)
    except (ssl.SSLError, OSError) as error:
        raise BadInput.of(Fault("--tls-cert", f"and key do not go together or cannot be read ({error.strerror or error})")) from None
    return Path(named[0]).resolve(), Path(named[1]).resolve()


def _closed(host: str) -> None:
    """Passwords leave this machine only through TLS."""
    from django.conf import settings

    if host not in LOOPBACK and not settings.SECURE:
        raise OutOfOrder(
            "Pages would leave this machine unencrypted, with every password. Give --tls-cert and --tls-key, "
            "or set FAIRWITNESS_SECURE=1 and FAIRWITNESS_PROXIES=1 behind a server that ends TLS."
        )


def _say_workers(many: int) -> None:
    from django.db import connection

    if many > 1 and connection.vendor == "sqlite":
        words = "On SQLite more processes read side by side and still write one after another. Safe, and of little use: use PostgreSQL."
        print(words, file=sys.stderr, flush=True)


def hold_open(*, alone: bool = False) -> None:
    """Hold this node's door for as long as this process and what it becomes lives; `alone`: nobody else may. Raises OutOfOrder."""
    try:
        import fcntl
    except ImportError:  # not on Windows: there a person takes care
        return
    folder = data_folder() / "run"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / "open.lock", os.O_RDWR | os.O_CREAT, 0o600)
    os.set_inheritable(handle, True)
    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        said = "`fairwitness serve` or `fairwitness work` runs on this node. Stop both, then do this again." if alone else (
            "This node is being upgraded. Wait until that has ended, then start again."
        )  # fmt: skip
        raise OutOfOrder(said) from None


def server(host: str, port: int, *, workers: int = 1, pair: tuple[Path, Path] | None = None) -> list[str]:
    """The server's command: no access log of its own (addresses with query strings stay out of logs), heads within ten seconds."""
    command = [
        sys.executable, "-m", "granian", "--interface", "asginl", "--host", host, "--port", str(port), "--workers", str(workers),
        "--blocking-threads", "1", "--no-ws", "--http1-header-read-timeout", "10000", "--log-level", "warning",
        "--log-config", str(LOG_FORM), "--no-access-log", "--respawn-failed-workers", "--workers-kill-timeout", "20",
    ]  # fmt: skip
    if pair:
        command += ["--ssl-certificate", str(pair[0]), "--ssl-keyfile", str(pair[1]), "--ssl-protocol-min", "tls1.2"]
    return [*command, "fairwitness.web.asgi:application"]
