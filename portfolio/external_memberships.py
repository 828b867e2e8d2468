"""How the municipalities stand to what others run, side by side: DigiFin, Helseplattformen, a network (A20, A21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from digivesteralen.spreadsheets.writing import SheetSpec
from digivesteralen.ui import wording
from governance.models import Collaboration, Organisation, Region
from governance.models.organisations import RegionMembership, in_force
from portfolio.models import Initiative, Standing


def told_of(collaboration: Collaboration) -> QuerySet[Organisation]:
    """The members, and those that are in a region with them: Os is in Rørosregionen without being in DiguT (A5)."""
    beside = RegionMembership.objects.filter(region__in=Region.objects.of(collaboration)).values("organisation")
    members = collaboration.members().values("pk")
    return Organisation.objects.municipalities().filter(Q(pk__in=members) | Q(pk__in=beside)).order_by("sort_key")


def counted(collaboration: Collaboration, day: date) -> QuerySet[Initiative]:
    """The initiatives, with how many of the members stand how on the day; a neighbour is shown and not counted."""
    kinds = {"inside": Standing.Kind.MEMBER, "options": Standing.Kind.OPTION, "considering": Standing.Kind.CONSIDERS}
    members = collaboration.members(day).order_by().values("pk")
    told = in_force(day, "standings__") & Q(standings__organisation__in=members)
    counts = {name: Count("standings", filter=told & Q(standings__kind=kind)) for name, kind in kinds.items()}
    return collaboration.initiatives.select_related("collaboration").annotate(**counts)


@dataclass(frozen=True)
class Row:
    """One municipality, with a cell for each initiative; nothing where nothing is told."""

    place: Organisation
    cells: list[Standing | None]


@dataclass(frozen=True)
class Matrix:
    initiatives: Sequence[Any]
    rows: list[Row]
    members: int

    @property
    def totals(self) -> list[str]:
        """«24 av 47»: counted by name, and where a source tells more without names, that too."""
        return [total(one, self.members) for one in self.initiatives]

    def sheets(self) -> list[SheetSpec]:
        header = [_("Number"), _("Municipality"), *[one.name for one in self.initiatives]]
        rows = [[row.place.number, row.place.name, *[in_words(cell) for cell in row.cells]] for row in self.rows]
        rows.append(["", _("Are in"), *self.totals])
        return [SheetSpec(_("External memberships"), header, rows)]


def total(initiative: Any, members: int) -> str:
    named = _("%(inside)s of %(all)s") % {"inside": initiative.inside, "all": members}
    return initiative.count_in_words if initiative.counted is not None and not initiative.inside else named


def in_words(cell: Standing | None) -> str:
    if cell is None:
        return ""
    days = "–".join(wording.short_day(day) if day else "" for day in (cell.since, cell.until))
    return f"{cell.get_kind_display()} ({days})" if cell.since or cell.until else str(cell.get_kind_display())


def matrix(collaboration: Collaboration, places: Sequence[Organisation], day: date) -> Matrix:
    initiatives = list(counted(collaboration, day))
    rows = Standing.objects.active(day).filter(initiative__in=initiatives, organisation__in=places)
    told = {(one.organisation_id, one.initiative_id): one for one in rows}
    cells = [Row(place, [told.get((place.pk, one.pk)) for one in initiatives]) for place in places]
    return Matrix(initiatives, cells, collaboration.members(day).count())
