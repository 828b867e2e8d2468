"""«Min kommune»: what one municipality takes part in, pays, works, is bound to and is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import (
    Case,
    Count,
    DecimalField,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.ui import charts
from governance.models import Adoption, AgreementParty, Collaboration, Organisation, Population
from portfolio.models import (
    Benefit,
    BenefitLine,
    Contribution,
    Effort,
    Participation,
    Project,
    Share,
    Status,
    StatusReport,
    YearShare,
)
from portfolio.models.participation import OUT
from portfolio.overview import ENDED, NOTHING

# What runs first, what is over last.
ORDER = [
    Project.State.EXECUTION, Project.State.PLANNING, Project.State.IDEA, Project.State.FINISHED, Project.State.STOPPED,
]  # fmt: skip
ORE = Decimal("0.01")
# Bound by its own decision, and not out again: one that has left may still carry the years it was in.
WITH_US = Q(share__pays=True) & ~Q(share__status=Status.LEFT)


def participations(collaboration: Collaboration, organisation: Organisation) -> Any:
    """Every project the municipality is asked to join, with its light, its share and its decision."""
    reports = StatusReport.objects.published().filter(project=OuterRef("project")).newest_first()
    places = [When(project__state=state, then=Value(place)) for place, state in enumerate(ORDER)]
    return (
        Participation.objects.filter(project__collaboration=collaboration, organisation=organisation)
        .select_related("project__collaboration", "organisation", "adoption__collaboration", "withdrawal", "share")
        .annotate(light=Subquery(reports.values("overall")[:1]), place=Case(*places, output_field=IntegerField()))
        .order_by("place", "project__number")
    )


def loaded_once(
    asked: Any, keys: dict[str, list[int]], collaboration: Collaboration, organisation: Organisation
) -> dict[str, list[Participation]]:
    """Several lists of the same participations, each read from the database once: it is a wide row."""
    wide = asked.select_related(None).select_related("project", "adoption", "withdrawal", "share").order_by()
    found = {one.pk: one for one in wide.filter(pk__in=set().union(*keys.values()))}
    for one in found.values():
        one.organisation, one.project.collaboration = organisation, collaboration
        if one.adoption.collaboration_id == collaboration.pk:
            one.adoption.collaboration = collaboration
    return {name: [found[key] for key in those] for name, those in keys.items()}


def first_of(rows: Any, most: int) -> tuple[list[Any], int]:
    """The first so many, and how many there are in all: one question, few or many."""
    found = list(rows.annotate(in_all=Window(Count("pk")))[:most])
    return found, found[0].in_all if found else 0


def bound(asked: Any) -> Any:
    """What the municipality's own decisions bind it to, while it lasts."""
    return asked.filter(WITH_US).exclude(project__state__in=ENDED)


def totals(asked: Any) -> dict[str, Any]:
    """The figures on top: the money twice, what decisions cover, the hours, and what it costs the house itself."""
    pays, alive = Q(share__pays=True), ~Q(project__state__in=ENDED)
    with_us = WITH_US & alive
    return asked.order_by().aggregate(
        projects=Count("pk", filter=with_us),
        so_far=Coalesce(Sum("share__so_far", filter=pays & alive), NOTHING),
        if_all=Coalesce(Sum("share__if_all", filter=alive & ~Q(share__status__in=OUT)), NOTHING),
        covered=Coalesce(Sum("share__covered", filter=pays & alive), NOTHING),
        excess=Coalesce(Sum("share__excess", filter=alive), NOTHING),
        pledged=Sum("adoption__hours", filter=with_us),
        hours_so_far=Sum("share__hours_so_far", filter=with_us),
        internal=Sum("internal_cost", filter=with_us),
        internal_spent=Sum("internal_spent", filter=with_us),
    )


# --- per year, beside the mean ----------------------------------------------------------------------


@dataclass(frozen=True)
class Year:
    """What falls in one year, of the own municipality and of all; ``year`` is None for what is in no year."""

    year: int | None
    so_far: Decimal
    if_all: Decimal
    of_all: Decimal

    @property
    def name(self) -> str:
        return str(self.year) if self.year else _("not laid out over years")


@dataclass(frozen=True)
class Years:
    """Cost per year, and the means one compares with: per municipality, and per inhabitant where all are counted."""

    rows: Sequence[Year]
    organisation: Organisation
    members: int
    own_people: int | None
    all_people: int | None

    @property
    def counted(self) -> bool:
        return bool(self.own_people and self.all_people)

    def own(self, year: Year, *, per_head: bool) -> Decimal | None:
        return _each(year.so_far, self.own_people) if per_head else year.so_far

    def mean(self, year: Year, *, per_head: bool) -> Decimal | None:
        return _each(year.of_all, self.all_people if per_head else self.members)

    def chart(self, *, per_head: bool) -> charts.Chart:
        return charts.grouped(
            _("Cost per inhabitant, beside the mean of the municipalities")
            if per_head
            else _("Cost, beside the mean of the municipalities"),
            [(row.name, [self.own(row, per_head=per_head), self.mean(row, per_head=per_head)]) for row in self.rows],
            [(self.organisation.name, "accent"), (_("Mean of the municipalities"), "neutral")],
            unit="kr",
            label=_("Year"),
            id="kostnad-per-ar",
        )


