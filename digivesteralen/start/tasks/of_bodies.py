"""What waits in bodies and municipalities: views, decisions, minutes, proposals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digivesteralen.accounts.access import allowed
from digivesteralen.start.tasks.task import FEW, SOON, Task, called, seats
from governance.models import (
    Adoption,
    Appointment,
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
from portfolio.actions.versions import case_of
from portfolio.models import (
    PortfolioVersion,
)


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
