"""The real server, spoken to by socket: slow senders keep nobody waiting, what is too large is refused before it is read, TLS as the
how-to makes it, several processes, a host that is not ours."""

from __future__ import annotations

import os
import re
import select
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from node import Node, _free_port

ROOT = Path(__file__).parent.parent.parent
MEGA = 1024 * 1024


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    made = Node()
    made.serve(FAIRWITNESS_UPLOAD_MB="2")
    try:
        yield made
    finally:
        made.stop()


def port_of(node: Node) -> int:
    return int(node.address.rpartition(":")[2])


def speak(node: Node, head: str, body: bytes = b"") -> socket.socket:
    line = socket.create_connection(("localhost", port_of(node)), timeout=30)
    line.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
    return line


def status(line: socket.socket) -> int:
    line.settimeout(40)
    return int((line.recv(4096).split(b" ", 2) + [b"0", b"0"])[1] or 0)


def post(length: str) -> str:
    return f"POST /accounts/login/ HTTP/1.1\nHost: localhost\nContent-Type: application/x-www-form-urlencoded\n{length}"


def seconds_of_a_page(node: Node) -> float:
    began = time.monotonic()
    with urllib.request.urlopen(f"{node.address}/public/", timeout=30) as answer:
        assert answer.status == 200
    return time.monotonic() - began


