"""What waits for a person, worst first: asked of each floor, for each role the person has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digivesteralen.accounts.access import allowed
from digivesteralen.documents.models import Job
from digivesteralen.ui import wording
from governance.actions.opinions import is_open
from governance.models import (
    Adoption,
    Appointment,
    Body,
    Case,
    Collaboration,
    Meeting,
    Membership,
    Organisation,
    Proposal,
    ProposalSignal,
    ProposalStep,
    ResolutionPoint,
    Role,
)
from governance.models.people import WITHOUT_VOTE
from governance.start_steps import steps
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
from surveys import answering
from surveys.actions.looking_over import open_for
from surveys.addresses import own_url
from surveys.models import ContractAlert, ImportJob, Inventory, Survey, SystemUse
from surveys.rounds import is_delivered

SOON = timedelta(days=14)
# More than so many of a kind are told as a number.
FEW = 3


@dataclass(frozen=True)
class Task:
    """One thing that waits: what, where, until when, and on whose behalf."""

    title: str
    url: str
    place: str
    until: date | None = None
    example: bool = False

    @property
    def is_late(self) -> bool:
        return self.until is not None and self.until < timezone.localdate()

    @property
    def is_urgent(self) -> bool:
        return self.until is not None and self.until <= timezone.localdate() + SOON


def waiting_for(user: Any) -> list[Task]:
    """Everything that waits for the person, the nearest deadline first, then what has none."""
    found = [task for ask in SOURCES for task in ask(user)]
    return sorted(found, key=lambda task: (task.until is None, task.until or date.max, task.title))


def views_in_bodies(user: Any) -> Iterator[Task]:
    """«Ditt syn i styringsgruppen», per case on an agenda that is out."""
    for seat in seats(user):
        assert seat.body is not None and seat.represents is not None
        meetings = {meeting.pk: meeting for meeting in called(seat.body)}
        cases = Case.objects.filter(items__meeting__in=meetings, items__withdrawn=False, stage=Case.Stage.ON_AGENDA)
        # The portfolio is answered on a page of its own, project by project.
        about_portfolio = PortfolioVersion.objects.laid().filter(collaboration=seat.body.collaboration)
        silent = cases.exclude(opinions__organisation=seat.represents).exclude(
            pk__in=[case_of(version).pk for version in about_portfolio.select_related("case")]
        )
        # In a meeting an orientation asks for no view; in writing every answer counts towards the quorum.
        silent = silent.exclude(kind=Case.Kind.ORIENTATION, items__meeting__written=False)
        for case in silent.select_related("body__collaboration").prefetch_related("items__meeting").distinct():
            meeting = next(item.meeting for item in case.items.all() if item.meeting_id in meetings)
            title = _("Give your view on case %(case)s")
            if meeting.written:
                title = _("Answer in written treatment: %(case)s")
            yield Task(
                title % {"case": case},
                reverse("give_view", args=[seat.body.collaboration.slug, case.pk, seat.represents.number]),
                f"{seat.body} – {seat.represents}",
                meeting.due,
                case.example,
            )


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


def own_decisions(user: Any) -> Iterator[Task]:
    """«Kommunens vedtak»: what the own municipality has been asked and not answered, or must confirm."""
    asked = Adoption.objects.visible_to(user).of_those_who_decide(user)
    for adoption in (asked.waiting() | asked.to_confirm()).select_related("collaboration", "organisation"):
        if adoption.awaits_confirmation:
            title = _("Confirm what the secretariat registered: %(matter)s")
        elif adoption.state == Adoption.State.SCHEDULED:
            title = _("Register the decision when it is made: %(matter)s")
        else:
            title = _("Register the municipality's decision: %(matter)s")
        until = adoption.scheduled_on if adoption.state == Adoption.State.SCHEDULED else adoption.answer_by
        place = str(adoption.organisation)
        yield Task(title % {"matter": adoption.matter}, adoption.get_absolute_url(), place, until, adoption.example)


def memberships_to_confirm(user: Any) -> Iterator[Task]:
    """A collaboration has written the own municipality down as its member: its own people say whether it is."""
    places = allowed(Organisation.objects.all(), user, "governance.decide_for_municipality")
    waiting = Membership.objects.active().filter(awaits=True, organisation__in=places)
    for one in waiting.select_related("collaboration", "organisation"):
        title = _("Confirm that the municipality is a member of %(collaboration)s") % {
            "collaboration": one.collaboration
        }
        yield Task(title, one.organisation.get_absolute_url(), str(one.organisation))


def memberships_contested(user: Any) -> Iterator[Task]:
    """A municipality that the secretariat wrote down as a member says that it is none (rule 1)."""
    managed = allowed(Collaboration.objects.all(), user, "governance.manage_collaboration")
    said_no = Membership.objects.lately_contested().filter(collaboration__in=managed)
    again = Membership.objects.not_ended().filter(
        collaboration=OuterRef("collaboration"), organisation=OuterRef("organisation")
    )
    for one in said_no.exclude(Exists(again)).select_related("collaboration", "organisation"):
        title = _("%(municipality)s says that it is not a member: %(why)s") % {
            "municipality": one.organisation,
            "why": one.contested_why,
        }
        url = reverse("members", args=[one.collaboration.slug])
        yield Task(title, f"{url}?vis=alle", str(one.collaboration))


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


def minutes_to_read(user: Any) -> Iterator[Task]:
    """Minutes that are out for remarks, in the bodies where the person may approve them."""
    for meeting in Meeting.objects.awaiting_remarks_from(user).select_related("body__collaboration"):
        if meeting.remarks_by and meeting.remarks_by >= timezone.localdate():
            title = _("Read the minutes of %(meeting)s") % {"meeting": meeting}
            yield Task(title, meeting.get_absolute_url(), str(meeting.body), meeting.remarks_by, meeting.example)


def meetings_to_prepare(user: Any) -> Iterator[Task]:
    """The secretariat's meetings: send the agenda, run the meeting, send and approve the minutes."""
    places = allowed(Collaboration.objects.all(), user, "governance.prepare_meetings")
    titles = {
        Meeting.State.PLANNED: _("Send the agenda of %(meeting)s"),
        Meeting.State.CALLED: _("Run %(meeting)s"),
        Meeting.State.IN_PROGRESS: _("End %(meeting)s"),
        Meeting.State.HELD: _("Send the minutes of %(meeting)s"),
        Meeting.State.REMARKS: _("Approve the minutes of %(meeting)s"),
    }
    meetings = Meeting.objects.minuted_here().filter(body__collaboration__in=places, state__in=titles)
    today = timezone.localdate()
    for meeting in meetings.select_related("body__collaboration"):
        if meeting.takes_answers() or (meeting.state == Meeting.State.CALLED and meeting.due > today):
            continue
        if meeting.state == Meeting.State.REMARKS and meeting.remarks_by and meeting.remarks_by >= today:
            continue
        until = meeting.day - timedelta(days=7) if meeting.state == Meeting.State.PLANNED else meeting.due
        title = titles[Meeting.State(meeting.state)]
        if meeting.is_out_for_answers:
            title = _("Close the written treatment %(meeting)s")
        title %= {"meeting": meeting}
        yield Task(title, meeting.get_absolute_url(), str(meeting.body.collaboration), until, meeting.example)


