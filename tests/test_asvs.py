"""The list of an independent standard against the tests: every requirement of levels one and two once, every test it names there.

The standard is the OWASP Application Security Verification Standard 5.0.0; its numbers and levels are facts and stand here in a form of
our own, its words do not. Two promises of the list that concern the whole of the code are kept here as well.
"""

from __future__ import annotations

import ast
import re
import ssl
from functools import cache
from pathlib import Path

from django.core.mail.backends.smtp import EmailBackend
from named import NAMED, missing

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "fairwitness"
PAGE = ROOT / "docs" / "explanation" / "asvs.md"
STATES = ("Met", "Not met", "Does not apply")

LEVELS = {
    "1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123",
    "2.1": "122", "2.2": "112", "2.3": "12223", "2.4": "23",
    "3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233", "3.5": "11122333", "3.6": "3", "3.7": "22333",
    "4.1": "12233", "4.2": "23333", "4.3": "22", "4.4": "1222",
    "5.1": "2", "5.2": "112333", "5.3": "113", "5.4": "222",
    "6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333", "6.6": "2223", "6.7": "33", "6.8": "2222",
    "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22",
    "8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23",
    "9.1": "111", "9.2": "1222",
    "10.1": "22", "10.2": "223", "10.3": "22223", "10.4": "1111122222233333", "10.5": "22222", "10.6": "22", "10.7": "222",
    "11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23", "11.6": "23", "11.7": "33",
    "12.1": "12233", "12.2": "11", "12.3": "22223",
    "13.1": "2333", "13.2": "222223", "13.3": "2233", "13.4": "1222233",
    "14.1": "22", "14.2": "12223333", "14.3": "122",
    "15.1": "12233", "15.2": "12233", "15.3": "1222222", "15.4": "3333",
    "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223",
    "17.1": "23", "17.2": "22223333", "17.3": "22",
}  # fmt: skip
"""Section: the level of its first requirement, of its second, and so on."""

REACHES_OUT = {"urllib.request", "http.client", "smtplib", "ftplib", "requests", "httpx", "aiohttp", "poplib", "imaplib", "telnetlib"}
CALLS = {
    "web/commands/demo.py": "the demonstration waits until its own door on 127.0.0.1 answers",
    "web/digest_send.py": "the mail server the settings name, and no other",
}
RUNS = {"eval", "exec", "compile"}
STARTS = {"web/commands/serve.py", "web/commands/demo.py"}
"""Modules that start a process of the node itself, from a list of words that nobody typed."""


def rows() -> dict[str, tuple[str, str, str]]:
    """Number: (level, state, what is said)."""
    found: dict[str, tuple[str, str, str]] = {}
    for line in PAGE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.fullmatch(r"\d+\.\d+\.\d+", cells[0]):
            assert cells[0] not in found, f"{cells[0]} stands twice"
            found[cells[0]] = (cells[1], cells[3], cells[4])
    return found


def test_every_requirement_of_two_levels_stands_once_with_its_level() -> None:
    wanted = {f"{part}.{n}": level for part, levels in LEVELS.items() for n, level in enumerate(levels, 1) if level in "12"}
    assert len(wanted) == 253 and sum(len(levels) for levels in LEVELS.values()) == 345
    assert {number: level for number, (level, _state, _said) in rows().items()} == wanted


def test_every_line_is_met_by_a_test_or_says_why_not() -> None:
    for number, (_level, state, said) in rows().items():
        named = NAMED.findall(said)
        assert state in STATES, f"{number}: write {STATES}"
        assert not missing(named), f"{number} names no test of ours: {missing(named)}"
        if state == "Met":
            assert named or said.startswith("as "), f"{number} is met by nothing that can fail"
        else:
            assert len(said) > 3, f"{number}: say why"
        same = re.match(r"as (\d+\.\d+\.\d+)", said)
        assert same is None or rows()[same[1]][1] == state, f"{number} is not {state} as {same and same[1]}"


def test_the_page_counts_what_it_lists() -> None:
    states = [state for _level, state, _said in rows().values()]
    said = " ".join(PAGE.read_text("utf-8").split())
    assert f"{states.count('Met')} are met, {states.count('Not met')} are not, {states.count('Does not apply')} do not apply" in said


def imported(tree: ast.AST) -> set[str]:
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


@cache
def modules() -> list[tuple[str, ast.Module]]:
    return [(path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text("utf-8"))) for path in SOURCE.rglob("*.py")]


def test_nothing_of_ours_speaks_to_the_network() -> None:
    wrong = {name for name, tree in modules() if imported(tree) & REACHES_OUT and name not in CALLS}
    assert not wrong, f"a node calls nobody else; if it must, the address is a setting and stands in docs/explanation/asvs.md: {wrong}"


def test_the_mail_server_must_show_its_certificate() -> None:
    context = EmailBackend(host="mail.example", use_tls=True).ssl_context
    assert context.verify_mode is ssl.CERT_REQUIRED and context.check_hostname and context.minimum_version >= ssl.TLSVersion.TLSv1_2


def test_nothing_of_ours_runs_a_shell_or_what_was_typed() -> None:
    wrong = []
    for name, tree in modules():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in RUNS
                and not all(isinstance(given, ast.Constant) for given in node.args)
            ):
                wrong.append(f"{name}:{node.lineno} {node.func.id}")
            if isinstance(node, ast.keyword) and node.arg == "shell":
                wrong.append(f"{name}:{node.value.lineno} shell")
        if imported(tree) & {"pickle", "marshal", "shelve", "dill"} or (imported(tree) & {"subprocess"} and name not in STARTS):
            wrong.append(f"{name}: {imported(tree) & {'pickle', 'marshal', 'shelve', 'subprocess'}}")
    assert not wrong, wrong
