"""docs/security.md names a test for every promise: that the tests are there, and that no number is left out."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/security.md").read_text()
LINE = re.compile(r"^\| (?P<number>[^|]+) \| (?P<promise>[^|]+) \| `(?P<file>tests/[\w/]+\.py)::(?P<test>[\w:]+)` \|$")
# The list of threats has no T36–T39; T19b, T29b and T29c came beside those they belong to.
THREATS = {f"T{number:02}" for number in range(1, 50) if number not in range(36, 40)} | {"T19b", "T29b", "T29c"}
FAULTS = {f"F{number:02}" for number in range(1, 24)}
RULES = {f"access {number}" for number in range(1, 9)} | {f"rule {number}" for number in range(1, 13)}


def lines() -> Iterator[re.Match[str]]:
    for line in PAGE.splitlines():
        if "::" in line and line.startswith("|"):
            found = LINE.match(line)
            assert found, f"Not «| id | promise | `file::test` |»: {line}"
            yield found


@cache
def named_in(file: str) -> frozenset[str]:
    """`test_x`, and `TestY::test_x` of a class; read, not imported."""
    path = ROOT / file
    assert path.is_file(), f"{file} is named in docs/security.md and does not exist."
    found = set()
    for part in ast.parse(path.read_text()).body:
        if isinstance(part, ast.FunctionDef):
            found.add(part.name)
        elif isinstance(part, ast.ClassDef):
            found |= {f"{part.name}::{inner.name}" for inner in part.body if isinstance(inner, ast.FunctionDef)}
    return frozenset(found)


def test_every_test_that_is_named_is_there() -> None:
    gone = [f"{line['file']}::{line['test']}" for line in lines() if line["test"] not in named_in(line["file"])]
    assert gone == []


def test_what_is_named_is_run() -> None:
    assert [line["test"] for line in lines() if not line["test"].split("::")[-1].startswith("test_")] == []


def test_no_number_is_left_out() -> None:
    numbers = {line["number"] for line in lines()}
    assert numbers >= THREATS | FAULTS | RULES, sorted((THREATS | FAULTS | RULES) - numbers)
    unknown = {number for number in numbers if re.match(r"[TF]\d", number)} - THREATS - FAULTS
    assert unknown == set()


def test_no_promise_stands_twice() -> None:
    seen = [(line["number"], line["file"], line["test"]) for line in lines()]
    assert len(seen) == len(set(seen))