def getting_started(user: Any) -> Iterator[Task]:
    """A new collaboration's next step; from the first meeting on, the work itself says what waits."""
    places = allowed(Collaboration.objects.all(), user, "governance.manage_collaboration")
    for place in places.exclude(bodies__meetings__isnull=False):
        step = next((step for step in steps(place) if not step.is_over), None)
        if step:
            title = _("Get started: %(step)s") % {"step": step.title}
            yield Task(title, reverse("getting_started", args=[place.slug]), str(place))


def answers_missing(user: Any) -> Iterator[Task]:
    """What the municipalities have not answered in time, gathered per matter."""
    places = allowed(Collaboration.objects.all(), user, "governance.register_on_behalf")
    late = Adoption.objects.waiting().filter(collaboration__in=places, answer_by__lt=timezone.localdate())
    rows = late.order_by().values("collaboration__slug", "collaboration__name", "key", "matter", "answer_by", "example")
    for row in rows.annotate(missing=Count("pk")):
        title = ngettext(
            "%(count)s municipality has not answered: %(matter)s",
            "%(count)s municipalities have not answered: %(matter)s",
            row["missing"],
        ) % {"count": row["missing"], "matter": row["matter"]}
        url = reverse("matter", args=[row["collaboration__slug"], row["key"]])
        yield Task(title, url, row["collaboration__name"], row["answer_by"], row["example"])


