"""What one saksframlegg is about: the municipality's own matter, and all that is known of it in the collaboration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from governance.models import Adoption, Agreement, Case, Collaboration, Organisation, Resolution
from governance.models.exemption import open_today
from portfolio.models import FinancingPlan, Participation, Project
from portfolio.shares import Financing, Line, financing
from surveys.models import SystemUse

ENDED = ["held", "remarks", "approved"]


@dataclass(frozen=True)
class Basis:
    """Read in the municipality's language form, since sentences about the shares are made here too.

    ``part`` is the participation the municipality decides on, ``leaving`` the one it leaves. ``case`` is never an
    exempt one: nothing of its text, nor of what was decided in it, stands in a paper (rule 8).
    """

    adoption: Adoption
    exempt: bool
    part: Participation | None
    leaving: Participation | None
    case: Case | None
    resolution: Resolution | None
    divided: Financing | None
    others: Sequence[Adoption]
    uses: Sequence[SystemUse]
    plan: FinancingPlan | None

    @property
    def municipality(self) -> Organisation:
        return self.adoption.organisation

    @property
    def collaboration(self) -> Collaboration:
        return self.adoption.collaboration

    @property
    def project(self) -> Project | None:
        asked = self.part or self.leaving
        return asked.project if asked else None

    @property
    def agreement(self) -> Agreement | None:
        return None if self.exempt else self.adoption.agreement

    @property
    def own(self) -> Line | None:
        return self.divided.of(self.municipality) if self.divided else None

    @cached_property
    def title(self) -> str:
        if self.leaving:
            return _("Leaving %(project)s") % {"project": self.leaving.project.title}
        if self.project:
            return _("Participation in %(project)s") % {"project": self.project.title}
        if self.exempt:
            return _("Matter exempt from public disclosure")
        return self.adoption.matter

    @property
    def example(self) -> bool:
        """Whether anything in it is made up (rule 13)."""
        told = [self.adoption, self.project, self.case, self.agreement, self.plan, self.collaboration, *self.uses]
        meeting = self.resolution.item.meeting if self.resolution else None
        return any(one.example for one in [*told, meeting, *self.others] if one is not None)


def gather(adoption: Adoption) -> Basis:
    """All of it, read once."""
    parts = Participation.objects.whole().select_related("project__collaboration", "project__focus_area")
    part = parts.filter(adoption=adoption).first()
    exempt = adoption.case is not None and adoption.case.is_exempt
    case = None if exempt else adoption.case or (_case_of(part.project) if part else None)
    divided = financing(part.project, list(part.project.participations.whole())) if part else None
    return Basis(
        adoption=adoption,
        exempt=exempt,
        part=part,
        leaving=parts.filter(withdrawal=adoption).first(),
        case=case,
        resolution=_resolution(case) if case else None,
        divided=divided,
        others=_others(adoption, exempt, divided),
        uses=_uses(part) if part else [],
        plan=_plan(part.project) if part else None,
    )


def _case_of(project: Project) -> Case | None:
    """The newest open case about the project that has gone out: a municipality may decide before the steering group."""
    sent = project.project_cases.filter(open_today("case__"), case__sequence__isnull=False)
    link = sent.exclude(case__stage=Case.Stage.WITHDRAWN).select_related("case__body").order_by("-case__pk").first()
    return link.case if link else None


def _resolution(case: Case) -> Resolution | None:
    """What the body made of it, when the meeting has ended; a postponed case has its answer under its new number."""
    ended = Resolution.objects.filter(item__case=case, item__withdrawn=False, item__meeting__state__in=ENDED)
    return ended.select_related("item__meeting", "item__case__body").order_by("-pk").first()


def _others(adoption: Adoption, exempt: bool, divided: Financing | None) -> list[Adoption]:
    """The same matter in every municipality that was asked, this one too."""
    if divided:
        return [line.participation.adoption for line in divided.lines]
    if exempt:
        return []
    same = Adoption.objects.filter(collaboration=adoption.collaboration, key=adoption.key)
    return list(same.select_related("organisation").order_by("organisation__sort_key", "pk"))


def _uses(part: Participation) -> list[SystemUse]:
    """The municipality's own answers in the areas of the project; what it has not confirmed counts for nothing."""
    own = SystemUse.objects.counted().filter(inventory__municipality=part.organisation)
    concerned = own.filter(area__in=part.project.areas.all()).in_order()
    return list(concerned.select_related("area__service_area", "product", "supplier"))


def _plan(project: Project) -> FinancingPlan | None:
    return project.plans.filter(open_today("case__")).select_related("case").order_by("-number").first()
