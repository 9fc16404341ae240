"""Bench of the web door: memory of the process at rest, and what the first staff page carries over the wire.

    .venv/bin/python bench/web.py [--demo FOLDER]

Limits: <= 150 MB resident in the web server (its watcher and its worker) at rest; first staff page <= 120 KB with style
sheet, script and faces, as a browser with an empty cache fetches them. Serves a demonstration mission of its own unless a folder is named.
"""

from __future__ import annotations

import argparse
import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parent.parent
LIMIT_MB, LIMIT_KB = 150, 120


def resident(pid: int) -> float:
    """Resident megabytes (VmRSS, shared pages counted each time) of the web server's processes below one process."""
    total, todo = 0.0, [pid]
    while todo:
        one = todo.pop()
        try:
            if b"granian" in Path(f"/proc/{one}/cmdline").read_bytes():
                total += int(re.search(r"^VmRSS:\s+(\d+)", Path(f"/proc/{one}/status").read_text(), re.MULTILINE).group(1)) / 1024  # type: ignore[union-attr]
            for task in Path(f"/proc/{one}/task").iterdir():
                todo += [int(child) for child in (task / "children").read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total


def fetch(opener: urllib.request.OpenerDirector, address: str) -> tuple[int, str]:
    """Bytes over the wire (compressed where the server does) and the text."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with opener.open(request, timeout=30) as answer:
        raw = answer.read()
        if answer.headers.get("Content-Encoding") == "gzip":
            import gzip

            return len(raw), gzip.decompress(raw).decode("utf-8", "replace")
        return len(raw), raw.decode("utf-8", "replace")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", type=Path, help="an existing folder of `fairwitness demo`, with its monitor's password in PASSWORD")
    arguments = parser.parse_args()
    folder = arguments.demo or Path(tempfile.mkdtemp(prefix="fairwitness-bench-"))
    environment = {**os.environ, "FAIRWITNESS_DATA": str(folder), "PYTHONPATH": str(ROOT / "src")}
    demo = subprocess.Popen(
        [sys.executable, "-m", "fairwitness", "demo", "--port", "8771"], env=environment, cwd=folder, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    printed, began = "", time.monotonic()
    assert demo.stdout is not None
    try:
        for line in demo.stdout:
            printed += line
            if "http://localhost:" in line:
                break
        print(f"ready after {time.monotonic() - began:.1f} s")
        address = re.search(r"http://localhost:\d+", printed)
        if address is None:
            print(printed)
            return 2
        base = address.group()
        time.sleep(3)
        at_rest = resident(demo.pid)
        password = re.search(r"^\s*monitor\s+(\S{12,})", printed, re.MULTILINE)
        word = password.group(1) if password else os.environ["PASSWORD"]
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        _, page = fetch(opener, f"{base}/accounts/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)  # type: ignore[union-attr]
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": token, "login": "monitor", "password": word}).encode()
        opener.open(urllib.request.Request(f"{base}/accounts/login/", body, {"Referer": f"{base}/accounts/login/"}), timeout=30)
        size, page = fetch(opener, f"{base}/")
        parts = {"page": size}
        for found in sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))):
            length, text = fetch(opener, base + found)
            parts[found] = length
            for face in re.findall(r"url\(([^)]+latin\.woff2)\)", text):
                parts[face] = fetch(opener, urllib.parse.urljoin(base + found, face.strip("\"'")))[0]
        total = sum(parts.values()) / 1024
        print("\n".join(f"  {length / 1024:8.1f} KB  {name}" for name, length in parts.items()))
        print(f"first staff page {total:.0f} KB (limit {LIMIT_KB})  {'ok' if total <= LIMIT_KB else 'ABOVE THE LIMIT'}")
        print(f"at rest {at_rest:.0f} MB, after a sign-in {resident(demo.pid):.0f} MB (limit {LIMIT_MB})")
        return int(total > LIMIT_KB or at_rest > LIMIT_MB)
    finally:
        os.killpg(demo.pid, signal.SIGTERM)
        demo.wait(20)


if __name__ == "__main__":
    raise SystemExit(main())
