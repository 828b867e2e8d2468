from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Collaboration, Organisation
from portfolio.models import Participation, Project, ProjectYear, Share, Status, StatusReport
from portfolio.overview import ENDED, next_milestone_on, norwegian, share_of, worst_first

WAITING, REOPENED, NOT_REPORTED = "waiting_for_answer", "reopened", "none"
# What belongs to the address of a view of the portfolio; everything else in an address is left behind.
KEPT = ["q", "area", "state", "kind", "light", "municipality", "participation", "year", "sort"]


def kept(address: QueryDict, keys: Sequence[str] = KEPT) -> str:
    """The part of an address that says what one looks at."""
    query = QueryDict(mutable=True)
    for key in keys:
        query.setlist(key, [value for value in address.getlist(key) if value.strip()])
    return query.urlencode()


class PortfolioFilter(forms.FilterForm):
    """Which projects one looks at, in which order; the address alone says it (p. 8)."""

    folded = [(_("More filters"), ["kind", "light", "municipality", "participation", "year", "sort"])]

    q = forms.forms.CharField(label=_("Search"), max_length=100)
    area = forms.forms.ChoiceField(label=_("Focus area"))
    state = forms.forms.ChoiceField(label=_("Phase"), choices=[("", _("all")), *Project.State.choices])
    kind = forms.forms.ChoiceField(label=_("Kind"), choices=[("", _("all")), *Project.Kind.choices])
    light = forms.forms.ChoiceField(
        label=_("Status"),
        choices=[("", _("all")), *StatusReport.Light.choices, (NOT_REPORTED, _("not reported"))],
    )
    municipality = forms.forms.ChoiceField(
        label=_("Municipality"), help_text=_("Alone: the projects that the municipality takes part in.")
    )
    participation = forms.forms.ChoiceField(
        label=_("Participation"),
        choices=[
            ("", _("all")), (WAITING, _("waits for an answer")), (REOPENED, _("must be settled anew")), *Status.choices,
        ],
        help_text=_("Of the municipality you choose, or of any."),
    )  # fmt: skip
    year = forms.forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    sort = forms.forms.ChoiceField(
        label=_("Order"),
        choices=[
            ("", _("by focus area")), ("title", _("by name")), ("cost", _("largest cost first")),
            ("share", _("largest share of the municipality first")), ("light", _("what needs action first")),
            ("milestone", _("next milestone first")), ("end", _("what ends first")),
        ],
    )  # fmt: skip

    def __init__(self, data: QueryDict, *, collaboration: Collaboration, own: Organisation | None = None) -> None:
        super().__init__(data)
        self.own = own
        areas = collaboration.focus_areas.values_list("slug", "short_name")
        self.fields["area"].choices = [("", _("all")), *areas]
        members = collaboration.members().values_list("number", "name")
        self.fields["municipality"].choices = [("", _("all")), *members]

    @property
    def chips(self) -> list[Any]:
        """What narrows; the order of the list leaves nothing out."""
        order = str(self["sort"].label)
        return [chip for chip in super().chips if chip.label != order]

    @property
    def folded_in_use(self) -> bool:
        return any(self.data.get(name) for _heading, names in self.folded for name in names)

    @property
    def query(self) -> str:
        """The address of what is shown, without what is not part of it."""
        return kept(self.data)  # type: ignore[arg-type]

    @property
    def told(self) -> list[str]:
        """What narrows, in words, for a document."""
        return [f"{capfirst(chip.label)}: {chip.value}" for chip in self.chips]

    @property
    def sorted_by(self) -> str:
        return self.cleaned_data["sort"] if self.is_valid() else ""

    def narrow(self, projects: Any) -> Any:
        """The projects that are left, each condition answered by the database."""
        if not self.is_valid():
            return projects
        data = self.cleaned_data
        for name, condition in [
            ("q", Q(title__icontains=data["q"]) | Q(goal__icontains=data["q"])),
            ("area", Q(focus_area__slug=data["area"])),
            ("state", Q(state=data["state"])),
            ("kind", Q(kind=data["kind"])),
            ("light", Q(light=None) if data["light"] == NOT_REPORTED else Q(light=data["light"])),
            ("year", _in_year(data.get("year") or 0)),
        ]:
            if data.get(name):
                projects = projects.filter(condition)
        return self._by_participation(projects, data["municipality"], data["participation"])

    def _by_participation(self, projects: Any, number: str, wanted: str) -> Any:
        if not number and not wanted:
            return projects
        asked = Participation.objects.filter(project=OuterRef("pk"))
        shares = Share.objects.filter(project=OuterRef("pk"))
        if number:
            asked, shares = asked.filter(organisation__number=number), shares.filter(organisation__number=number)
        if wanted == WAITING:
            return projects.filter(Exists(asked.unanswered())).exclude(state__in=ENDED)
        if wanted == REOPENED:
            return projects.filter(Exists(shares.reopened()))
        if wanted:
            return projects.filter(Exists(shares.filter(status=wanted)))
        return projects.filter(Exists(shares.paying().exclude(status=Status.LEFT)))

    def in_order(self, projects: Any) -> Any:
        """In the order one has asked for; by focus area where one has not."""
        by = self.sorted_by
        if by == "share":
            number = self.cleaned_data["municipality"] or (self.own.number if self.own else "")
            own = Share.objects.filter(project=OuterRef("pk"), organisation__number=number)
            return projects.annotate(sorting=share_of(own)).order_by(F("sorting").desc(nulls_last=True), "number")
        if by == "milestone":
            return projects.annotate(sorting=next_milestone_on()).order_by(F("sorting").asc(nulls_last=True), "number")
        orders: dict[str, list[Any]] = {
            "title": [norwegian("title"), "number"],
            "cost": [F("shared_cost").desc(nulls_last=True), "number"],
            "light": [worst_first(), F("light_on").desc(nulls_last=True), "number"],
            "end": [F("ends_on").asc(nulls_last=True), "number"],
        }
        return projects.order_by(*orders[by]) if by else projects.in_order()


def _in_year(year: int) -> Q:
    """The project has cost in the year, or runs in it as far as its days are known."""
    costs = ProjectYear.objects.filter(project=OuterRef("pk"), year=year)
    begun = Q(starts_on__year__lte=year)
    lasts = Q(ends_on=None) | Q(ends_on__year__gte=year)
    return Q(Exists(costs)) | (begun & lasts)
