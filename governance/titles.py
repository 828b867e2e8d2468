"""What a role is called on a day: titles are data, so «rådmann» becomes «kommunedirektør» by itself (B25)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from governance.models import Appointment, Collaboration


class Titles:
    """The titles of a collaboration's roles on a day, read once."""

    def __init__(self, collaboration: Collaboration, day: date) -> None:
        begun = collaboration.titles.filter(since__lte=day).order_by("since")
        self.of_role = {str(one.role): one.title for one in begun}

    def of(self, seat: Appointment) -> str:
        """The seat's own words, the role's on that day, or what the person is called."""
        return seat.title or self.of_role.get(seat.role, "") or seat.person.title

    def rows(self, seats: list[Appointment]) -> list[TitledSeat]:
        return [TitledSeat(seat, self.of(seat)) for seat in seats]


@dataclass(frozen=True)
class TitledSeat:
    """A seat as it is shown: with what its holder was called that day."""

    seat: Appointment
    title: str
