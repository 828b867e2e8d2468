"""What the demo lacks for each address to be tried, made with the verbs of the pages."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from digivesteralen.accounts.models import User
from digivesteralen.documents.uploads import Upload
from governance.actions import (
    adoptions,
    agenda,
    attachments,
    bodies,
    calendars,
    cases,
    collaborations,
    forwarding,
    legal_forms,
    minutes,
    nominations,
    proposals,
    regions,
    treatments,
)
from governance.models import (
    Adoption,
    Attendance,
    AttendanceChange,
    Body,
    Case,
    Disqualification,
    Meeting,
    MinutesRemark,
    Resolution,
    Role,
)
from portfolio import periods
from portfolio.actions import (
    accounts,
    activities,
    application_lists,
    benefit_lines,
    benefits,
    contributions,
    criteria,
    evaluations,
    focus_areas,
    gates,
    gatherings,
    ideas,
    initiatives,
    mandates,
    milestones,
    phase_models,
    preconditions,
    project_documents,
    project_guests,
    project_roles,
    projects,
    ranking_rounds,
    rankings,
    registrations,
    rollout,
    strategy,
)
from portfolio.actions.cases import attach_case
from portfolio.actions.log import write_entry
from portfolio.actions.saved_filters import save_filter
from portfolio.candidates import in_order
from portfolio.models import Gathering, Project
from surveys.actions import imports, procurement, waves
from surveys.models import ContractAlert, Response
from tests.addresses.world import EXEMPT, FILES, PDF, World, a_system
from tests.governance.agreement_helpers import in_force


def more_of_ours(world: World, by: User) -> None:
    draft = cases.make_case(body=world.steering, title="Et utkast", proposal="1. Noe å vedta.", by=by)
    attachments.attach(case=draft, title="Et kart", upload=Upload(b"%PDF-1.7", "kart.pdf", "application/pdf"), by=by)
    _exempt(world, world.users["secretariat"])
    _more_bodies(world, by)
    seat = world.steering.seats.filter(until=None, role=Role.STEERING).first()
    present = Attendance.objects.create(meeting=world.called, seat=seat, status=Attendance.Status.PRESENT)
    item = world.called.items.first()
    AttendanceChange.objects.create(attendance=present, item=item, kind=AttendanceChange.Kind.values[0])
    Disqualification.objects.create(item=item, seat=seat, person=seat.person, statement="Eksempel")
    MinutesRemark.objects.create(meeting=world.called, person=by.person, text="Et navn er galt.")
    collaborations.change_collaboration(collaboration=world.ours, public_pages=True, by=by)
    minutes.publish_minutes(meeting=world.approved, by=by)
    world.calendar = calendars.make_link(by=by)
    _extract(world, by)
    region = regions.register_region(collaboration=world.ours, name="En region", by=by)
    regions.put_in_region(region=region, collaboration=world.ours, organisation=world.sortland, by=by)
    legal_forms.raise_review(collaboration=world.ours, trigger="tasks", by=by)
    next_year = timezone.localdate() + timedelta(days=365)
    ko = {"form": "ko", "name": "DigiVesterålen KO", "decided_by": "kommunestyrene", "since": next_year}
    legal_forms.change_form(
        collaboration=world.ours, agreement=in_force(world.ours, "ko", timezone.localdate(), by), by=by, **ko
    )
    treated = Case.objects.filter(body=world.steering, stage=Case.Stage.TREATED).earliest("pk")
    forwarding.forward_case(case=treated, receiver="Et annet organ", by=by)
    proposals.send_proposal(
        sender=world.sortland, to=world.ours, title="Et forslag", wanted="Noe.", background="Noe.", by=by
    )
    project = world.ours.projects.get(slug="felles-sakarkiv")
    strategy.add_pillar(strategy=world.ours.strategies.get(), title="En søyle", by=by)
    focus_areas.register_measure(focus_area=world.ours.focus_areas.earliest("pk"), text="Et tiltak", by=by)
    shared = {"name": "Til møtet", "query": "state=execution", "shared": True}
    save_filter(collaboration=world.ours, by=world.users["secretariat"], **shared)
    today = timezone.localdate()
    activities.plan_activity(collaboration=world.ours, title="En aktivitet", starts_on=today, by=by)
    initiatives.register_initiative(collaboration=world.ours, name="Et initiativ", run_by="Andre", by=by)
    idea = ideas.register_idea(collaboration=world.ours, title="En idé", background="Hva og hvorfor.", by=by)
    called = application_lists.call(collaboration=world.ours, title="En søknadsliste", by=by)
    application_lists.apply(found=called, idea=idea, applicant=world.sortland, amount=Decimal(1000), by=by)
    accounts.write_account(project=project, month=periods.this_month(), spent=Decimal(1), by=by)
    _ranked(world, by)
    _beside(project, by)
    _gated(world, by)
    milestones.add_milestone(project=project, title="En milepæl", planned_on=today, check_with=world.steering, by=by)
    write_entry(project=project, happened_on=today, text="Noe hendte.", by=by)
    guest = {"name": "En gjest", "email": "gjest@walker.example", "purpose": "Skal gi et tilbud."}
    project_guests.share_project(project=project, until=today, by=by, **guest)
    own = project.participations.get(organisation=world.sortland)
    rollout.add_step(participation=own, title="I drift", planned_on=timezone.localdate(), by=by)
    _benefits(project, own, by)
    contributions.contribute(
        participation=own,
        person=world.users["IT leader"].person,
        percent=10,
        since=timezone.localdate(),
        by=world.users["contact"],
    )
    _a_gathering(world, by)
    procurement.plan_own_purchase(
        municipality=world.sortland, area=a_system(world).area, title="Et innkjøp", signs_on=today,
        by=world.users["contact"],
    )  # fmt: skip
    for use in (a_system(world), world.it_collaboration.inventory.uses.earliest("pk")):
        ContractAlert.objects.create(use=use, kind="end", due_on=today, days=30)
    survey = world.ours.surveys.earliest("pk")
    Response.objects.create(survey=survey, external_id="1", content="a" * 64)
    waves.define_series(collaboration=world.ours, name="Målt to ganger", surveys=[survey])
    for owner, upload in (
        ("survey admin", {"kind": "survey", "subject": str(survey.pk), "file": "forms-norsk.xlsx"}),
        ("IT leader", {"kind": "inventory", "municipality": world.sortland, "file": "inventory-long.xlsx"}),
    ):
        name = str(upload.pop("file"))
        content = (FILES / name).read_bytes()
        job = imports.keep(content=content, file_name=name, collaboration=world.ours, by=world.users[owner], **upload)
        imports.check_now(imports.read_now(job))


def _exempt(world: World, by: User) -> None:
    """A case on the agenda that few may read, and one more that all may read but for an attachment."""
    ground = {"exempt": True, "legal_ground": "offentleglova § 23 første ledd"}
    texts = dict.fromkeys(("information", "assessment", "consequences"), EXEMPT)
    secret = cases.make_case(
        body=world.steering, title=EXEMPT, proposal=f"1. {EXEMPT}", ready=True, by=by, **texts, **ground
    )
    beside = cases.make_case(body=world.steering, title="En åpen sak", proposal="1. Noe.", ready=True, by=by)
    for case in (secret, beside):
        file = Upload(b"%PDF-1.7 " + EXEMPT.encode(), f"{EXEMPT}.pdf", "application/pdf")
        attachments.attach(case=case, title=EXEMPT, upload=file, by=by, **ground)
        agenda.put_on_agenda(meeting=world.called, case=case, by=by)


def _a_gathering(world: World, by: User) -> None:
    """One that has been: somebody from Sortland came, and is asked what it was like."""
    starts = timezone.now() + timedelta(days=1)
    held = gatherings.plan_gathering(
        project=projects.register_project(collaboration=world.ours, title="Et program", kind="programme", by=by),
        title="En samling", on=starts.date(), starts_at=starts, ends_at=starts + timedelta(hours=1), place="Sortland",
        by=by,
    )  # fmt: skip
    gatherings.announce_gathering(gathering=held, by=by)
    anne = registrations.register_participant(
        gathering=held, municipality=world.sortland, name="Anne", email="anne@walker.example", by=by
    )
    Gathering.objects.filter(pk=held.pk).update(starts_at=timezone.now(), on=timezone.localdate())
    registrations.note_attendance(gathering=held, came=[anne.pk], by=by)
    evaluations.evaluate(gathering=gatherings.hold_gathering(gathering=held, by=by), by=by)


def _ranked(world: World, by: User) -> None:
    """A saved ranking, a draft of criteria, and directors who are asked to rank."""
    rankings.save_ranking(collaboration=world.ours, name="En rangering", reason="Noe", by=by)
    criteria.draft_criteria(collaboration=world.ours, by=by)
    keys = [entry.key for entry in in_order(world.ours)[:2]]
    deadline = timezone.now() + timedelta(days=3)
    ranking_rounds.ask_directors(collaboration=world.ours, keys=keys, answer_by=deadline, by=by)


def _benefits(project: Any, own: Any, by: User) -> None:
    """A benefit of Sortland with a measurement, and a line of the map."""
    today = timezone.localdate()
    measured: Any = {"indicator": "Timer", "unit": "hours", "baseline": Decimal(2), "baseline_on": today}
    benefit = benefits.add_benefit(project=project, gain="Spart tid", by=by, **measured)
    line = benefit_lines.plan_line(benefit=benefit, participation=own, owner_role="IT", by=by)
    benefit_lines.measure(line=line, on=today, value=Decimal(1), by=by)
    benefits.add_chain(project=project, benefit=benefit, enabler="Et system", by=by)


def _gated(world: World, by: User) -> None:
    """A project that follows Prosjektveiviseren, past its first gate and with a stage of its execution."""
    passed = Resolution.objects.filter(
        item__case__body=world.steering,
        item__meeting__state=Meeting.State.APPROVED,
        outcome__in=["as_proposed", "recommended"],
    ).earliest("pk")
    project = projects.register_project(
        collaboration=world.ours, title="Et prosjekt med faser", state=Project.State.PLANNING, by=by
    )
    attach_case(project=project, case=passed.item.case, purpose="gate", by=by)
    phase_models.choose_full(project=project, phase="concept", resolutions={1: passed}, reason="Stort", by=by)
    gate = project.gates.get(number=2)
    paper = Upload(b"%PDF-1.7 proposal", "forslag.pdf", "application/pdf")
    gates.name_document(gate=gate, key="proposal", upload=paper, by=by)
    gates.add_version(gate=gate, number="0.1", on=timezone.localdate(), change="Utkast", by=by)
    gates.add_receiver(gate=gate, name="Styringsgruppen", by=by)
    gates.add_stage(project=project, by=by)


def _more_bodies(world: World, by: User) -> None:
    """A body in another capacity, somebody pointed out, and what an external body has treated."""
    bodies.serve_as(body=world.working, collaboration=world.ours, kind=Body.Kind.REFERENCE, by=by)
    member = world.ours.known_people.earliest("pk")
    nominations.nominate(body=world.working, person=member, decided_by="IT-lederne", by=by)
    council = bodies.create_body(
        collaboration=world.ours, name="Formannskapet", slug="formannskapet", kind=Body.Kind.POLITICAL, level=1,
        owner=world.sortland, by=by,
    )  # fmt: skip
    treatments.record_treatment(body=council, matter="Avtalen", treated_on=timezone.localdate(), outcome="noted", by=by)


def _extract(world: World, by: User) -> None:
    waiting = Adoption.objects.filter(collaboration=world.ours, organisation=world.sortland, state="open").earliest(
        "pk"
    )
    adoptions.register_on_behalf(
        adoption=waiting,
        state=Adoption.State.ADOPTED,
        decided_by="Formannskapet",
        decided_on=timezone.localdate(),
        case_number="12/26",
        text="Sortland slutter seg til.",
        extract=PDF,
        by=by,
    )


def _beside(project: Any, by: Any) -> None:
    """One row on each of the pages beside a project's own."""
    person = by.person
    project_roles.give_role(project=project, kind="support", person=person, by=by)
    mandates.write_mandate(project=project, points=["Et punkt"], by=by)
    project_documents.add_document(
        project=project, kind="other", title="Et notat", upload=PDF, dated_on=timezone.localdate(), by=by
    )
    preconditions.add_deliverable(project=project, title="En rapport", by=by)
    preconditions.add_precondition(project=project, text="Folk i sekretariatet", by=by)
    other = project.collaboration.projects.exclude(pk=project.pk).earliest("pk")
    preconditions.add_dependency(project=project, on_project=other, by=by)
