"""Cases that concern a project: the financing plan, and what follows when the steering group has treated one."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import override

from digivesteralen.accounts.access import NotAllowedNow, require
from digivesteralen.documents import jobs
from digivesteralen.ui import wording
from governance.actions.cases import make_case
from governance.case_panels import with_earlier
from governance.models import Body, Case, Collaboration
from portfolio.actions.participation import invite_for_all
from portfolio.actions.projects import RIGHT, managed, saved
from portfolio.financing_plans import DOCUMENT, decided, waits
from portfolio.gates import phase_for
from portfolio.models import FinancingPlan, Project, ProjectCase
from portfolio.plan_facts import facts_of
from portfolio.shares import Financing, financing

ENDED = {Project.State.FINISHED, Project.State.STOPPED}


@transaction.atomic
def lay_financing_plan(*, project: Project, version: int | None = None, by: Any, **texts: Any) -> FinancingPlan:
    """Make the case in which the steering group decides the plan, and freeze the plan as it now stands (D18, R10)."""
    project = managed(project, version, by)
    if refusal := why_no_plan(project):
        raise NotAllowedNow(refusal)
    assert project.shared_cost is not None and project.to_share is not None
    divided = financing(project, list(project.participations.whole()))
    number = (project.plans.aggregate(last=Max("number"))["last"] or 0) + 1
    found = decided(project)
    case = make_case(
        body=steering_group(project.collaboration), by=by, **{**plan_texts(project, divided, number), **texts}
    )
    attach_case(project=project, case=case, purpose=ProjectCase.Purpose.FINANCING_PLAN, by=by)
    plan = FinancingPlan.objects.create(
        project=project,
        number=number,
        case=case,
        shared_cost=project.shared_cost,
        to_share=project.to_share,
        facts=facts_of(project, divided, found.plan if found else None),
        example=project.example,
    )
    jobs.ask(DOCUMENT, plan.pk, by=by, key=f"{DOCUMENT}:{plan.pk}")
    return plan


def why_no_plan(project: Project) -> str:
    """What is missing before a plan can be laid; empty where nothing is."""
    if project.state in ENDED:
        return _("The project has ended; there is nothing to decide.")
    if project.shared_cost is None:
        return _("Register the shared cost before the financing plan is laid before the steering group.")
    if any(waits(plan) for plan in project.plans.select_related("case")):
        return _(
            "A financing plan for this project already waits for the steering group. It must be treated, or its case "
            "withdrawn, before a new one is laid."
        )
    return financing(project, list(project.participations.whole())).problem


@transaction.atomic
def attach_case(*, project: Project, case: Case, purpose: str, by: Any) -> ProjectCase:
    """Say that a case concerns the project."""
    require(by, RIGHT, on=project.collaboration)
    if case.body.collaboration_id != project.collaboration_id:
        raise NotAllowedNow(_("The case belongs to another collaboration."))
    link, _new = ProjectCase.objects.get_or_create(project=project, case=case, defaults={"purpose": purpose})
    return link


@transaction.atomic
def start_quick_measure(*, project: Project, version: int | None = None, by: Any) -> Project:
    """A measure without shared cost starts when the participants have said so; it is reported to the steering group."""
    project = managed(project, version, by)
    if project.state not in {Project.State.IDEA, Project.State.PLANNING}:
        raise NotAllowedNow(_("Only a measure that is an idea or being planned can start."))
    if project.needs_financing_plan:
        raise NotAllowedNow(_("This is no quick measure: it has shared cost outside the base budget."))
    if not project.participations.taking_part().exists():
        raise NotAllowedNow(_("No municipality has decided to take part yet, so there is nobody to start the project."))
    project.phase = phase_for(project, Project.State.EXECUTION)
    project.state = Project.State.EXECUTION
    saved(project)
    case = make_case(body=steering_group(project.collaboration), by=by, **_report_texts(project))
    attach_case(project=project, case=case, purpose=ProjectCase.Purpose.REPORT, by=by)
    return project


@override("nb")
def _report_texts(project: Project) -> dict[str, Any]:
    return {
        "title": (_("Started: %(project)s") % {"project": project.title})[:200],
        "kind": Case.Kind.ORIENTATION,
        "information": _("The measure has no shared cost outside the base budget. %(count)s municipalities take part.")
        % {"count": project.participations.taking_part().count()},
        "proposal": _("The steering group takes note of the information."),
        "ready": True,
        "example": project.example,
    }


def opens_adoptions(case: Case, by: Any) -> bool:
    """A project's case goes to the municipalities: the decisions they were already asked for are tied to the case."""
    links = list(
        ProjectCase.objects.filter(case__in=with_earlier(case))
        .exclude(purpose__in=[ProjectCase.Purpose.REPORT, ProjectCase.Purpose.GATE])
        .select_related("project__collaboration")
    )
    for link in links:
        project = link.project
        if project.state not in ENDED and not project.participations.exists():
            invite_for_all(project=project, organisations=list(project.collaboration.members()), by=by)
        for part in project.participations.whole():
            if part.adoption.case_id is None and not part.adoption.is_decided:
                part.adoption.case = case
                part.adoption.version += 1
                part.adoption.save(update_fields=["case", "version"])
    return bool(links)


def steering_group(collaboration: Collaboration) -> Body:
    body: Body | None = collaboration.steering_group()
    if body is None:
        raise NotAllowedNow(_("The collaboration has no steering group yet. Set it up first."))
    return body


@override("nb")
def plan_texts(project: Project, divided: Financing, number: int) -> dict[str, Any]:
    """The case as the secretariat gets it, to change before it is sent."""
    said = {"project": project.title, "number": number}
    return {
        "title": (_("Financing plan for %(project)s") % said)[:200],
        "kind": Case.Kind.DECISION,
        "information": project.goal,
        "consequences": "\n".join(_economy(project, divided, number)),
        "proposal": "\n".join(
            [
                _("The steering group approves financing plan %(number)s for %(project)s.") % said,
                _("Each municipality decides itself whether it takes part and pays its share."),
            ]
        ),
        "ready": True,
        "example": project.example,
    }


def _economy(project: Project, divided: Financing, number: int) -> list[str]:
    lines = [
        _("Shared cost %(cost)s, of which grants %(grant)s. To be shared: %(rest)s, %(key)s.")
        % {
            "cost": wording.money(project.shared_cost),
            "grant": wording.money(project.grant_share),
            "rest": wording.money(project.to_share),
            "key": project.get_key_display(),
        }
    ]
    if divided.if_all.amounts:
        lines.append(_("If all invited join:"))
        lines += [
            f"{line.participation.organisation}: {wording.money(line.if_all)}"
            for line in divided.lines
            if line.if_all is not None
        ]
    return [*lines, _("Financing plan %(number)s follows the case, and tells all of it.") % {"number": number}]
