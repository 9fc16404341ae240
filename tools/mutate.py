"""Do the tests notice? Small faults are put into a module, one at a time, and the tests are asked whether one of them fails.

A line that a test runs is not yet a line that a test guards. Where rights are decided and where the ledger is proved, each comparison,
each refusal and each figure is turned round in memory (no file is touched), and the tests that pass through that line are run again in a
copy of the process. What no test notices is printed: it is either a test to write, or a fault that changes nothing.

    python tools/mutate.py src/fairwitness/mission/access.py --tests tests/mission/test_people.py tests/monitor
    python tools/mutate.py src/fairwitness/record/ledger/merkle.py --tests tests/record/ledger --only 40-90

The rule: a figure of this tool is stated with the survivors named, never as a percentage alone.
"""

from __future__ import annotations

import argparse
import ast
import copy
import gc
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
KILLED, SURVIVED, SLOW, UNSEEN = "killed", "survived", "killed by time", "no test passes here"
TURNED: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.And: (ast.Or,), ast.Or: (ast.And,), ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.FloorDiv,), ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,), ast.LShift: (ast.RShift,), ast.RShift: (ast.LShift,), ast.BitAnd: (ast.BitOr,), ast.BitOr: (ast.BitAnd,),
    ast.BitXor: (ast.BitAnd,), ast.Break: (ast.Continue,), ast.Continue: (ast.Break,),
}  # fmt: skip
WORDS = {"any": "all", "all": "any", "min": "max", "max": "min", "exclude": "filter", "filter": "exclude", "first": "last"}


@dataclass
class Fault:
    """One small fault: where, what it turns into what, and what came of it."""

    line: int
    was: str
    now: str
    code: CodeType
    outermost: str
    body: range
    end: str = UNSEEN
    by: str = ""


def faults_of(source: str, name: str) -> Iterator[Fault]:
    """Every small fault of a module's functions, each as the compiled body of the function it stands in."""
    tree = ast.parse(source, name)
    for path, outer in _outermost(tree):
        silent = _annotations(outer)
        for place, node in enumerate(ast.walk(outer)):
            if id(node) in silent:
                continue
            for change in _changes(node):
                other = copy.deepcopy(tree)
                twin = next(found for way, found in _outermost(other) if way == path)
                at = next(found for number, found in enumerate(ast.walk(twin)) if number == place)
                changed = change(at)
                if changed is None:
                    continue
                ast.fix_missing_locations(other)
                code = _find(compile(other, name, "exec"), path)
                if code is not None:
                    line = getattr(node, "lineno", outer.lineno)
                    yield Fault(
                        line,
                        ast.unparse(node).splitlines()[0][:90],
                        changed.splitlines()[0][:90],
                        code,
                        path,
                        range(outer.lineno, (outer.end_lineno or 0) + 1),
                    )


def _annotations(outer: ast.FunctionDef) -> set[int]:
    """What only a type checker reads."""
    said = [getattr(node, name, None) for node in ast.walk(outer) for name in ("annotation", "returns")]
    return {id(part) for one in said if isinstance(one, ast.AST) for part in ast.walk(one)}


