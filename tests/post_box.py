"""A post box: a mail server that takes what it is sent over a real connection and keeps it, or refuses as a server does.

It speaks as much SMTP as a client needs; whoever tests says what it answers.
"""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any


class PostBox(socketserver.ThreadingTCPServer):
    """Mails as they arrived; `refuse` is what it answers to a recipient, `silent` hangs up once a mail is in."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.refuse, self.silent = "", False
        super().__init__(("127.0.0.1", 0), _Talk)


class _Talk(socketserver.StreamRequestHandler):
    def say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")

    def handle(self) -> None:
        box: Any = self.server
        self.say("220 box.example")
        while line := self.rfile.readline():
            word = line.decode("ascii", "replace").strip().upper()
            if word == "QUIT":
                return self.say("221 bye")
            if word.startswith("RCPT") and box.refuse:
                self.say(box.refuse)
            elif word == "DATA":
                self.say("354 go on")
                body = b"".join(iter(self.rfile.readline, b".\r\n"))
                box.raw.append(body)
                box.mails.append(email.message_from_bytes(body, policy=email.policy.default))
                if box.silent:
                    return None
                self.say("250 taken")
            else:
                self.say("250 box.example" if word.startswith(("EHLO", "HELO")) else "250 well")
        return None


@contextmanager
def post_box(settings: Any) -> Iterator[PostBox]:
    """A box that the node's settings lead to."""
    with PostBox() as box:
        threading.Thread(target=box.serve_forever, args=(0.05,), daemon=True).start()
        settings.MAIL_HOST, settings.MAIL_PORT = "127.0.0.1", box.server_address[1]
        settings.MAIL_SECURITY, settings.MAIL_FROM, settings.MAIL_SITE = "none", "node@fairwitness.example", "https://node.example"
        settings.MAIL_HOUR = 0
        yield box
        box.shutdown()
