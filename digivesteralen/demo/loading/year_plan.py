"""What comes back every year in the steering group: the year plan of the example layer."""

from __future__ import annotations

from typing import Any

from digivesteralen.demo import facts
from governance.actions import fixed_cases
from governance.models import Body


def load(body: Body, secretary: Any) -> None:
    for fact in facts.example()["fixed_cases"]:
        fixed_cases.fix_case(body=body, example=True, by=secretary, **fact)
