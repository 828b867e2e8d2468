"""What waits in the portfolio: answers, projects, benefits, money and ideas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digivesteralen.accounts.access import allowed
from digivesteralen.start.tasks.task import FEW, SOON, Task, called, seats
from digivesteralen.ui import wording
from governance.actions.opinions import is_open
from governance.models import (
    Appointment,
    Body,
    Collaboration,
    Organisation,
)
from portfolio import gatherings
from portfolio.actions.shares import up_to_date
from portfolio.actions.versions import case_of, unanswered
from portfolio.models import (
    BenefitLine,
    Gathering,
    Grant,
    Idea,
    Milestone,
    PortfolioVersion,
    Project,
    RankingRound,
    Share,
)
from portfolio.status import occasion_of


def own_rankings(user: Any) -> Iterator[Task]:
    """«Din rangering»: the directors are asked what should come first, and this one has not answered."""
    for seat in seats(user):
        rounds = RankingRound.objects.taking_answers().filter(body=seat.body)
        silent = rounds.exclude(own_rankings__organisation=seat.represents)
        for asked in silent.select_related("collaboration", "meeting"):
            assert seat.represents is not None
            url = reverse("own_ranking", args=[asked.collaboration.slug, asked.number])
            yield Task(
                _("Rank what should come first"), f"{url}?kommune={seat.represents.number}",
                f"{seat.body} – {seat.represents}", timezone.localdate(asked.due), asked.example,
            )  # fmt: skip


def to_settle_anew(user: Any) -> Iterator[Task]:
    """«Må avklares på nytt»: the own share has grown beyond what the municipality's decision covers (rule 2)."""
    places = allowed(Organisation.objects.all(), user, "governance.decide_for_municipality")
    for collaboration in Collaboration.objects.filter(projects__shares__organisation__in=places).distinct():
        up_to_date(collaboration)
    shares = Share.objects.visible_to(user).reopened().filter(organisation__in=places)
    alive = shares.exclude(project__state__in=[Project.State.FINISHED, Project.State.STOPPED])
    for share in alive.select_related("participation__project__collaboration", "participation__organisation"):
        part = share.participation
        title = _("Settle anew: the share of «%(project)s» is %(amount)s more than the decision covers") % {
            "project": part.project,
            "amount": wording.money(share.excess),
        }
        yield Task(title, part.get_absolute_url(), str(part.organisation), example=part.example)


def own_projects(user: Any) -> Iterator[Task]:
    """The project leader's projects that lack something before they can go on."""
    projects = Project.objects.visible_to(user).led_by(user).filter(state=Project.State.PLANNING)
    for project in projects.select_related("collaboration"):
        if project.needs_financing_plan and not project.project_cases.filter(purpose="financing_plan").exists():
            title = _("The financing plan of «%(project)s» is not made") % {"project": project}
        else:
            title = _("«%(project)s» waits for the municipalities' decisions") % {"project": project}
        yield Task(title, project.get_absolute_url(), str(project.collaboration), project.starts_on, project.example)


def status_to_report(user: Any) -> Iterator[Task]:
    """The leader's own projects whose status is wanted soon, and to the secretariat how many lack it (D15)."""
    mine = Project.objects.under_way().reported_by(user)
    for place in Collaboration.objects.filter(projects__in=mine).distinct():
        occasion = occasion_of(place)
        if occasion.until is None or occasion.until > timezone.localdate() + SOON:
            continue
        missing = mine.filter(collaboration=place).not_reported(occasion.counts).select_related("collaboration")
        led = missing.led_by(user)
        for project in led:
            url = reverse("write_status", args=[place.slug, project.slug])
            title = _("Tell how «%(project)s» stands") % {"project": project}
            yield Task(title, url, str(place), occasion.until, project.example)
        others = missing.exclude(pk__in=led.values("pk")).count()
        if others:
            title = ngettext(
                "%(count)s project lacks its %(status)s", "%(count)s projects lack their %(status)s", others
            )
            url = f"{reverse('status', args=[place.slug])}?missing=on"
            yield Task(title % {"count": others, "status": occasion}, url, str(place), occasion.until)


def benefits_to_measure(user: Any) -> Iterator[Task]:
    """Benefits that the person owns in the municipality, whose measurement is due within two weeks or was before."""
    seen = BenefitLine.objects.visible_to(user).due(timezone.localdate() + SOON).owned_there().filter(owner__user=user)
    for line in seen.in_full():
        title = _("Measure the benefit «%(benefit)s»") % {"benefit": line.benefit}
        place = str(line.participation.organisation)
        yield Task(title, line.get_absolute_url(), place, line.due_on, line.example)


def grants_due(user: Any) -> Iterator[Task]:
    """The secretariat's sources of money: to apply for, or to report on, within a month or past the day (D1)."""
    places = allowed(Collaboration.objects.all(), user, "governance.manage_portfolio")
    due = Grant.objects.filter(collaboration__in=places).due(timezone.localdate() + Grant.SOON)
    for grant in due.select_related("collaboration"):
        applies = grant.state == Grant.State.TO_APPLY
        title = _("Apply for «%(grant)s»") if applies else _("Report on the use of «%(grant)s»")
        place = str(grant.collaboration)
        yield Task(title % {"grant": grant}, grant.get_absolute_url(), place, grant.due_on, grant.example)