def points_to_follow_up(user: Any) -> Iterator[Task]:
    """Points of resolutions that the person owns."""
    points = ResolutionPoint.objects.visible_to(user).to_follow_up().owned_by(user).not_done()
    for point in points.select_related("resolution__item__case__body__collaboration"):
        case = point.resolution.item.case
        title = _("Follow up point %(number)s of case %(case)s") % {"number": point.number, "case": case}
        yield Task(title, point.get_absolute_url(), str(case.body), point.deadline, case.example)


def inventories(user: Any) -> Iterator[Task]:
    """The IT leader's own inventory: an open round, fill in and submit; confirm what others uploaded."""
    own = Inventory.objects.editable_by(user).filter(municipality__kind=Organisation.Kind.MUNICIPALITY)
    for inventory in own.select_related("municipality"):
        place = str(inventory.municipality)
        if SystemUse.objects.awaiting().filter(inventory=inventory).exists():
            yield Task(_("Confirm the systems that were uploaded for you"), inventory.get_absolute_url(), place)
        waiting = [one for one in open_for(inventory.municipality) if not is_delivered(one, inventory)]
        for one in waiting:
            title = _("Confirm or correct the systems: %(round)s") % {"round": one}
            url = reverse("round_own", args=[inventory.municipality.number, one.pk])
            yield Task(title, url, place, one.answer_by, one.example)
        if inventory.is_draft and not waiting:
            title = _("Complete and submit the overview of systems")
            yield Task(title, inventory.get_absolute_url(), place, example=inventory.example)
    missing = allowed(Organisation.objects.municipalities(), user, "governance.edit_inventory").filter(inventory=None)
    for organisation in missing:
        url = reverse("inventory", args=[organisation.number])
        yield Task(_("Begin the overview of systems"), url, str(organisation))


def contract_alerts(user: Any) -> Iterator[Task]:
    """How many days in the own contracts are near, and the nearest of them."""
    near = ContractAlert.objects.visible_to(user).open().order_by()
    owners = near.values("use__inventory__municipality").annotate(count=Count("pk"), first=Min("due_on"))
    counted = {one["use__inventory__municipality"]: one for one in owners}
    for owner in Organisation.objects.filter(pk__in=counted):
        one = counted[owner.pk]
        title = ngettext("%(count)s alert of a contract", "%(count)s alerts of contracts", one["count"])
        url = own_url(owner, "contract_alerts")
        yield Task(title % {"count": one["count"]}, url, str(owner), one["first"])


def reviews(user: Any) -> Iterator[Task]:
    """Inventories that wait to be gone through in the working group that the person sits in."""
    groups = Appointment.objects.active().filter(person__user=user, body__kind=Body.Kind.WORKING)
    for seat in groups.select_related("body__collaboration"):
        assert seat.body is not None
        submitted = Inventory.objects.of(seat.body.collaboration).filter(state=Inventory.State.SUBMITTED)
        for inventory in submitted.select_related("municipality"):
            title = _("Go through the systems of %(municipality)s") % {"municipality": inventory.municipality}
            url = reverse("inventory_systems", args=[seat.body.collaboration.slug])
            place = inventory.municipality.number
            yield Task(title, f"{url}?kommune={place}", str(seat.body), example=inventory.example)


