"""A piece of work of each kind of the product, about something in the demo (done in test_each_kind.py)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from digivesteralen.accounts.models import User
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from digivesteralen.mail import account
from digivesteralen.operations import users
from digivesteralen.reports import actions as reports
from digivesteralen.reports.models import Report
from governance import minutes_preview, notices, point_mail
from governance.actions import emergency
from governance.models import (
    Adoption,
    AgendaItem,
    Agreement,
    Appointment,
    Collaboration,
    Meeting,
    Membership,
    Person,
    Proposal,
    ProposalStep,
    ResolutionPoint,
    Role,
)
from portfolio import gathering_mail
from portfolio.actions import benefit_plans, lists, project_guests, status_papers, status_reminders
from portfolio.actions.meeting_papers import order_ranking
from portfolio.actions.projects import register_project
from portfolio.actions.rankings import save_ranking
from portfolio.models import Benefit, BenefitLine, BenefitMeasurement, Project
from surveys import maturity_card, reminders
from surveys.actions import import_writing, imports, inventory, rounds
from surveys.models import ConfirmationRound, ContractAlert, ImportJob, SystemUse
from tests.portfolio.gathering_helpers import a_gathering, a_programme
from tests.surveys.inventory_people import looked_over, sheet
from tests.verapdf.test_verapdf import decided_gate, treat_in_writing

REASON = "En import henger, og loggen sier ikke hvorfor."
NEW = ["Sak/arkiv", "Et system som ingen har", "Ny leverandør AS", "31.12.2027"]


class Scene:
    """The demo, with those who ask."""

    def __init__(self) -> None:
        self.digi = Collaboration.objects.get(slug="vesteralen")
        self.secretary = self._holding(Role.SECRETARIAT, collaboration=self.digi)
        self.sortland = self.digi.members().get(number="1870")
        self.it_leader = self._holding(Role.IT_LEADER, organisation=self.sortland)
        self.operator = User.objects.create_superuser("drift@test.example", "hemmelig-nok-1234", name="Drift")
        self.agreement = Agreement.objects.filter(collaboration=self.digi)[0]
        self.held = Meeting.objects.filter(body__slug="styringsgruppen", starts_at__isnull=False).latest("starts_at")

    def _holding(self, role: str, **place: Any) -> Any:
        return Appointment.objects.active().filter(role=role, **place)[0].person.user

    def asked(self, kind: str, subject: Any, **arguments: Any) -> Job:
        return jobs.ask(kind, subject, by=None, arguments=arguments)

    def imported(self) -> ImportJob:
        told: dict[str, Any] = {"collaboration": self.digi, "municipality": self.sortland}
        return looked_over(sheet(NEW), by=self.it_leader, **told)


def _the_demo_asked(kind: str) -> Callable[[Scene], Job]:
    return lambda scene: Job.objects.filter(kind=kind, state=Job.State.ASKED)[0]


def _import_read(scene: Scene) -> Job:
    told: dict[str, Any] = {"collaboration": scene.digi, "municipality": scene.sortland}
    content = sheet(NEW)
    job = imports.upload(kind="inventory", content=content, file_name="a.xlsx", by=scene.it_leader, **told)
    assert job.work is not None
    return job.work


def _import_check(scene: Scene) -> Job:
    job = scene.imported()
    job = imports.connect(job=job, version=job.version, columns=job.mapping["columns"], by=scene.it_leader)
    assert job.work is not None
    return job.work


def _import_apply(scene: Scene) -> Job:
    ours = inventory.inventory_of(scene.sortland)
    inventory.reopen(inventory=ours, version=ours.version, by=scene.it_leader)
    job = scene.imported()
    job = import_writing.ask_to_apply(job=job, version=job.version, by=scene.it_leader)
    assert job.work is not None
    return job.work


def _import_undo(scene: Scene) -> Job:
    """What the sample before it wrote."""
    applied = ImportJob.objects.filter(state=ImportJob.State.APPLIED)
    return jobs.ask("surveys.import_undo", applied.latest("applied_at").pk, by=scene.it_leader)


def _extract(kind: str) -> Callable[[Scene], Job]:
    treated = AgendaItem.objects.filter(resolution__isnull=False, meeting__state="approved")
    return lambda scene: scene.asked(kind, treated.filter(case__legal_ground="")[0].pk, public=kind.endswith("public"))


def _benefit_reminder(scene: Scene) -> Job:
    line = BenefitLine.objects.due(date(2100, 1, 1)).select_related("participation")[0]
    long_ago = timezone.localdate() - timedelta(days=800)
    BenefitMeasurement.objects.filter(line=line).update(on=long_ago)
    Benefit.objects.filter(pk=line.benefit_id).update(baseline_on=long_ago)
    owner = Person.objects.filter(organisation=line.participation.organisation).exclude(email="")[0]
    BenefitLine.objects.filter(pk=line.pk).update(owner=owner)
    return scene.asked("portfolio.benefit_reminder", scene.digi.pk, owner=owner.pk)


def _gathering_mail(scene: Scene) -> Job:
    gathering = a_gathering(a_programme(scene.digi, scene.secretary), scene.secretary)
    gathering_mail.invite(gathering, scene.digi.members(), by=scene.secretary)
    return Job.objects.filter(kind=gathering_mail.KIND)[0]


def _ranking(scene: Scene) -> Job:
    saved = save_ranking(collaboration=scene.digi, name="Til møtet", reason="Gjennomgang", by=scene.secretary)
    return order_ranking(ranking=saved, by=scene.secretary)


def _gate(scene: Scene) -> Job:
    treat_in_writing(scene.digi, scene.secretary)
    gate = decided_gate(scene.digi, scene.secretary)
    return Job.objects.get(kind="portfolio.gate", subject=str(gate.pk))


def _project_shared(scene: Scene) -> Job:
    if found := Job.objects.filter(kind="portfolio.project_shared").first():
        return found
    told: dict[str, Any] = {"name": "Kari Utenfra", "email": "utenfra@test.example", "purpose": "Leser gjennom kravene"}
    until = timezone.localdate() + timedelta(days=30)
    project_guests.share_project(project=scene.digi.projects.all()[0], until=until, by=scene.secretary, **told)
    return Job.objects.get(kind="portfolio.project_shared")


def _status_reminder(scene: Scene) -> Job:
    project = register_project(collaboration=scene.digi, title="Felles vaktlag", by=scene.secretary)
    Project.objects.filter(pk=project.pk).update(state=Project.State.PLANNING, leader=scene.secretary.person)
    return status_reminders.remind(collaboration=scene.digi, by=scene.secretary)[0]


def _final_report(scene: Scene) -> Job:
    """A short one: the whole takes five seconds, each time."""
    report = Report.objects.create(collaboration=scene.digi, slug="kort", title="Kort rapport")
    reports.add_chapter(report=report, number="1", title="Innledning", text="Vi begynte.", by=scene.secretary)
    return reports.order(report=report, by=scene.secretary)


def _score_card(scene: Scene) -> Job:
    survey = scene.digi.surveys.filter(maturity__isnull=False)[0]
    return scene.asked("surveys.score_card", maturity_card.subject(survey, scene.digi.members().get(number="1867")))


def _answer_reminder(scene: Scene) -> Job:
    for survey in scene.digi.surveys.all():
        for place in scene.digi.members().exclude(responses__survey=survey) if survey.is_open else []:
            if place.pk in reminders.reachable([place]):
                return scene.asked(reminders.KIND, reminders.subject(survey, place))
    raise LookupError("no survey waits for anybody")


def _contract_alerts(scene: Scene) -> Job:
    alerts = ContractAlert.objects.open().filter(use__inventory__municipality=scene.sortland)
    person = scene.it_leader.person
    return scene.asked("surveys.contract_alerts", scene.sortland.pk, person=person.pk, alerts=[a.pk for a in alerts])


def _minutes_preview(scene: Scene) -> Job:
    return scene.asked(minutes_preview.KIND, scene.held.pk)


def _point_reminder(scene: Scene) -> Job:
    points = ResolutionPoint.objects.filter(done_on=None)
    return scene.asked(point_mail.KIND, next(one.pk for one in points if point_mail._receivers(one)))


def _membership_told(scene: Scene) -> Job:
    return scene.asked("governance.membership_told", Membership.objects.get(organisation=scene.sortland).pk)


def _membership_contested(scene: Scene) -> Job:
    """Written down by the secretariat, and denied by the municipality."""
    membership = Membership.objects.get(organisation=scene.sortland)
    said_no = {"contested_by": scene.secretary, "contested_at": timezone.now(), "contested_why": "Vi er ikke med."}
    Membership.objects.filter(pk=membership.pk).update(awaits=True, confirmed_by=None, confirmed_at=None, **said_no)
    return scene.asked("governance.membership_contested", membership.pk)


def _adoption_told(scene: Scene) -> Job:
    return scene.asked("governance.adoption_told", Adoption.objects.filter(organisation=scene.sortland)[0].pk)


def _adoption_reminder(scene: Scene) -> Job:
    return scene.asked("governance.adoption_reminder", Adoption.objects.waiting().reachable()[0].pk)


def _proposal_mail(scene: Scene) -> Job:
    return scene.asked("governance.proposal_mail", ProposalStep.objects.open()[0].pk, what="reminder")


def _proposal_signal_mail(scene: Scene) -> Job:
    proposal = Proposal.objects.filter(collaboration=scene.digi)[0]
    today = timezone.localdate()
    Proposal.objects.filter(pk=proposal.pk).update(signals_asked_on=today, signals_by=today + timedelta(days=9))
    return scene.asked("governance.proposal_signal_mail", proposal.pk, organisation=scene.sortland.pk)


def _emergency(scene: Scene) -> Job:
    access = emergency.open_access(collaboration=scene.digi, reason=REASON, by=scene.operator)
    return Job.objects.get(kind="governance.emergency_access", subject=str(access.pk))


def _invitation(scene: Scene) -> Job:
    """Whoever a project is shared with gets a way in."""
    _project_shared(scene)
    return Job.objects.get(kind="governance.invitation")


def _user_told(scene: Scene) -> Job:
    users.close(user=scene.it_leader, reason="Har sluttet i kommunen.", by=scene.operator)
    return Job.objects.get(kind=users.KIND)


SAMPLES: dict[str, Callable[[Scene], Job]] = {
    **{
        kind: _the_demo_asked(kind)
        for kind in (
            "governance.agreement",
            "governance.folder",
            "governance.folder_public",
            notices.KIND,
            "governance.minutes",
            "governance.minutes_public",
            "governance.summons",
            "governance.summons_public",
            "portfolio.financing_plan",
            "portfolio.idea_mail",
        )
    },
    **{kind: _extract(kind) for kind in ("governance.case_extract", "governance.case_extract_public")},
    **{
        kind: lambda scene, kind=kind: scene.asked(kind, Adoption.objects.filter(participation__isnull=False)[0].pk)
        for kind in ("portfolio.council_paper", "portfolio.exempt_council_paper")
    },
    "governance.agreement_draft": lambda scene: scene.asked("governance.agreement_draft", scene.agreement.pk),
    "governance.minutes_preview": _minutes_preview,
    "governance.point_reminder": _point_reminder,
    "governance.membership_told": _membership_told,
    "governance.membership_contested": _membership_contested,
    "governance.adoption_told": _adoption_told,
    "governance.adoption_reminder": _adoption_reminder,
    "governance.proposal_mail": _proposal_mail,
    "governance.proposal_signal_mail": _proposal_signal_mail,
    "governance.emergency_access": _emergency,
    "governance.invitation": _invitation,
    "mail.account": lambda scene: account.ask(to=["kari@test.example"], subject="Nytt passord", text="Lenke"),
    "reports.draft": _final_report,
    "portfolio.portfolio": lambda scene: scene.asked("portfolio.portfolio", scene.digi.portfolio_versions.all()[0].pk),
    "portfolio.list": lambda scene: lists.order_list(collaboration=scene.digi, query="", by=scene.secretary),
    "portfolio.timeline": lambda scene: lists.order_timeline(collaboration=scene.digi, query="", by=scene.secretary),
    "portfolio.strategy": lambda scene: scene.asked("portfolio.strategy", scene.digi.strategies.in_force().pk),
    "portfolio.ranking": _ranking,
    "portfolio.shares": lambda scene: scene.asked("portfolio.shares", scene.digi.pk),
    "portfolio.benefit_plan": lambda scene: benefit_plans.order(where=scene.digi, by=scene.secretary),
    "portfolio.benefit_reminder": _benefit_reminder,
    "portfolio.gathering_mail": _gathering_mail,
    "portfolio.gate": _gate,
    "portfolio.project_shared": _project_shared,
    "portfolio.status_report": lambda scene: status_papers.order(meeting=scene.held, by=scene.secretary),
    "portfolio.status_reminder": _status_reminder,
    "surveys.score_card": _score_card,
    "surveys.answer_reminder": _answer_reminder,
    "surveys.import_read": _import_read,
    "surveys.import_check": _import_check,
    "surveys.import_apply": _import_apply,
    "surveys.import_undo": _import_undo,
    "surveys.round_reminder": lambda scene: rounds.remind(
        round=ConfirmationRound.objects.filter(closed_on=None)[0], by=scene.secretary
    )[0],
    "surveys.contract_alerts": _contract_alerts,
    # Last: it closes the user of who asked for the imports.
    users.KIND: _user_told,
}  # fmt: skip

# What each import has left when it is done.
LEFT: dict[str, Callable[[ImportJob], bool]] = {
    "surveys.import_read": lambda job: job.rows.count() == 1,
    "surveys.import_check": lambda job: job.state == "previewed" and job.rows.count() == 1,
    "surveys.import_apply": lambda job: job.state == "applied" and _in_use() == 1,
    "surveys.import_undo": lambda job: job.state == "undone" and _in_use() == 0,
}


def _in_use() -> int:
    return SystemUse.objects.filter(product__name=NEW[1]).count()
