"""The portfolio as the steering group treats it: numbered versions, views on each project, and the freezing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from digivesteralen.accounts.access import NotAllowedNow, Stale, require
from digivesteralen.documents import jobs
from governance.actions import opinions, rounds
from governance.actions.cases import make_case
from governance.case_panels import with_earlier
from governance.models import Case, Collaboration, Opinion, Organisation, Resolution
from governance.quorum import answering_seats
from portfolio.actions.cases import steering_group
from portfolio.models import PortfolioItem, PortfolioVersion, Project, ProjectOpinion
from portfolio.snapshots import snapshots, views

DOCUMENT = "portfolio.portfolio"
NOT_NOW = {Resolution.Outcome.POSTPONED, Resolution.Outcome.SENT_BACK}
# What a steering group can go through, and a page can ask about.
MOST_PROJECTS = 400


class View(NamedTuple):
    """What somebody says of one project, and which answer it replaces (0: none was given)."""

    stance: str
    text: str = ""
    edition: int | None = None


@transaction.atomic
def propose_portfolio_version(
    *,
    collaboration: Collaboration,
    projects: Sequence[Project],
    answer_by: datetime | None = None,
    why: str = "",
    by: Any,
    **texts: Any,
) -> PortfolioVersion:
    """A numbered version with these projects in this order, and the case in which the steering group approves it.

    With a moment to answer by, the case is sent out at once for written treatment; else it waits for an agenda.
    """
    require(by, "governance.manage_portfolio", on=collaboration)
    Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    if not projects:
        raise NotAllowedNow(_("Choose at least one project."))
    if len(projects) > MOST_PROJECTS:
        raise NotAllowedNow(
            _("A version has at most %(most)s projects, and these are %(count)s. Choose fewer.")
            % {"most": MOST_PROJECTS, "count": len(projects)}
        )
    _close_what_was_withdrawn(collaboration)
    require_none_waiting(collaboration)
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
    if answer_by is not None:
        rounds.send_round(body=case.body, cases=[case], answer_by=answer_by, why=why, by=by)
    return version


def waiting(collaboration: Collaboration) -> PortfolioVersion | None:
    """The version that the steering group has before it; one whose case was withdrawn waits for nobody."""
    laid = collaboration.portfolio_versions.laid().select_related("collaboration")
    return laid.exclude(case__stage=Case.Stage.WITHDRAWN).first()


def require_none_waiting(collaboration: Collaboration) -> None:
    if waiting(collaboration):
        raise NotAllowedNow(
            _("A version of the portfolio already waits for the steering group. It must be treated first.")
        )


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
        version.treated = {"outcome": "withdrawn", "views": []}
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
    accepts_writing: bool | None = None,
    by: Any,
    at: datetime | None = None,
) -> None:
    """A director's view in the steering group, per project (by item) and of the portfolio as a whole (rule 1)."""
    version, case, seat = _open_for(version, organisation, by, at)
    standing = {
        opinion.item_id: opinion
        for opinion in ProjectOpinion.objects.filter(version=version, organisation=organisation)
    }
    for item in version.items.filter(pk__in=on_projects):
        _say(on_projects[item.pk], standing.get(item.pk), item, organisation, seat)
    if on_whole:
        opinions.give_view(
            case=case,
            organisation=organisation,
            stance=on_whole.stance,
            text=on_whole.text,
            accepts_writing=accepts_writing,
            version=on_whole.edition,
            by=by,
            at=at,
        )


@transaction.atomic
def support_the_rest(*, version: PortfolioVersion, organisation: Organisation, by: Any) -> int:
    """«Støtter alle»: the municipality's view on what it has not answered; what it has said stands."""
    version, case, _seat = _open_for(version, organisation, by, None)
    given = ProjectOpinion.objects.filter(version=version, organisation=organisation).values("item")
    left = version.items.exclude(pk__in=given).values_list("pk", flat=True)
    silent = not case.opinions.filter(organisation=organisation).exists()
    # In an elected body one also says whether writing will do; that is answered for itself.
    asks = opinions.asks_about_form(opinions.round_of(case))
    whole = View(Opinion.Stance.SUPPORTS, "", 0) if silent and not asks else None
    rest = {pk: View(Opinion.Stance.SUPPORTS, "", 0) for pk in left}
    give_views(version=version, organisation=organisation, on_projects=rest, on_whole=whole, by=by)
    return len(rest)