def surveys_to_import(user: Any) -> Iterator[Task]:
    """Open surveys without answers, and imports that were looked at and not applied."""
    places = allowed(Collaboration.objects.all(), user, "governance.manage_surveys")
    imported = Survey.objects.filter(in_portal=False, responses=None)
    open_now = imported.filter(collaboration__in=places, opens_on__lte=timezone.localdate())
    for survey in open_now.filter(Q(closes_on=None) | Q(closes_on__gte=timezone.localdate())):
        title = _("Import the answers to «%(survey)s»") % {"survey": survey}
        yield Task(title, survey.get_absolute_url(), str(survey.collaboration), survey.closes_on, survey.example)
    for job in ImportJob.objects.filter(asked_by=user, state="previewed"):
        title = _("Look over and finish the import of %(file)s") % {"file": job}
        yield Task(title, job.get_absolute_url(), _("Import"))


def surveys_to_answer(user: Any) -> Iterator[Task]:
    """What is open in the portal, for each municipality that the person may answer for."""
    for asked in answering.open_for(user):
        if asked.answered:
            continue
        survey, place = asked.survey, asked.municipality
        title = _("Answer «%(survey)s»") if survey.personal_opinion else _("Answer «%(survey)s» for %(municipality)s")
        url = reverse("answer_survey", args=[survey.collaboration.slug, survey.slug, place.number])
        told = {"survey": survey, "municipality": place}
        yield Task(title % told, url, str(survey.collaboration), survey.closes_on, survey.example)


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


def proposals_waiting(user: Any) -> Iterator[Task]:
    """«Forslag som venter på dere»: each where they are few, else how many and the nearest deadline."""
    steps = ProposalStep.objects.waiting_on(user).select_related("proposal", "collaboration", "body__collaboration")
    places: dict[Collaboration, list[ProposalStep]] = {}
    for step in steps.order_by("received_on", "pk"):
        places.setdefault(step.collaboration, []).append(step)
    for place, waiting in places.items():
        if len(waiting) > FEW:
            title = ngettext("%(count)s proposal waits for you", "%(count)s proposals wait for you", len(waiting))
            days = [step.deadline for step in waiting if step.deadline]
            url = f"{reverse('proposals', args=[place.slug])}?mine=waiting"
            yield Task(title % {"count": len(waiting)}, url, str(place), min(days, default=None))
            continue
        for step in waiting:
            title = (
                _("Register the answer to proposal %(proposal)s") if step.outside else _("Answer proposal %(proposal)s")
            )
            url = step.proposal.address_in(place)
            yield Task(title % {"proposal": step.proposal}, url, step.place, step.deadline, step.proposal.example)


def own_proposals(user: Any) -> Iterator[Task]:
    """What one sent: what came back to be mended, and for two weeks the answers."""
    mine = Proposal.objects.visible_to(user).with_sender(user)
    answered_lately = mine.answered(since=timezone.localdate() - SOON)
    for proposal in (mine.at_the_sender() | answered_lately).for_lists():
        title = _("Mend proposal %(proposal)s and send it again, or let it rest")
        if proposal.is_answered:
            title = _("Read the answer to proposal %(proposal)s")
        yield Task(
            title % {"proposal": proposal}, proposal.get_absolute_url(), str(proposal.sender), example=proposal.example
        )


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