def years(collaboration: Collaboration, organisation: Organisation) -> Years:
    """With those who have said yes; what is in no year stands last."""
    members = dict(collaboration.members().values_list("pk", "name"))
    of_all = YearShare.objects.filter(project__collaboration=collaboration, organisation__in=members).exclude(
        project__state=Project.State.STOPPED
    )
    own = Q(organisation=organisation)
    laid_out: Any = of_all.order_by().values("year").annotate(**_sums(own)).order_by("year")
    rows = [Year(row["year"], row["own"], row["own_if_all"], row["every"]) for row in laid_out]
    loose = Share.objects.filter(project__collaboration=collaboration, project__years=None, organisation__in=members)
    rest = loose.exclude(project__state__in=ENDED).aggregate(**_sums(own))
    if rest["own"] or rest["own_if_all"] or rest["every"]:
        rows.append(Year(None, rest["own"], rest["own_if_all"], rest["every"]))
    people = _people(members)
    everybody = sum(people.values()) if len(people) == len(members) else None
    return Years(rows, organisation, len(members), people.get(organisation.pk), everybody)


def _sums(own: Q) -> dict[str, Any]:
    return {
        "own": Coalesce(Sum("so_far", filter=own), NOTHING),
        "own_if_all": Coalesce(Sum("if_all", filter=own), NOTHING),
        "every": Coalesce(Sum("so_far"), NOTHING),
    }


def _people(members: Any) -> dict[int, int]:
    """The newest count of each, as of today."""
    counts = Population.objects.filter(organisation__in=members, on__lte=timezone.localdate())
    newest = counts.order_by("organisation_id", "-on").distinct("organisation_id")
    return dict(newest.values_list("organisation", "people"))


def _each(amount: Decimal, among: int | None) -> Decimal | None:
    return (amount / among).quantize(ORE, ROUND_HALF_UP) if among else None


# --- hours, benefits, agreements, answers -----------------------------------------------------------


def efforts(collaboration: Collaboration, organisation: Organisation) -> Any:
    """The hours delivered in each year, with their value where a rate is agreed; an estimate is marked."""
    worth = Sum(F("hours") * F("rate"), output_field=DecimalField(max_digits=16, decimal_places=2))
    told = Effort.objects.filter(collaboration=collaboration, organisation=organisation)
    return (
        told.order_by()
        .values("starts_on__year")
        .annotate(
            worked=Sum("hours"),
            in_projects=Coalesce(Sum("hours", filter=Q(project__isnull=False)), NOTHING),
            worth=worth,
            guessed=BoolOr("estimated"),
            made_up=BoolOr("example"),
        )
        .order_by("-starts_on__year")
    )


def contributions(asked: Any) -> Any:
    """The named people the municipality has in projects today."""
    there = Contribution.objects.active().filter(participation__in=asked.order_by().values("pk"))
    return there.select_related("person", "participation__project__collaboration").order_by("person__name", "pk")


def benefits(collaboration: Collaboration, organisation: Organisation) -> Any:
    """Its own, and those that each who takes part realises for itself, with what it expects and has realised (R12)."""
    own = Q(owner=organisation)
    joined = Share.objects.filter(organisation=organisation).paying().exclude(status=Status.LEFT)
    common = Q(owner=None, project__in=joined.values("project"))
    lines = BenefitLine.objects.filter(benefit=OuterRef("pk"), participation__organisation=organisation)
    own_line = lines.with_gains()
    return (
        Benefit.objects.filter(own | common, project__collaboration=collaboration)
        .select_related("project__collaboration", "owner")
        .annotate(**{name: Subquery(own_line.values(name)[:1]) for name in ("planned", "realised")})
        .order_by(F("owner").asc(nulls_last=True), "project__number", "pk")
    )


def agreements(collaboration: Collaboration, organisation: Organisation) -> list[dict[str, Any]]:
    """The agreements it is a party to, with its own decision on each and the days that count."""
    standing = collaboration.agreements.standing()
    parties = AgreementParty.objects.filter(agreement__in=standing, organisation=organisation)
    found = [party.agreement for party in parties.select_related("agreement__collaboration").order_by("-agreement__pk")]
    keys = [agreement.asked_in_id or agreement.pk for agreement in found]
    decided = Adoption.objects.filter(organisation=organisation, agreement__in=keys).select_related("collaboration")
    decisions = {adoption.agreement_id: adoption for adoption in decided}
    return [
        {"agreement": agreement, "adoption": decisions.get(key)} for agreement, key in zip(found, keys, strict=True)
    ]


def open_answers(collaboration: Collaboration, organisation: Organisation, user: Any) -> Any:
    """What it has been asked in the collaboration and not decided, the nearest day first."""
    asked = Adoption.objects.visible_to(user).filter(collaboration=collaboration, organisation=organisation).waiting()
    return asked.select_related("collaboration", "participation").order_by(F("answer_by").asc(nulls_last=True), "pk")


def reopened(asked: Any) -> Any:
    """«Må avklares på nytt»: its decision covers less than its share (rule 2)."""
    return asked.filter(share__excess__gt=0)
