"""The portfolio as the steering group treats it: numbered versions, views on each project, and the freezing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from digivesteralen.accounts.access import NotAllowedNow, require
from digivesteralen.documents import jobs
from governance.actions import opinions
from governance.actions.cases import make_case
from governance.models import Case, Collaboration, Organisation, Resolution
from portfolio.actions.cases import earlier_and, steering_group
from portfolio.models import PortfolioItem, PortfolioVersion, Project, ProjectOpinion
from portfolio.snapshots import snapshots

View = tuple[str, str]
DOCUMENT = "portfolio.portfolio"
NOT_NOW = {Resolution.Outcome.POSTPONED, Resolution.Outcome.SENT_BACK}


@transaction.atomic
def propose_portfolio_version(
    *, collaboration: Collaboration, projects: Sequence[Project], by: Any, **texts: Any
) -> PortfolioVersion:
    """A numbered version with these projects in this order, and the case in which the steering group approves it."""
    Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    if not projects:
        raise NotAllowedNow(_("Choose at least one project."))
    _close_what_was_withdrawn(collaboration)
    if collaboration.portfolio_versions.laid().exists():
        raise NotAllowedNow(
            _("A version of the portfolio already waits for the steering group. It must be treated first.")
        )
    number = (collaboration.portfolio_versions.aggregate(last=Max("number"))["last"] or 0) + 1
    example = any(project.example for project in projects)
    case = make_case(
        body=steering_group(collaboration), by=by, **{**_texts(number, projects), "example": example, **texts}
    )
    version = PortfolioVersion.objects.create(collaboration=collaboration, number=number, case=case, example=example)
    facts = snapshots(projects)
    PortfolioItem.objects.bulk_create(
        PortfolioItem(version=version, project=project, position=position, laid=facts[project.pk])
        for position, project in enumerate(projects, 1)
    )
    return version


@override("nb")
def _texts(number: int, projects: Sequence[Project]) -> dict[str, Any]:
    listed = [f"{place}. {project.title}" for place, project in enumerate(projects, 1)]
    return {
        "title": _("Approval of the project portfolio"),
        "kind": Case.Kind.DECISION,
        "information": "\n".join(
            [_("Version %(number)s of the portfolio has these projects, in this order:") % {"number": number}, *listed]
        ),
        "proposal": _("The steering group approves the project portfolio, version %(number)s.") % {"number": number},
        "ready": True,
    }


def _close_what_was_withdrawn(collaboration: Collaboration) -> None:
    """A version whose case was withdrawn is treated by nobody, and must not stand in the way of the next."""
    for version in collaboration.portfolio_versions.laid().select_for_update().filter(case__stage=Case.Stage.WITHDRAWN):
        _close(version, PortfolioVersion.State.NOT_ADOPTED)


def case_of(version: PortfolioVersion) -> Case:
    """The case as it now stands: a postponed one has come back as a new."""
    case = version.case
    while newer := case.continued_by.order_by("-pk").first():
        case = newer
    return case


@transaction.atomic
def give_views(
    *,
    version: PortfolioVersion,
    organisation: Organisation,
    on_projects: Mapping[int, View],
    on_whole: View | None = None,
    whole_version: int | None = None,
    by: Any,
) -> None:
    """A director's view in the steering group, per project (by item) and of the portfolio as a whole (rule 1)."""
    # The case before its version, as the meeting that treats it does.
    case = Case.objects.select_for_update(of=["self"]).select_related("body").get(pk=case_of(version).pk)
    version = PortfolioVersion.objects.select_for_update().get(pk=version.pk)
    require(by, opinions.RIGHT, on=case.body)
    seat = opinions.seats_of(by, case.body).filter(represents=organisation).first()
    if seat is None:
        raise NotAllowedNow(_("You hold no seat for this municipality in the body."))
    if version.state != PortfolioVersion.State.LAID or not opinions.is_open(case):
        raise NotAllowedNow(_("Views can be given from the agenda is sent until the meeting is held."))
    for item in version.items.filter(pk__in=on_projects):
        stance, text = on_projects[item.pk]
        ProjectOpinion.objects.update_or_create(
            item=item,
            organisation=organisation,
            defaults={"version": version, "stance": stance, "text": text, "person": seat.person},
        )
    if on_whole:
        stance, text = on_whole
        opinions.give_view(case=case, organisation=organisation, stance=stance, text=text, version=whole_version, by=by)


def on_resolution(resolution: Resolution, by: Any) -> None:
    """The steering group has treated the portfolio: what it approved is frozen, and no municipality is changed (R1)."""
    case = resolution.item.case
    version = PortfolioVersion.objects.laid().select_for_update().filter(case__in=earlier_and(case)).first()
    if version is None or resolution.outcome in NOT_NOW:
        return
    if resolution.is_adopted:
        _freeze(version, by)
    else:
        _close(version, PortfolioVersion.State.NOT_ADOPTED)


def _freeze(version: PortfolioVersion, by: Any) -> None:
    """Keep the version as it stands, and order its PDF; a later change is a new version (rule 7)."""
    items = list(version.items.select_related("project__focus_area"))
    facts = snapshots(item.project for item in items)
    for item in items:
        item.frozen = facts[item.project_id]
    PortfolioItem.objects.bulk_update(items, ["frozen"])
    version = _close(version, PortfolioVersion.State.APPROVED)
    jobs.ask(DOCUMENT, version.pk, by=by, key=f"{DOCUMENT}:{version.pk}")


def _close(version: PortfolioVersion, state: str) -> PortfolioVersion:
    version.state, version.frozen_at = state, timezone.now()
    version.save(update_fields=["state", "frozen_at"])
    return version
