"""Who has taken part in the gatherings of a programme: per municipality and per region; counts, never names (J6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import allowed
from digivesteralen.spreadsheets.writing import SheetSpec
from digivesteralen.ui import charts
from governance.models import Collaboration, Organisation, Region, RegionMembership
from portfolio.models import Gathering, GatheringInvitation, Project, Registration

REGISTERS = "governance.update_contact"
FIGURES = ("invited", "registered", "waiting", "came", "gatherings")


@dataclass(frozen=True)
class Line:
    """What one municipality has sent, or those of one region together."""

    name: str
    invited: int = 0
    registered: int = 0
    waiting: int = 0
    came: int = 0
    gatherings: int = 0
    region: str = ""
    # To how many that have been held, and ticked off, it was invited.
    could_come: int = 0

    @property
    def sent_nobody(self) -> bool:
        return self.could_come > 0 and not self.came


@dataclass(frozen=True)
class Attendance:
    """A programme as a whole: each municipality that is asked, the regions, and what nobody has ticked off."""

    places: Sequence[Line]
    regions: Sequence[Line]
    held: int
    not_ticked: int

    @property
    def came(self) -> int:
        return sum(line.came for line in self.places)

    @property
    def silent(self) -> list[Line]:
        """Invited to what has been held, and nobody came."""
        return [line for line in self.places if line.sent_nobody]

    def chart(self) -> charts.Chart:
        lines = self.regions or self.places
        return charts.bars(
            _("How many have come, by region") if self.regions else _("How many have come, by municipality"),
            [(line.name, line.came) for line in lines],
            label=_("Region") if self.regions else _("Municipality"),
            value=_("Turned up"),
            id="deltakelse",
        )

    def sheets(self) -> list[SheetSpec]:
        header = [
            _("Invited to"),
            _("Signed up"),
            _("On the waiting list"),
            _("Turned up"),
            _("Gatherings with somebody"),
        ]
        return [
            SheetSpec(_("Municipalities"), [_("Municipality"), _("Region"), *header], map(_cells, self.places)),
            SheetSpec(
                _("Regions"), [_("Region"), *header], [_cells(line)[:1] + _cells(line)[2:] for line in self.regions]
            ),
        ]


def _cells(line: Line) -> list[Any]:
    figures = [line.invited, line.registered, line.waiting, line.came, line.gatherings]
    return [line.name, line.region, *figures]


def attendance(project: Project) -> Attendance:
    """Over all gatherings that are announced or held; as many queries for one municipality as for a hundred."""
    alive = [Gathering.State.ANNOUNCED, Gathering.State.HELD]
    asked: Any = GatheringInvitation.objects.filter(gathering__project=project, gathering__state__in=alive)
    ticked = project.gatherings.filter(state=Gathering.State.HELD, registrations__attended__isnull=False).distinct()
    could_come = Count("pk", filter=Q(gathering__in=ticked))
    invited = {
        row["municipality"]: row
        for row in asked.order_by().values("municipality").annotate(invited=Count("pk"), could_come=could_come)
    }
    rows: Any = Registration.objects.filter(gathering__project=project, gathering__state__in=alive)
    counted = {row["municipality"]: row for row in rows.order_by().values("municipality").annotate(**_counts())}
    members = project.collaboration.members()
    former = {*counted, *invited} - {place.pk for place in members}
    places = [place for place in members if place.pk in counted or place.pk in invited]
    places += Organisation.objects.filter(pk__in=former)
    regions = _regions(project.collaboration, places)
    known = {place.pk: {**invited.get(place.pk, {}), **counted.get(place.pk, {})} for place in places}
    lines = {place.pk: _line(place, known[place.pk], regions) for place in places}
    held = project.gatherings.filter(state=Gathering.State.HELD).count()
    return Attendance(list(lines.values()), _by_region(lines, regions), held, held - ticked.count())


def _counts() -> dict[str, Any]:
    came = Q(attended=True)
    return {
        "registered": Count("pk", filter=Q(state=Registration.State.REGISTERED)),
        "waiting": Count("pk", filter=Q(state=Registration.State.WAITING)),
        "came": Count("pk", filter=came),
        "gatherings": Count("gathering", filter=came, distinct=True),
    }


def _regions(collaboration: Collaboration, places: Sequence[Organisation]) -> dict[Region, set[int]]:
    """The municipalities of each region today; one may be in two."""
    rows = RegionMembership.objects.active(timezone.localdate()).filter(organisation__in=places)
    found: dict[Region, set[int]] = {}
    for row in rows.select_related("region").order_by("region__name"):
        found.setdefault(row.region, set()).add(row.organisation_id)
    return found


def _line(place: Organisation, row: dict[str, Any], regions: dict[Region, set[int]]) -> Line:
    figures = {name: row.get(name, 0) for name in (*FIGURES, "could_come")}
    inside = ", ".join(region.name for region, places in regions.items() if place.pk in places)
    return Line(place.name, region=inside, **figures)


def _by_region(lines: dict[int, Line], regions: dict[Region, set[int]]) -> list[Line]:
    return [
        Line(region.name, **{name: sum(getattr(lines[place], name) for place in places) for name in FIGURES})
        for region, places in regions.items()
    ]


def of_gathering(gathering: Gathering) -> list[dict[str, Any]]:
    """Each municipality that is invited or has somebody: how many, and whether it has answered."""
    rows: Any = gathering.registrations.live().order_by().values("municipality")
    counted = {row["municipality"]: row for row in rows.annotate(**_counts())}
    answers = dict(gathering.invitations.values_list("municipality", "declined_at"))
    places = Organisation.objects.filter(pk__in=[*counted, *answers])
    return [
        {
            "place": place,
            "registered": counted.get(place.pk, {}).get("registered", 0),
            "waiting": counted.get(place.pk, {}).get("waiting", 0),
            "came": counted.get(place.pk, {}).get("came", 0),
            "declined": answers.get(place.pk),
        }
        for place in places
    ]


def waiting_for(user: Any, collaboration: Collaboration | None = None) -> Any:
    """Invitations that the person may answer for a municipality, and that nobody has answered."""
    places = allowed(Organisation.objects.all(), user, REGISTERS)
    asked = GatheringInvitation.objects.unanswered().filter(municipality__in=places)
    if collaboration is not None:
        asked = asked.filter(gathering__project__collaboration=collaboration)
    return asked.select_related("gathering__project__collaboration", "municipality").order_by("gathering__starts_at")


def of_municipality(collaboration: Collaboration, place: Organisation) -> Any:
    """What the municipality is invited to, and is still to come; with how many it has registered."""
    coming = GatheringInvitation.objects.filter(
        municipality=place,
        gathering__project__collaboration=collaboration,
        gathering__state=Gathering.State.ANNOUNCED,
        gathering__ends_at__gte=timezone.now(),
    )
    return coming.with_counts().select_related("gathering__project__collaboration").order_by("gathering__starts_at")