def gatherings_to_answer(user: Any) -> Iterator[Task]:
    """What the own municipality is invited to, until it has registered somebody or said that nobody comes (J6)."""
    for asked in gatherings.waiting_for(user):
        title = _("Register participants, or tell that nobody comes: %(gathering)s")
        url = asked.gathering.get_absolute_url()
        until, example = asked.gathering.last_day, asked.gathering.example
        yield Task(title % {"gathering": asked.gathering}, url, str(asked.municipality), until, example)


def gatherings_to_write_down(user: Any) -> Iterator[Task]:
    """The secretariat's gatherings that have been, and of which nobody has told it."""
    places = allowed(Collaboration.objects.all(), user, "governance.manage_portfolio")
    over = Gathering.objects.filter(state=Gathering.State.ANNOUNCED, ends_at__lt=timezone.now())
    for one in over.filter(project__collaboration__in=places).select_related("project__collaboration"):
        title = _("Tick who came to %(gathering)s") % {"gathering": one}
        url = reverse("gathering_participants", args=[one.project.collaboration.slug, one.pk])
        yield Task(title, url, str(one.project.collaboration), one.on, one.example)


def ideas_waiting(user: Any) -> Iterator[Task]:
    """«Ideer som venter»: new ones to answer, and those that are to be taken up; each where they are few."""
    places = allowed(Collaboration.objects.all(), user, "governance.manage_portfolio")
    waiting: dict[Collaboration, list[Idea]] = {}
    for idea in Idea.objects.waiting().filter(collaboration__in=places).select_related("collaboration").order_by("pk"):
        waiting.setdefault(idea.collaboration, []).append(idea)
    for place, found in waiting.items():
        if len(found) > FEW:
            title = ngettext("%(count)s idea waits for you", "%(count)s ideas wait for you", len(found))
            url = f"{reverse('ideas', args=[place.slug])}?state=waiting"
            yield Task(title % {"count": len(found)}, url, str(place))
            continue
        for idea in found:
            title = _("Answer the idea %(idea)s") if idea.is_open else _("Take up the idea %(idea)s as a project")
            yield Task(title % {"idea": idea}, idea.get_absolute_url(), str(place), example=idea.example)


def own_ideas(user: Any) -> Iterator[Task]:
    """For two weeks the answers to what one sent; of a proposal the proposal tells."""
    since = timezone.localdate() - SOON
    mine = Idea.objects.visible_to(user).sent_by(user).filter(answered_on__gte=since, proposal=None)
    managed = allowed(Collaboration.objects.all(), user, "governance.manage_portfolio")
    answered = mine.exclude(collaboration__in=managed).select_related("collaboration__parent")
    for idea in answered.order_by("-answered_on", "pk")[:FEW]:
        title = _("The idea %(idea)s is answered: %(answer)s")
        told = {"idea": idea, "answer": idea.answer_in_words}
        yield Task(title % told, idea.get_absolute_url(), str(idea.collaboration), example=idea.example)


def milestones_to_check(user: Any) -> Iterator[Task]:
    """«Til utsjekk»: milestones that wait for the check of a body the person may answer for, near or past (B8)."""
    seats = Appointment.objects.active().filter(person__user=user).values("body")
    bodies = Body.objects.where_may(user, "governance.propose_case").filter(pk__in=seats)
    waiting = Milestone.objects.visible_to(user).to_be_checked().filter(check_with__in=bodies)
    near = waiting.filter(planned_on__lte=timezone.localdate() + Milestone.CHECKED_AHEAD)
    for milestone in near.select_related("check_with", "project__collaboration"):
        title = _("To be checked: «%(milestone)s» of «%(project)s»") % {
            "milestone": milestone,
            "project": milestone.project,
        }
        place = milestone.project
        url = reverse("check_milestone", args=[place.collaboration.slug, place.slug, milestone.pk])
        yield Task(title, url, str(milestone.check_with), milestone.planned_on, milestone.example)


def portfolio_views(user: Any) -> Iterator[Task]:
    """The portfolio before the steering group: project by project and as a whole, until everything is answered."""
    for seat in seats(user):
        assert seat.body is not None and seat.represents is not None
        laid = PortfolioVersion.objects.laid().filter(collaboration=seat.body.collaboration, case__body=seat.body)
        for version in laid.select_related("collaboration", "case__body__collaboration"):
            case = case_of(version)
            asking = [meeting for meeting in called(seat.body) if meeting.items.filter(case=case).exists()]
            left = unanswered(version, case, seat.represents) if asking and is_open(case) else 0
            if not left:  # all is said, or the deadline is over
                continue
            path = reverse("portfolio_view", args=[version.collaboration.slug, version.number])
            title = ngettext(
                "Give your view on the portfolio: %(count)s answer is missing",
                "Give your view on the portfolio: %(count)s answers are missing",
                left,
            ) % {"count": left}
            place = f"{seat.body} – {seat.represents}"
            yield Task(title, f"{path}?kommune={seat.represents.number}", place, asking[0].due, version.example)