def _outermost(tree: ast.AST, above: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            yield above + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from _outermost(node, f"{above}{node.name}.")


def _find(code: CodeType, path: str) -> CodeType | None:
    found = [one for one in code.co_consts if isinstance(one, CodeType)]
    return next((one for one in found if one.co_qualname == path), None) or next(
        (inner for one in found if path.startswith(f"{one.co_qualname}.") and (inner := _find(one, path))), None
    )


def _changes(node: ast.AST) -> Iterator[Callable[[Any], str | None]]:
    """The small faults that can be made at this place. Words a person reads are left alone: whether they are good is no test's business."""
    if isinstance(node, ast.Compare):
        for number, operator in enumerate(node.ops):
            for other in TURNED.get(type(operator), ()):
                yield partial(_turn, number=number, other=other)
    if isinstance(node, ast.BoolOp | ast.BinOp | ast.AugAssign) and not _text(node):
        for other in TURNED.get(type(node.op), ()):
            yield partial(_put, name="op", new=other())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield lambda at: _become(at, at.operand)
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        for answer in (True, False):
            if answer is False or not isinstance(node, ast.While):
                yield partial(_put, name="test", new=ast.Constant(answer))
    if isinstance(node, ast.Constant) and type(node.value) in (bool, int):
        yield lambda at: _put(at, "value", not at.value if isinstance(at.value, bool) else at.value + 1)
    if isinstance(node, ast.Return) and node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield lambda at: _put(at, "value", ast.Constant(None))
    if isinstance(node, ast.Raise) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        yield lambda at: _become(at, ast.Pass())
    if isinstance(node, ast.Break | ast.Continue):
        yield lambda at: _become(at, TURNED[type(at)][0]())
    if isinstance(node, ast.Name | ast.Attribute):
        attribute = "id" if isinstance(node, ast.Name) else "attr"
        if getattr(node, attribute) in WORDS and isinstance(node.ctx, ast.Load):
            yield partial(_put, name=attribute, new=WORDS[getattr(node, attribute)])


def _text(node: ast.AST) -> bool:
    """Whether words are put together here."""
    parts = ast.walk(node) if isinstance(node, ast.BinOp) else ()
    return any(
        isinstance(part, ast.JoinedStr) or (isinstance(part, ast.Constant) and isinstance(part.value, str | bytes)) for part in parts
    )


def _turn(at: Any, number: int, other: type[ast.AST]) -> str:
    at.ops[number] = other()
    return ast.unparse(at)


def _put(at: Any, name: str, new: Any) -> str:
    setattr(at, name, new)
    return ast.unparse(at)


def _become(at: Any, new: ast.AST) -> str:
    """Let a node be another: what holds it keeps holding it."""
    at.__class__ = new.__class__
    keep = {key: value for key, value in at.__dict__.items() if key.endswith(("lineno", "col_offset"))}
    at.__dict__.clear()
    at.__dict__.update({**new.__dict__, **keep})
    return ast.unparse(at)


@dataclass
class Trial:
    """A run of the tests that learns which test passes which line, and then tries each fault in a copy of the process."""

    file: Path
    minutes: float
    only: range
    passes: dict[int, dict[int, float]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    failed_before: list[str] = field(default_factory=list)

    def pytest_runtestloop(self, session: Any) -> bool:
        """Instead of the usual loop: once as it is, then with each fault."""
        for number, item in enumerate(session.items):
            self._learn(session, number, item)
        print(f"{self.file.name}: {len(session.items)} tests, {len(self.passes)} of its lines are passed", flush=True)
        for fault in faults_of(self.file.read_text("utf-8"), str(self.file)):
            if fault.line in self.only:
                self.faults.append(fault)
        random.Random(1975).shuffle(self.faults)  # whoever stops early has tried some of everything, and the same again next time
        until = time.monotonic() + 60 * self.minutes
        for fault in self.faults:
            if time.monotonic() < until:
                self._try(session, fault)
            else:
                fault.end = "not tried: out of time"
        return True

    def _learn(self, session: Any, number: int, item: Any) -> None:
        name = str(self.file)
        lines: set[int] = set()

        def inside(frame: FrameType, event: str, given: Any) -> Any:
            lines.add(frame.f_lineno)
            return inside

        def watch(frame: FrameType, event: str, given: Any) -> Any:
            if frame.f_code.co_filename != name:
                return None
            lines.add(frame.f_lineno)
            return inside

        began = time.monotonic()
        sys.settrace(watch)
        try:
            bad = _run(session, item)
        finally:
            sys.settrace(None)
        if bad:
            self.failed_before.append(item.nodeid)
            return
        for line in lines:
            self.passes.setdefault(line, {})[number] = time.monotonic() - began

    def _try(self, session: Any, fault: Fault) -> None:
        spent = self._tests(fault)
        if not spent:
            return
        patience = min(5 + 4 * sum(spent.values()), 90)
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            _in_the_copy(session, fault, str(self.file), [session.items[n] for n in sorted(spent, key=lambda n: spent[n])], writer)
        os.close(writer)
        fault.end = _wait(child, patience)
        fault.by = os.read(reader, 400).decode("utf-8", "replace")
        os.close(reader)

    def _tests(self, fault: Fault) -> dict[int, float]:
        """The tests that pass the line; for a statement over several lines, its first that is passed. What runs at import has none."""
        first = max((line for line in self.passes if line in fault.body and line <= fault.line), default=0)
        return self.passes.get(fault.line) or self.passes.get(first, {})


def _run(session: Any, item: Any) -> bool:
    """Run one test; say whether it failed. Session-wide fixtures (the database) stay."""
    from _pytest.runner import runtestprotocol

    item._initrequest()
    reports = runtestprotocol(item, log=False, nextitem=session)
    return any(report.failed for report in reports)


def _in_the_copy(session: Any, fault: Fault, name: str, items: list[Any], writer: int) -> None:
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    try:
        for one in gc.get_objects():
            if isinstance(one, FunctionType) and one.__code__.co_filename == name and one.__code__.co_qualname == fault.outermost:
                one.__code__ = fault.code
        for item in items:
            if _run(session, item):
                os.write(writer, item.nodeid.encode())
                os._exit(1)
        os._exit(0)
    except BaseException:  # noqa: BLE001 a fault may break anything; that it broke was noticed
        os._exit(1)


def _wait(child: int, patience: float) -> str:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return SURVIVED if os.waitstatus_to_exitcode(status) == 0 else KILLED
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return SLOW


def tell(trial: Trial) -> None:
    """The figures and every survivor."""
    name = trial.file.relative_to(ROOT)
    ends = [fault.end for fault in trial.faults]
    figures = ", ".join(f"{ends.count(end)} {end}" for end in dict.fromkeys(ends))
    print(f"\n{name}: {len(ends)} faults; {figures}")
    for fault in sorted(trial.faults, key=lambda one: one.line):
        if fault.end in (SURVIVED, UNSEEN):
            print(f"  {name}:{fault.line} {fault.outermost}: {fault.end}\n      {fault.was}\n   -> {fault.now}")
    for test in trial.failed_before:
        print(f"  (left out, it failed without a fault: {test})")


def main() -> int:
    """Read what is asked, try, tell. The code is 1 when something survived."""
    import pytest

    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("files", nargs="+", type=Path, help="modules to put faults into")
    ask.add_argument("--tests", nargs="+", required=True, help="tests that should notice")
    ask.add_argument("--minutes", type=float, default=25, help="stop trying after this long, learning not counted (default 25)")
    ask.add_argument("--only", default="1-100000", help="lines from-to")
    given = ask.parse_args()
    first, _, last = given.only.partition("-")
    survived = False
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    for file in given.files:
        trial = Trial(file.resolve(), given.minutes, range(int(first), int(last or first) + 1))
        child = os.fork()
        if not child:
            os.chdir(ROOT)
            pytest.main([*given.tests, "-p", "no:xdist", "-q", "--no-header", "-p", "no:cacheprovider", "-s"], plugins=[trial])
            tell(trial)
            sys.stdout.flush()
            os._exit(any(fault.end not in (KILLED, SLOW) for fault in trial.faults))
        survived |= bool(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    return int(survived)


if __name__ == "__main__":
    raise SystemExit(main())