def test_slow_senders_keep_nobody_waiting(node: Node) -> None:
    seconds_of_a_page(node)
    slow = [speak(node, post("Content-Length: 1000"), b"login=x") for _ in range(24)]
    slow += [socket.create_connection(("localhost", port_of(node))) for _ in range(24)]
    try:
        for line in slow[24:]:
            line.sendall(b"GET /public/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        time.sleep(0.5)
        assert seconds_of_a_page(node) < 10  # before, four of them stopped the node for as long as they liked
    finally:
        for line in slow:
            line.close()


def test_who_sends_too_slowly_is_given_up_and_told(node: Node) -> None:
    line = speak(node, post("Content-Length: 1000"), b"login=x")
    began = time.monotonic()
    with line:
        assert status(line) == 408
    assert 15 < time.monotonic() - began < 35


def test_one_address_cannot_fill_the_room(node: Node) -> None:
    lines = [speak(node, post("Content-Length: 1000"), b"a") for _ in range(32)]
    try:
        time.sleep(1)
        with speak(node, post("Content-Length: 1000"), b"a") as line:
            assert status(line) == 429
        assert seconds_of_a_page(node) < 10
    finally:
        for line in lines:
            line.close()


def pour(line: socket.socket, total: int, chunked: bool) -> int:
    """Send until an answer comes; how much was sent."""
    piece, sent = b"a" * 65536, 0
    while sent < total:
        readable, writable, _ = select.select([line], [line], [], 10)
        if readable:
            break
        if writable:
            line.sendall(b"10000\r\n" + piece + b"\r\n" if chunked else piece)
            sent += len(piece)
    return sent


@pytest.mark.parametrize("chunked", [False, True])
def test_two_hundred_megabytes_are_refused_early(node: Node, chunked: bool) -> None:
    total = 200 * MEGA
    with speak(node, post("Transfer-Encoding: chunked" if chunked else f"Content-Length: {total}")) as line:
        sent = pour(line, total, chunked)
        assert status(line) == 413
    assert sent < 16 * MEGA
    assert seconds_of_a_page(node) < 10


@pytest.mark.parametrize("said", ["-1", "1e9", "9" * 30, "0x10", ""])
def test_a_length_that_is_no_number_is_refused(node: Node, said: str) -> None:
    with speak(node, post(f"Content-Length: {said}\nConnection: close"), b"x=1") as line:
        assert status(line) in (400, 403, 413)


def test_a_host_that_is_not_ours_is_refused_and_not_repeated(node: Node) -> None:
    with speak(node, "GET /accounts/login/ HTTP/1.1\nHost: evil.example\nX-Forwarded-Host: localhost\nConnection: close") as line:
        line.settimeout(20)
        said = b"".join(iter(lambda: line.recv(65536), b""))
    assert said.split(b" ")[1] == b"400" and b"evil.example" not in said
    request = urllib.request.Request(f"{node.address}/public/", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert b"evil.example" not in answer.read()


def test_a_header_with_an_underscore_does_not_pass_for_another(node: Node) -> None:
    with speak(node, "GET /metrics/ HTTP/1.1\nHost: localhost\nX_Forwarded_For: 203.0.113.9\nConnection: close") as line:
        assert status(line) == 200
    with speak(node, "GET /metrics/ HTTP/1.1\nHost: localhost\nX-Forwarded-For: 203.0.113.9\nConnection: close") as line:
        assert status(line) == 404


@pytest.mark.parametrize(
    "path",
    ["/static/../settings.py", "/static/%2e%2e/settings.py", "/static/..%2fsettings.py", "/static//etc/passwd", "/..%2f..%2fetc/passwd"],
)
def test_nothing_outside_is_served(node: Node, path: str) -> None:
    with speak(node, f"GET {path} HTTP/1.1\nHost: localhost\nConnection: close") as line:
        line.settimeout(20)
        said = b"".join(iter(lambda: line.recv(65536), b""))
    assert said.split(b" ")[1] in (b"302", b"400", b"404") and b"SECRET_KEY" not in said and b"root:" not in said


def test_tls_as_the_how_to_makes_it() -> None:
    page = (ROOT / "docs/how-to/tls-on-a-lan.md").read_text("utf-8")
    node = Node()
    keys = node.folder / "tls"
    keys.mkdir()
    for script in re.findall(r"```sh\n(.*?)```", page, re.DOTALL):
        subprocess.run(["sh", "-e", "-c", script], cwd=keys, check=True, capture_output=True)
    wrong = node.run("serve", "--tls-cert", str(keys / "node.crt"), "--tls-key", str(keys / "authority.key"), check=False)
    assert wrong.returncode == 1 and "do not go together" in wrong.stderr
    bare = node.run("serve", "--host", "0.0.0.0", check=False)
    assert bare.returncode == 1 and "unencrypted" in bare.stderr
    port = _free_port()
    command = ["serve", "--port", str(port), "--tls-cert", str(keys / "node.crt"), "--tls-key", str(keys / "node.key")]
    around = {**node.environment, "FAIRWITNESS_HOSTS": "fairwitness.mission.lan,localhost"}
    web = subprocess.Popen([sys.executable, "-m", "fairwitness", *command], env=around, cwd=node.folder, start_new_session=True)
    node.web = web
    try:
        trusted = ssl.create_default_context(cafile=str(keys / "authority.crt"))
        answer = _get(f"https://localhost:{port}/accounts/login/", trusted)
        assert "secure" in str(answer.headers["Set-Cookie"]).lower() and "max-age=31536000" in answer.headers["Strict-Transport-Security"]
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
            urllib.request.urlopen(f"https://localhost:{port}/public/", context=ssl.create_default_context(), timeout=20)
        old = ssl.create_default_context(cafile=str(keys / "authority.crt"))
        old.minimum_version, old.maximum_version = ssl.TLSVersion.MINIMUM_SUPPORTED, ssl.TLSVersion.TLSv1_1
        with pytest.raises((urllib.error.URLError, OSError)):
            urllib.request.urlopen(f"https://localhost:{port}/public/", context=old, timeout=20)
    finally:
        node.stop()
    seen = node.run("doctor", check=False, FAIRWITNESS_HOSTS="other.lan", FAIRWITNESS_TLS_CERT=str(keys / "node.crt"),
                    FAIRWITNESS_TLS_KEY=str(keys / "node.key")).stdout  # fmt: skip
    assert "The certificate is good for 39" in seen and "does not name other.lan" in seen


def _get(address: str, trusted: ssl.SSLContext) -> urllib.request.addinfourl:
    end = time.monotonic() + 60
    while True:
        try:
            found: urllib.request.addinfourl = urllib.request.urlopen(address, context=trusted, timeout=20)
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > end:
                raise
            time.sleep(0.3)
        else:
            return found


BIG = '''
"""Answers of many megabytes, received and handed over as pages are."""
from fairwitness.web.receive import Receiver, Room

PIECE = bytes(range(256)) * 256


def pages(environ, start):
    many = int(environ["PATH_INFO"].strip("/"))
    start("200 OK", [("Content-Type", "application/octet-stream")])
    return (PIECE for _ in range(many * 16))


application = Receiver(pages, Room(most=8 * 1024 * 1024, together=32 * 1024 * 1024, patience=5.0))
'''


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server of large answers; its port."""
    folder, port = tmp_path_factory.mktemp("big"), _free_port()
    (folder / "big.py").write_text(BIG, "utf-8")
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "asginl",
        "--port",
        str(port),
        "--blocking-threads",
        "1",
        "--no-ws",
        "--workers-kill-timeout",  # as `serve` does it: who still reads slowly does not keep a server from stopping
        "5",
        "big:application",
    ]
    around = {**os.environ, "PYTHONPATH": f"{folder}:{ROOT / 'src'}"}
    server = subprocess.Popen(command, env=around, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/0/", timeout=5).read()
                break
            except OSError:
                time.sleep(0.2)
        yield port
    finally:
        server.terminate()
        server.wait(30)


@pytest.mark.parametrize("many", [1, 7, 8, 9, 40])
def test_a_long_answer_arrives_whole(big: int, many: int) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{big}/{many}/", timeout=60) as answer:
        data = answer.read()
    assert len(data) == many * MEGA and data == bytes(range(256)) * (many * 4096)


def test_who_reads_slowly_holds_nobody_up(big: int) -> None:
    lines = [socket.create_connection(("127.0.0.1", big)) for _ in range(20)]
    try:
        for number, line in enumerate(lines):
            line.sendall(f"GET /{7 if number < 17 else 40}/ HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        time.sleep(1)
        began = time.monotonic()
        assert len(urllib.request.urlopen(f"http://127.0.0.1:{big}/1/", timeout=60).read()) == MEGA
        assert time.monotonic() - began < 20
    finally:
        for line in lines:
            line.close()
