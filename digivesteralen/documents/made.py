from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Made:
    """What a job made; the runner stores it as the next version of the job's kind and subject."""

    content: bytes
    file_name: str
    mime: str
    title: str
    made_from: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
