"""What the floors above do about a finding: the line from what was learnt, by a measure, to a project (H2, L16)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from surveys.models import Finding

Link = tuple[str, str]
Reader = Callable[[Iterable[Finding]], Mapping[int, list[Link]]]
_readers: list[Reader] = []


def register(reader: Reader) -> None:
    """``reader(findings)`` gives, by primary key, what stands on each finding, as (name, address)."""
    _readers.append(reader)


def of(findings: Iterable[Finding]) -> dict[int, list[Link]]:
    found: dict[int, list[Link]] = {}
    wanted = list(findings)
    for reader in _readers:
        for pk, links in reader(wanted).items():
            found.setdefault(pk, []).extend(links)
    return found
