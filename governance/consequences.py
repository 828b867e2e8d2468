"""What the floors above attach to a decision: governance calls, and knows none of them."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from governance.models import Adoption, Case, Organisation, ProposalStep, Resolution

Covered = tuple[Decimal | None, Decimal | None]
AsksMore = Callable[[Adoption, Sequence[Organisation], date | None, Any], bool]

_on_resolution: list[Callable[[Resolution, Any], None]] = []
_opens_adoptions: list[Callable[[Case, Any], bool]] = []
_asks_more: list[AsksMore] = []
_covers: list[Callable[[Adoption], Covered | None]] = []
_on_adoption: list[Callable[[Adoption, Any], None]] = []
_on_population: list[Callable[[Collection[int], Any], None]] = []
_on_proposal: list[Callable[[ProposalStep, Any], None]] = []


def on_resolution(consequence: Callable[[Resolution, Any], None]) -> None:
    """Call this for each resolution when the meeting ends, in the same transaction."""
    _on_resolution.append(consequence)


def opens_adoptions(opener: Callable[[Case, Any], bool]) -> None:
    """Ask this first when a case goes to the municipalities; it answers whether it opened their decisions itself."""
    _opens_adoptions.append(opener)


def asks_more(asker: AsksMore) -> None:
    """Ask this first when a matter is put to more municipalities; it answers whether it asked them itself."""
    _asks_more.append(asker)


def covers(share: Callable[[Adoption], Covered | None]) -> None:
    """Ask this for the amount and the hours that the municipality is asked to cover; None when it knows of none."""
    _covers.append(share)


def on_adoption(consequence: Callable[[Adoption, Any], None]) -> None:
    """Call this, in the same transaction, each time a municipality's decision is registered, corrected or objected to.

    Confirming and scheduling change no decision, and are not told.
    """
    _on_adoption.append(consequence)


def on_population(consequence: Callable[[Collection[int], Any], None]) -> None:
    """Call this once, in the same transaction, with the organisations whose counts of people were written."""
    _on_population.append(consequence)


def on_proposal(consequence: Callable[[ProposalStep, Any], None]) -> None:
    """Call this, in the same transaction, each time a tier has answered a proposal, sent it on or sent it back."""
    _on_proposal.append(consequence)


def resolved(resolution: Resolution, by: Any) -> None:
    for consequence in _on_resolution:
        consequence(resolution, by)


def opened_elsewhere(case: Case, by: Any) -> bool:
    answers = [opener(case, by) for opener in _opens_adoptions]
    return any(answers)


def asked_elsewhere(adoption: Adoption, organisations: Sequence[Organisation], answer_by: date | None, by: Any) -> bool:
    answers = [asker(adoption, organisations, answer_by, by) for asker in _asks_more]
    return any(answers)


def covered_by(adoption: Adoption) -> Covered:
    """The municipality's share, as the floor that knows it says."""
    for share in _covers:
        if (known := share(adoption)) is not None:
            return known
    return None, None


def decided(adoption: Adoption, by: Any) -> None:
    for consequence in _on_adoption:
        consequence(adoption, by)


def counted(organisations: Collection[int], by: Any) -> None:
    if organisations:
        for consequence in _on_population:
            consequence(organisations, by)


def proposal_closed(step: ProposalStep, by: Any) -> None:
    for consequence in _on_proposal:
        consequence(step, by)
