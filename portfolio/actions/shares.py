"""Keeping every municipality's share of every project worked out, so that lists and sums are read and not computed.

The truth is the decisions, the keys and the populations; what is kept here follows from them and nothing else (rule 2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import compress
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from digivesteralen.accounts.access import holds
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from governance.models import Adoption, Collaboration
from portfolio.actions.proposals import propose_shares
from portfolio.dividing import Division, NoShares, Part, Party, People, divide, parts_of
from portfolio.models import Participation, Project, SharesDay
from portfolio.models.participation import UNSETTLED
from portfolio.share_rows import (
    DIVIDED_ANEW,
    NEW,
    SETTLED_ANEW,
    SUMS,
    YEARS,
    Rows,
    forget_other_years,
    store,
)
from portfolio.shares import Populations
from portfolio.splitting import units_of
from portfolio.standings import Invited, invitations

RECALCULATION = "portfolio.shares"
RIGHT = "governance.manage_portfolio"
# So many rows are worked out in one transaction: those who decide meanwhile wait no longer than for these.
CHUNK = 8_000
ENDED = [Project.State.FINISHED, Project.State.STOPPED]


@transaction.atomic
def recalculate(projects: Iterable[Project]) -> None:
    """Work out the shares of these projects anew, and write those that are different.

    The last thing a verb does: one at a time for each collaboration, so that two who change see each other's change.
    """
    wanted = list(projects)
    for collaboration in sorted({project.collaboration_id for project in wanted}):
        _one_at_a_time(collaboration)
    _work_out({project.pk for project in wanted}, timezone.localdate())


def recalculate_all(collaboration: Collaboration, tell: Callable[[int], None] = lambda per_cent: None) -> None:
    """Every project, a few at a time; ``tell`` hears how far it has come.

    Killed half-way each project is right by itself, and the job that asked for it begins anew.
    """
    day = timezone.localdate()
    for done, few in _few_at_a_time(collaboration.projects.all()):
        with transaction.atomic():
            _one_at_a_time(collaboration.pk)
            _work_out(few, day)
        tell(done)
    SharesDay.objects.update_or_create(collaboration=collaboration, defaults={"day": day})


def _few_at_a_time(projects: QuerySet[Project]) -> Iterator[tuple[int, set[int]]]:
    """How many per cent of the invitations are done with these, and these."""
    counted = list(projects.order_by("pk").annotate(asked=Count("participations")).values_list("pk", "asked"))
    everything = sum(asked + 1 for _pk, asked in counted)
    done, few, rows = 0, set[int](), 0
    for pk, asked in counted:
        few.add(pk)
        rows += asked + 1
        if rows >= CHUNK:
            done += rows
            yield 100 * done // everything, few
            few, rows = set(), 0
    if few:
        yield 100, few


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
        for project in collaboration.projects.filter(participations__in=moved).distinct():
            propose_shares(project=project, by=None)
        SharesDay.objects.update_or_create(collaboration=collaboration, defaults={"day": today})


def on_adoption(adoption: Adoption, by: Any) -> None:
    """A municipality has decided: what it and the others pay for that project is worked out at once."""
    about = Q(participations__adoption=adoption) | Q(participations__withdrawal=adoption)
    projects = list(Project.objects.filter(about).distinct())
    if projects:
        recalculate(projects)
        for project in projects:
            propose_shares(project=project, by=by)


def on_population(organisations: Iterable[int], by: Any) -> None:
    """Counts of people have changed: one job for each collaboration that shares a cost by them.

    Whoever registers counts of people need not manage a portfolio: then the portal asks for it by itself.
    """
    sharing = Collaboration.objects.filter(
        projects__key__in=Project.BY_PEOPLE, projects__participations__organisation__in=list(organisations)
    )
    for collaboration in sharing.distinct():
        jobs.ask(RECALCULATION, collaboration.pk, by=by if by and holds(by, RIGHT, collaboration) else None)


def make(job: Job, report: Report) -> None:
    """The work of the job: the shares, and what is proposed to those that have not begun to treat the matter."""
    collaboration = Collaboration.objects.get(pk=job.subject)
    recalculate_all(collaboration, lambda per_cent: report(per_cent * 9 // 10, _("Working out the shares")))
    report(90, _("Writing the shares into the proposals"))
    asked = Q(participations__adoption__state=Adoption.State.OPEN)
    for project in collaboration.projects.exclude(state__in=ENDED).filter(asked, key__in=Project.BY_PEOPLE).distinct():
        with transaction.atomic():
            propose_shares(project=project, by=None)


def collaboration_of(subject: str) -> Collaboration:
    return Collaboration.objects.get(pk=subject)


def _one_at_a_time(collaboration: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('portfolio.shares'), %s)", [collaboration])


def _work_out(wanted: set[int], day: date) -> None:
    projects = {project.pk: project for project in Project.objects.filter(pk__in=wanted).prefetch_related("years")}
    work = _Work(projects.values())
    with override("nb"):
        for pk, invited in invitations(wanted, day):
            work.add(projects.pop(pk), invited)
        for project in projects.values():
            work.add(project, Invited())
    work.write(wanted)


class _Work:
    """The shares of some projects, worked out together and written together."""

    def __init__(self, projects: Iterable[Project]) -> None:
        self._populations = _populations(projects)
        self._settled_anew = False
        self._shares, self._new, self._years, self._sums = Rows.of(10), Rows.of(12), Rows.of(6), Rows.of(8)

    def add(self, project: Project, invited: Invited) -> None:
        parts = parts_of(project)
        in_years = bool(parts and parts[0].year is not None)
        parties, standings = invited.parties(), invited.standings
        # Where the cost is laid out over years, one that has left still carries the years it was in.
        joins = [standing.joins or (in_years and standing.bound) for standing in standings]
        carries = [standing.pays or (in_years and standing.bound) for standing in standings]
        if_all, so_far, problem = self._divided(
            project, parts, list(compress(parties, joins)), list(compress(parties, carries))
        )
        if in_years:
            self._add_years(project, parties, if_all, so_far)
        self._add_shares(project, invited, carries, if_all, so_far, problem)

    def _divided(
        self, project: Project, parts: Sequence[Part] | None, joining: Sequence[Party], paying: Sequence[Party]
    ) -> tuple[Division, Division, str]:
        people: People = self._populations.on(project.counted_on) if project.counted_on else {}
        try:
            divided = [divide(project, parts, among, people) if parts else Division() for among in (joining, paying)]
        except NoShares as missing:
            return Division(), Division(), missing.sentence
        return divided[0], divided[1], ""

    def _add_shares(
        self,
        project: Project,
        invited: Invited,
        carries: Sequence[bool],
        if_all: Division,
        so_far: Division,
        problem: str,
    ) -> None:
        keys, standings = invited.keys, invited.standings
        carried = list(map(so_far.ore.get, keys))
        covered = [cover if carry else None for cover, carry in zip(invited.covered, carries, strict=True)]
        excess = [max((share or 0) - (cover or 0), 0) for share, cover in zip(carried, covered, strict=True)]
        self._keep(
            project,
            invited,
            keys,
            list(map(if_all.ore.get, keys)),
            carried,
            list(map(if_all.hours.get, keys)),
            list(map(so_far.hours.get, keys)),
            excess,
            [pk in if_all.last_ore for pk in keys],
            [standing.status for standing in standings],
            carries,
            covered,
        )
        # What is carried and not in excess is covered.
        funded = sum(share for share in carried if share) - sum(excess)
        self._sums.add(
            project.pk,
            len(keys),
            sum(standing.pays for standing in standings),
            sum(standing.status in UNSETTLED and not standing.bound for standing in standings),
            sum(amount > 0 for amount in excess),
            funded,
            None if project.to_share is None else units_of(project.to_share) - funded,
            problem[:300],
        )

    def _keep(self, project: Project, invited: Invited, *columns: Sequence[Any]) -> None:
        """Shares that are there are changed in place; the first time, and after an invitation, there are new ones."""
        if None not in invited.kept_status:
            self._shares.extend(*columns)
            kept = (invited.kept_status, invited.kept_pays, invited.kept_covered)
            self._settled_anew |= any(list(old) != list(new) for old, new in zip(kept, columns[7:], strict=True))
            return
        rows = zip(invited.kept_status, invited.organisations, *columns, strict=True)
        for status, organisation, *row in rows:
            if status is None:
                self._new.add(*row, project.pk, organisation)
            else:
                self._shares.add(*row)
                self._settled_anew = True

    def _add_years(self, project: Project, parties: Sequence[Party], if_all: Division, so_far: Division) -> None:
        for one in parties:
            all_years, years = if_all.years.get(one.pk, {}), so_far.years.get(one.pk, {})
            for year in sorted(all_years.keys() | years.keys()):
                self._years.add(one.pk, project.pk, one.organisation, year, all_years.get(year), years.get(year))

    def write(self, projects: set[int]) -> None:
        store(NEW, self._new)
        if self._settled_anew:
            store(SETTLED_ANEW, self._shares)
        else:
            store(DIVIDED_ANEW, self._shares, width=7)
        store(YEARS, self._years)
        forget_other_years(projects, self._years)
        store(SUMS, self._sums)


def _populations(projects: Iterable[Project]) -> Populations:
    by_people = [project.pk for project in projects if project.key in Project.BY_PEOPLE]
    asked = Participation.objects.filter(project__in=by_people).order_by().values_list("organisation", flat=True)
    return Populations(asked.distinct() if by_people else [])