def signals_to_give(user: Any) -> Iterator[Task]:
    """«Er dere interessert?»: municipalities that were asked, until the deadline is a week past."""
    own = allowed(Organisation.objects.municipalities(), user, "governance.send_proposal")
    asked = Proposal.objects.visible_to(user).filter(signals_by__gte=timezone.localdate() - timedelta(days=7))
    given = set(
        ProposalSignal.objects.filter(proposal__in=asked, region=None).values_list("proposal_id", "organisation_id")
    )
    members: dict[int, list[Organisation]] = {}
    for proposal in asked.select_related("collaboration"):
        place = proposal.collaboration
        if place.pk not in members:
            members[place.pk] = list(place.members().filter(pk__in=own))
        for organisation in members[place.pk]:
            if (proposal.pk, organisation.pk) in given:
                continue
            title = _("Are you interested? Send a signal about proposal %(proposal)s") % {"proposal": proposal}
            yield Task(title, proposal.get_absolute_url(), str(organisation), proposal.signals_by, proposal.example)


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


def papers_to_read(user: Any) -> Iterator[Task]:
    """Observers and members without a vote: the papers of the next meeting; auditors: the minutes that are approved."""
    seats_without_vote = Appointment.objects.active().filter(
        person__user=user, role__in=[Role.MEMBER, *WITHOUT_VOTE], body__isnull=False
    )
    for seat in seats_without_vote.select_related("body__collaboration"):
        for meeting in called(seat.body):
            title = _("Read the papers of %(meeting)s") % {"meeting": meeting}
            yield Task(title, meeting.get_absolute_url(), str(seat.body), meeting.due, meeting.example)
    audits = Appointment.objects.active().filter(person__user=user, role=Role.AUDITOR)
    newest = Meeting.objects.filter(body__collaboration__in=audits.values("collaboration"), number_only=False)
    for meeting in newest.filter(state=Meeting.State.APPROVED).select_related("body__collaboration")[:1]:
        title = _("Read the minutes of %(meeting)s") % {"meeting": meeting}
        yield Task(title, meeting.get_absolute_url(), str(meeting.body), example=meeting.example)


def failed_jobs(user: Any) -> Iterator[Task]:
    """What the person asked for and did not get."""
    for job in Job.objects.filter(asked_by=user, state="failed").newest_first()[:5]:
        yield Task(_("A document could not be made. Try again"), job.get_absolute_url(), _("Documents"))


def own_account(user: Any) -> Iterator[Task]:
    """Whoever runs the installation signs in with two steps."""
    if user.is_staff and not user.authenticator_set.exists():
        yield Task(_("Turn on two-step sign-in for your account"), reverse("security"), _("Sign-in and security"))


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


def seats(user: Any) -> Iterable[Appointment]:
    """The seats with a say in cases that the person holds today."""
    may = Body.objects.where_may(user, "governance.give_view")
    roles = [Role.STEERING, Role.SUBSTITUTE]
    held = {"role__in": roles, "represents__isnull": False, "body__in": may}
    found = Appointment.objects.active().filter(person__user=user, **held)
    return found.select_related("body__collaboration", "represents")


def called(body: Body | None) -> list[Meeting]:
    """The meetings of a body whose agenda is out, and what it treats in writing, the nearest first."""
    if body is None:
        return []
    return list(body.meetings.taking_views().nearest_first().select_related("body"))


SOURCES = [
    views_in_bodies,
    portfolio_views,
    own_rankings,
    own_decisions,
    memberships_to_confirm,
    memberships_contested,
    to_settle_anew,
    minutes_to_read,
    getting_started,
    meetings_to_prepare,
    answers_missing,
    points_to_follow_up,
    proposals_waiting,
    own_proposals,
    ideas_waiting,
    own_ideas,
    signals_to_give,
    gatherings_to_answer,
    gatherings_to_write_down,
    inventories,
    contract_alerts,
    reviews,
    surveys_to_import,
    surveys_to_answer,
    own_projects,
    status_to_report,
    benefits_to_measure,
    grants_due,
    milestones_to_check,
    papers_to_read,
    failed_jobs,
    own_account,
]
