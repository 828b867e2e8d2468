"""The organisations a collaboration deals with, as a list: members, municipalities of the country, and others."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.shortcuts import get_object_or_404
from django.urls import reverse

from governance.models import Collaboration, Membership, Organisation, OrganisationName, Population, Region
from governance.models.organisations import RegionMembership, in_force


def listed(collaboration: Collaboration, day: date) -> Any:
    """Everybody in the register, which holds public facts alone; an IT collaboration is its own people's business."""
    newest = Population.objects.filter(organisation=OuterRef("pk"), on__lte=day).order_by("-on").values("people")[:1]
    members = Membership.objects.active(day).filter(collaboration=collaboration, organisation=OuterRef("pk"))
    earlier = OrganisationName.objects.filter(organisation=OuterRef("pk"), until__lt=day)
    return (
        Organisation.objects.exclude(kind=Organisation.Kind.IT_COLLABORATION)
        .annotate(
            inhabitants=Subquery(newest),
            is_member=Exists(members),
            earlier_name=Subquery(earlier.order_by("-until").values("name")[:1]),
        )
        .order_by("sort_key")
    )


def narrowed(rows: Any, *, q: str, kind: str, county: str, which: str, day: date) -> Any:
    if q:
        by_name = Q(name__icontains=q) | Q(official_name__icontains=q) | Q(names__name__icontains=q)
        rows = rows.filter(by_name | Q(number=q) | Q(periods__number=q) | Q(organisation_number=q)).distinct()
    if kind:
        rows = rows.filter(kind=kind)
    if county:
        rows = rows.filter(county=county)
    if which == "members":
        return rows.filter(is_member=True)
    if which == "over":
        return rows.filter(until__lt=day)
    return rows if which == "all" else rows.filter(in_force(day))


def address(collaboration: Collaboration, organisation: Organisation) -> str:
    """Where more is told: a municipality's own page for those who see it, else its history."""
    if organisation.kind != Organisation.Kind.MUNICIPALITY:
        return reverse("organisation", args=[collaboration.slug, organisation.pk])
    shown = "municipality" if getattr(organisation, "is_member", False) else "municipality_history"
    return reverse(shown, args=[organisation.number])


def regions(collaboration: Collaboration, day: date) -> Any:
    """Regions with how many they hold today, how many of those are members, and over how many counties."""
    today = in_force(day, "memberships__")
    rows = RegionMembership.objects.active(day).filter(region=OuterRef("pk"))
    members = Membership.objects.active(day).filter(collaboration=collaboration).values("organisation")
    ours = rows.filter(organisation__in=members).order_by().values("region").annotate(n=Count("pk")).values("n")
    return (
        Region.objects.of(collaboration)
        .annotate(
            held=Count("memberships", filter=today, distinct=True),
            counties=Count("memberships__organisation__county", filter=today, distinct=True),
            ours=Subquery(ours),
        )
        .order_by("name")
    )


def outsiders(region: Region, collaboration: Collaboration, day: date) -> list[Organisation]:
    """In the region without being in the collaboration."""
    members = Membership.objects.active(day).filter(collaboration=collaboration).values("organisation")
    return list(region.members_on(day).exclude(pk__in=members).order_by(F("sort_key")))


def region_membership(collaboration: Collaboration, pk: int) -> RegionMembership:
    rows = RegionMembership.objects.filter(region__in=Region.objects.of(collaboration))
    return get_object_or_404(rows.select_related("organisation", "region"), pk=pk)
