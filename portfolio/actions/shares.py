"""Keeping every municipality's share of every project worked out, so that lists and sums are read and not computed.

The truth is the decisions, the keys and the populations; what is kept here follows from them and nothing else (rule 2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import override

from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from governance.models import Adoption, Collaboration
from portfolio.dividing import ALWAYS, Division, NoShares, Part, Party, divide, parts_of
from portfolio.models import Participation, Project, SharesDay, Status
from portfolio.models.participation import OUT, YES, status_from
from portfolio.share_rows import STORE_SHARES, STORE_SUMS, STORE_YEARS, Rows, forget_years, store
from portfolio.shares import Populations
from portfolio.splitting import units_of

RECALCULATION = "portfolio.shares"
# So many rows are written at a time: a project with all of Norway in it is 357.
CHUNK = 20_000
NOT_SETTLED = {Status.UNDECIDED, Status.INTERESTED, Status.WAITING}


class Asked(NamedTuple):
    """One invitation and its decisions, as read for many projects at once."""

    pk: int
    project: int
    organisation: int
    state: str
    objected_at: Any
    decided_on: date | None
    covered: Decimal | None
    leaving: str | None
    leaving_objected_at: Any
    leaving_decided_on: date | None
    joins_on: date | None
    leaves_on: date | None
    interest: str
    use: Decimal | None
    amount: Decimal | None

    def decision(self, day: date) -> str:
        made = self.objected_at is None and self.decided_on is not None and self.decided_on <= day
        return self.state if made else ""

    def withdrawal(self, day: date) -> str:
        on = self.leaving_decided_on
        return self.leaving or "" if self.leaving_objected_at is None and on is not None and on <= day else ""


COLUMNS = [
    "pk", "project", "organisation", "adoption__state", "adoption__objected_at", "adoption__decided_on",
    "adoption__amount", "withdrawal__state", "withdrawal__objected_at", "withdrawal__decided_on", "joins_on",
    "leaves_on", "interest", "use", "amount",
]  # fmt: skip


@transaction.atomic
def recalculate(projects: Iterable[Project]) -> None:
    """Work out the shares of these projects anew, and write those that are different.

    The last thing a verb does: one at a time for each collaboration, so that two who change see each other's change.
    """
    wanted = list(projects)
    for collaboration in sorted({project.collaboration_id for project in wanted}):
        _one_at_a_time(collaboration)
    found = {
        project.pk: project
        for project in Project.objects.filter(pk__in=[one.pk for one in wanted]).prefetch_related("years")
    }
    _write(found, timezone.localdate())


@transaction.atomic
def recalculate_all(collaboration: Collaboration) -> None:
    """Every project that has not ended: after a new population, and when a new day has begun."""
    day = timezone.localdate()
    _one_at_a_time(collaboration.pk)
    ended = [Project.State.FINISHED, Project.State.STOPPED]
    projects = collaboration.projects.exclude(state__in=ended, sums__isnull=False).prefetch_related("years")
    _write({project.pk: project for project in projects}, day)
    SharesDay.objects.update_or_create(collaboration=collaboration, defaults={"day": day})


def up_to_date(collaboration: Collaboration) -> None:
    """At the first look of each day (Oslo): those who joined or left overnight have done so (rule 6)."""
    today = timezone.localdate()
    known = SharesDay.objects.filter(collaboration=collaboration).values_list("day", flat=True).first()
    if known == today:
        return
    with transaction.atomic():
        crossed = Q(joins_on__lte=today) | Q(leaves_on__lt=today)
        if known is not None:
            # Who leaves is with to the end of the last day.
            crossed = Q(joins_on__gt=known, joins_on__lte=today) | Q(leaves_on__gte=known, leaves_on__lt=today)
        moved = Participation.objects.filter(crossed, project__collaboration=collaboration)
        unknown = Q(sums=None)
        recalculate(list(collaboration.projects.filter(unknown | Q(participations__in=moved)).distinct()))
        SharesDay.objects.update_or_create(collaboration=collaboration, defaults={"day": today})


def on_adoption(adoption: Adoption, by: Any) -> None:
    """A municipality has decided: what it and the others pay for that project is worked out at once."""
    about = Q(participations__adoption=adoption) | Q(participations__withdrawal=adoption)
    projects = list(Project.objects.filter(about).distinct())
    if projects:
        recalculate(projects)


def on_population(organisations: Iterable[int], by: Any) -> None:
    """Counts of people have changed: one job for each collaboration that shares a cost by them."""
    sharing = Collaboration.objects.filter(
        projects__key__in=Project.BY_PEOPLE, projects__participations__organisation__in=list(organisations)
    )
    for collaboration in sharing.distinct():
        jobs.ask(RECALCULATION, collaboration.pk, by=by)


def make(job: Job, report: Report) -> None:
    """The work of the job."""
    recalculate_all(Collaboration.objects.get(pk=job.subject))


def collaboration_of(subject: str) -> Collaboration:
    return Collaboration.objects.get(pk=subject)


def _one_at_a_time(collaboration: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('portfolio.shares'), %s)", [collaboration])


def _write(projects: dict[int, Project], day: date) -> None:
    shares, years, sums = Rows.of(12), Rows.of(6), Rows.of(8)
    counts = _counts(projects)
    forget_years(projects)
    with override("nb"):
        for project, asked in _by_project(projects):
            _work_out(project, asked, day, counts(project), shares, years, sums)
            if len(shares) >= CHUNK:
                store(STORE_SHARES, shares)
                store(STORE_YEARS, years)
                shares, years = Rows.of(12), Rows.of(6)
    store(STORE_SHARES, shares)
    store(STORE_YEARS, years)
    store(STORE_SUMS, sums)


def _counts(projects: dict[int, Project]) -> Callable[[Project], Callable[[int], int]]:
    """How many people each municipality has on the day of each project, looked up once for each day."""
    by_people = [project.pk for project in projects.values() if project.key in Project.BY_PEOPLE]
    asked = Participation.objects.filter(project__in=by_people).order_by().values_list("organisation", flat=True)
    populations = Populations(asked.distinct()) if by_people else None
    known: dict[tuple[date, int], int] = {}

    def of(project: Project) -> Callable[[int], int]:
        day = project.counted_on

        def people(organisation: int) -> int:
            if populations is None or day is None:
                return 0
            if (day, organisation) not in known:
                known[(day, organisation)] = populations.on(organisation, day)
            return known[(day, organisation)]

        return people

    return of


def _by_project(projects: dict[int, Project]) -> Iterator[tuple[Project, list[Asked]]]:
    """Each project with its invitations, in the order the municipalities are listed; read as a stream."""
    invited = Participation.objects.filter(project__in=list(projects)).order_by(
        "project", "organisation__sort_key", "pk"
    )
    rows = (Asked(*row) for row in invited.values_list(*COLUMNS).iterator(chunk_size=CHUNK))
    seen = set()
    for pk, asked in groupby(rows, key=lambda row: row.project):
        seen.add(pk)
        yield projects[pk], list(asked)
    for pk, project in projects.items():
        if pk not in seen:
            yield project, []


def _work_out(
    project: Project,
    asked: Sequence[Asked],
    day: date,
    people: Callable[[int], int],
    shares: Rows,
    years: Rows,
    sums: Rows,
) -> None:
    parts = parts_of(project)
    in_years = bool(parts) and parts[0].year is not None if parts else False
    told = [_Told(one, day) for one in asked]
    problem = ""
    try:
        if_all = _divided(project, parts, [one for one in told if one.joins or (in_years and one.bound)], people)
        so_far = _divided(project, parts, [one for one in told if one.pays or (in_years and one.bound)], people)
    except NoShares as missing:
        if_all = so_far = Division()
        problem = missing.sentence
    funded = 0
    reopened = 0
    for one in told:
        carried = so_far.ore.get(one.asked.pk)
        carries = one.pays or (in_years and one.bound)
        covered = units_of(one.asked.covered) if carries and one.asked.covered is not None else None
        excess = max((carried or 0) - (covered or 0), 0)
        funded += min(covered or 0, carried or 0)
        reopened += excess > 0
        shares.add(
            one.asked.pk, project.pk, one.asked.organisation, str(one.status), carries, if_all.ore.get(one.asked.pk),
            carried, if_all.hours.get(one.asked.pk), so_far.hours.get(one.asked.pk), covered, excess,
            one.asked.pk in if_all.last_ore,
        )  # fmt: skip
        for year in if_all.years.get(one.asked.pk, {}).keys() | so_far.years.get(one.asked.pk, {}).keys():
            years.add(
                one.asked.pk, project.pk, one.asked.organisation, year,
                if_all.years.get(one.asked.pk, {}).get(year), so_far.years.get(one.asked.pk, {}).get(year),
            )  # fmt: skip
    unfunded = None if project.to_share is None else units_of(project.to_share) - funded
    silent = sum(one.status in NOT_SETTLED and not one.bound for one in told)
    sums.add(
        project.pk, len(told), sum(one.pays for one in told), silent, reopened, funded, unfunded, problem[:300],
    )  # fmt: skip


class _Told:
    """What one invitation has come to on the day."""

    def __init__(self, asked: Asked, day: date) -> None:
        decision = asked.decision(day)
        self.asked = asked
        self.bound = decision in YES
        self.status = status_from(decision, asked.withdrawal(day), asked.joins_on, asked.leaves_on, asked.interest, day)
        self.pays = self.bound and self.status != Status.LEFT
        self.joins = self.status not in OUT

    def party(self) -> Party:
        asked = self.asked
        leaving = self.status in {Status.NOTICE, Status.LEFT} and asked.leaves_on
        return Party(
            pk=asked.pk,
            organisation=asked.organisation,
            left=self.status == Status.LEFT,
            first_year=asked.joins_on.year if asked.joins_on else ALWAYS[0],
            last_year=leaving.year if leaving else ALWAYS[1],
            use=asked.use,
            amount=asked.amount,
        )


def _divided(
    project: Project, parts: Sequence[Part] | None, among: Sequence[_Told], people: Callable[[int], int]
) -> Division:
    if parts is None or not among:
        return Division()
    return divide(project, parts, [one.party() for one in among], people)