def _open_for(
    version: PortfolioVersion, organisation: Organisation, by: Any, at: datetime | None
) -> tuple[PortfolioVersion, Case, Any]:
    """The version and its case, held, and the seat from which this person speaks for the municipality."""
    # The case before its version, as the meeting that treats it does.
    case = Case.objects.select_for_update(of=["self"]).select_related("body").get(pk=case_of(version).pk)
    version = PortfolioVersion.objects.select_for_update().get(pk=version.pk)
    require(by, opinions.RIGHT, on=case.body)
    seat = opinions.seats_of(by, case.body).filter(represents=organisation).first()
    if seat is None:
        raise NotAllowedNow(_("You hold no seat for this municipality in the body."))
    opinions.require_open(case, at)
    if version.state != PortfolioVersion.State.LAID:
        raise NotAllowedNow(_("This version of the portfolio is treated. What was said of it stands as it was."))
    return version, case, seat


def _say(
    view: View, standing: ProjectOpinion | None, item: PortfolioItem, organisation: Organisation, seat: Any
) -> None:
    if standing is None:
        opinion = ProjectOpinion(item=item, version_id=item.version_id, organisation=organisation, edition=0)
    elif view.edition is not None and view.edition != standing.edition:
        raise Stale(standing)
    else:
        opinion = standing
    opinion.stance, opinion.text, opinion.person = view.stance, view.text, seat.person
    opinion.edition += 1
    opinion.save()


def asked_of(version: PortfolioVersion, case: Case) -> list[Organisation]:
    """Who is asked: one for each seat that votes, and whoever has answered and has left the seat since."""
    seats = [seat.represents for seat in answering_seats(case.body) if seat.represents]
    answered = Organisation.objects.filter(opinions__case=case) | Organisation.objects.filter(
        project_opinions__version=version
    )
    known = {organisation.pk for organisation in seats}
    return [*seats, *answered.exclude(pk__in=known).distinct().order_by("sort_key")]


def unanswered(version: PortfolioVersion, case: Case, organisation: Organisation) -> int:
    """How many answers this municipality has left: one for each project, and one for the whole."""
    left = version.items.exclude(opinions__organisation=organisation).count()
    return left + (not case.opinions.filter(organisation=organisation).exists())


def on_resolution(resolution: Resolution, by: Any) -> None:
    """The steering group has treated the portfolio: what it approved is frozen, and no municipality is changed (R1)."""
    case = resolution.item.case
    version = PortfolioVersion.objects.laid().select_for_update().filter(case__in=with_earlier(case)).first()
    if version is None or resolution.outcome in NOT_NOW:
        return
    _freeze(version, resolution)
    if version.state == PortfolioVersion.State.APPROVED:
        jobs.ask(DOCUMENT, version.pk, by=by, key=f"{DOCUMENT}:{version.pk}")


def _freeze(version: PortfolioVersion, resolution: Resolution) -> None:
    """Keep what was treated as it stands: the projects, both shares, and who said what (rule 7)."""
    case = resolution.item.case
    asked = asked_of(version, case)
    items = list(version.items.select_related("project__focus_area").prefetch_related("opinions"))
    facts = snapshots(item.project for item in items)
    for item in items:
        item.frozen = {**facts[item.project_id], "views": views(asked, item.opinions.all())}
    PortfolioItem.objects.bulk_update(items, ["frozen"])
    version.treated = _treatment(resolution, asked)
    _close(version, PortfolioVersion.State.APPROVED if resolution.is_adopted else PortfolioVersion.State.NOT_ADOPTED)


@override("nb")
def _treatment(resolution: Resolution, asked: Sequence[Organisation]) -> dict[str, Any]:
    """How the body treated the version, as it is told in its document."""
    meeting = resolution.item.meeting
    return {
        "meeting": meeting.label,
        "written": meeting.written,
        "on": meeting.day.isoformat(),
        "outcome": resolution.outcome,
        "reason": resolution.treatment if meeting.written else "",
        "views": views(asked, resolution.item.case.opinions.all()),
    }


def _close(version: PortfolioVersion, state: str) -> None:
    version.state, version.frozen_at = state, timezone.now()
    version.save(update_fields=["state", "frozen_at", "treated"])
