"""What the registers tell of the collaboration as a whole: gaps, shares and differences (R28, D6, D7, K7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum

from governance.models import Collaboration, Organisation
from surveys.models import ApplicationForm, CollectedDocument, InfrastructureFact

State = ApplicationForm.State


def form_totals(places: Any) -> dict[str, dict[str, int]]:
    """How many forms there are in each state, and how many are sent in a year where that is known."""
    rows = ApplicationForm.objects.filter(municipality__in=places).order_by().values("state")
    counted = rows.annotate(forms=Count("pk"), unknown=Count("pk", filter=Q(yearly=None)), sent=Sum("yearly"))
    found: dict[str, Any] = {row["state"]: row for row in counted}
    nothing = {"forms": 0, "sent": 0, "unknown": 0}
    return {str(label): found.get(value, nothing) for value, label in State.choices}


def common_forms(collaboration: Collaboration) -> QuerySet[Any]:
    """Each form by its name, with how many municipalities have it on paper, partly and digitally."""
    kinds = zip(("paper", "partly", "digital"), State, strict=True)
    states = {name: Count("pk", filter=Q(state=state)) for name, state in kinds}
    return (
        ApplicationForm.objects.of(collaboration)
        .order_by()
        .values("key")
        .annotate(name=Min("name"), municipalities=Count("municipality"), together=Sum("yearly"), **states)
    )


@dataclass
class Shelf:
    """One municipality's documents by kind; a kind without any is a gap (D7)."""

    municipality: Organisation
    kinds: list[list[CollectedDocument]] = field(default_factory=list)

    @property
    def gaps(self) -> int:
        return sum(1 for documents in self.kinds if not documents)


def shelves(collaboration: Collaboration, places: Sequence[Organisation]) -> list[Shelf]:
    found: dict[tuple[int, str], list[CollectedDocument]] = defaultdict(list)
    for one in CollectedDocument.objects.of(collaboration).filter(municipality__in=places):
        assert one.municipality_id is not None
        found[one.municipality_id, one.kind].append(one)
    return [Shelf(place, [found[place.pk, kind] for kind in CollectedDocument.EXPECTED]) for place in places]


EXPECTED = [CollectedDocument.Kind(kind).label for kind in CollectedDocument.EXPECTED]


def newest_facts(places: Sequence[Organisation]) -> dict[tuple[int, str], InfrastructureFact]:
    """The newest fact of each topic in each municipality."""
    rows = InfrastructureFact.objects.filter(municipality__in=places)
    newest = rows.order_by("municipality_id", "topic", F("on").desc()).distinct("municipality_id", "topic")
    return {(one.municipality_id, one.topic): one for one in newest}


def facts_by_topic(places: Sequence[Organisation]) -> list[tuple[str, list[InfrastructureFact | None]]]:
    """A line for each topic that is shared, with the newest fact of each municipality given."""
    found = newest_facts(places)
    return [
        (str(label), [found.get((place.pk, topic)) for place in places])
        for topic, label in InfrastructureFact.Topic.choices
        if topic not in InfrastructureFact.OWN_ONLY
    ]
