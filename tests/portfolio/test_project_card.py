"""The card of a project: who leads it until when, what it is asked to do, its documents, and what it waits for."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from digivesteralen.audit.models import Act
from digivesteralen.documents.access import may_see
from digivesteralen.documents.uploads import Upload
from governance.models import Agreement, Case, Collaboration, Organisation, Person
from portfolio.actions import mandates, preconditions, project_documents, project_roles, projects, status
from portfolio.actions.cases import lay_financing_plan, start_quick_measure
from portfolio.actions.participation import invite
from portfolio.actions.quick_measures import register_quick_measure
from portfolio.actions.successors import make_main_project
from portfolio.actions.versions import propose_portfolio_version
from portfolio.models import (
    Dependency,
    Mandate,
    MandatePoint,
    Participation,
    Project,
    ProjectCase,
    ProjectDocument,
    ProjectRole,
)
from tests.refusals import the_database_refuses

PDF = Upload(b"%PDF-1.7 a plan", "plan.pdf", "application/pdf")
LEADER = ProjectRole.Kind.LEADER


def today() -> date:
    return timezone.localdate()


def here(name: str, project: Project, *rest: Any) -> str:
    return reverse(name, args=[project.collaboration.slug, project.slug, *rest])


# --- who leads, and until when ------------------------------------------------------------------------


def test_the_leader_reports_until_the_last_day_and_not_after(
    project: Project, project_leader: User, secretary: User
) -> None:
    given = project_roles.give_role(project=project, kind=LEADER, person=project_leader.person, by=secretary)
    status.save_draft(project=project, overall="green", by=project_leader)
    project_roles.change_role(role=given, since=given.since, until=today(), by=secretary)
    assert Project.objects.reported_by(project_leader).get() == project
    yesterday = today() - timedelta(days=1)
    ProjectRole.objects.update(since=yesterday, until=yesterday)
    Project.objects.update(leader_until=yesterday)
    assert not Project.objects.reported_by(project_leader).exists()
    assert Project.objects.get().current_leader is None
    with pytest.raises(PermissionDenied):
        status.save_draft(project=project, overall="green", by=project_leader)


def test_a_leader_whose_time_is_over_stands_in_the_way_of_nothing_and_gets_no_right_back(
    project: Project, project_leader: User, secretary: User
) -> None:
    yesterday = today() - timedelta(days=1)
    project_roles.give_role(
        project=project, kind=LEADER, person=project_leader.person, since=yesterday, until=today(), by=secretary
    )
    ProjectRole.objects.update(until=yesterday)
    Project.objects.update(leader_until=yesterday)
    projects.change_project(project=project, version=None, title="Nytt navn", by=secretary)
    assert not Project.objects.reported_by(project_leader).exists()
    assert ProjectRole.objects.get().until == yesterday
    given = {"kind": LEADER, "person": project_leader.person, "until": today() + timedelta(days=9)}
    project_roles.give_role(project=project, by=secretary, **given)
    assert projects.change_project(project=project, version=None, leader=None, by=secretary).leader_until is None


def test_another_role_gives_no_right(project: Project, project_leader: User, secretary: User) -> None:
    for kind in (ProjectRole.Kind.DEPUTY, ProjectRole.Kind.OWNER):
        project_roles.give_role(project=project, kind=kind, person=project_leader.person, by=secretary)
    assert not Project.objects.reported_by(project_leader).exists()


def test_only_people_of_the_collaboration_lead_or_have_a_role(
    digi: Collaboration, project: Project, outsider: User, secretary: User
) -> None:
    """Whoever's number is sent, from no form of ours: sitting in two collaborations gives none to the other."""
    stranger = outsider.person
    told: dict[str, Any] = {"by": secretary, "title": "Felles lager"}
    acts = (
        lambda: projects.register_project(collaboration=digi, leader=stranger, **told),
        lambda: projects.change_project(project=project, version=None, leader=stranger, by=secretary),
        lambda: project_roles.give_role(project=project, kind=LEADER, person=stranger, by=secretary),
        lambda: project_roles.give_role(project=project, kind="owner", person=stranger, by=secretary),
    )
    for act in acts:
        with pytest.raises(NotAllowedNow, match="ikke registrert her"), transaction.atomic():
            act()
    assert not ProjectRole.objects.filter(person=stranger)
    assert not digi.projects.filter(leader=stranger)


def test_a_new_leader_takes_over_and_the_one_before_is_remembered(
    project: Project, project_leader: User, secretary: User
) -> None:
    long_ago = today() - timedelta(days=30)
    first = project_roles.give_role(project=project, kind=LEADER, person=secretary.person, since=long_ago, by=secretary)
    projects.change_project(project=project, version=None, leader=project_leader.person, by=secretary)
    first.refresh_from_db()
    assert first.until == today() - timedelta(days=1)
    assert project.roles.active().get(kind=LEADER).person == project_leader.person


def test_a_leader_from_a_supplier_has_a_name_and_no_right(
    project: Project, project_leader: User, secretary: User
) -> None:
    projects.change_project(project=project, version=None, leader=project_leader.person, by=secretary)
    supplier = Organisation.objects.create(kind="supplier", name="Konsulenthuset AS")
    role = project_roles.give_role(
        project=project, kind=LEADER, organisation=supplier, name="Kari Eksempel", by=secretary
    )
    assert role.holder == "Kari Eksempel (Konsulenthuset AS)"
    assert Project.objects.get().leader is None
    assert not Project.objects.reported_by(project_leader).exists()


def test_roles_that_make_no_sense_are_refused(project: Project, secretary: User) -> None:
    tomorrow = today() + timedelta(days=1)
    wrong: list[dict[str, Any]] = [
        {"kind": "owner"},
        {"kind": "other", "person": secretary.person},
        {"kind": "owner", "person": secretary.person, "until": today() - timedelta(days=1)},
        {"kind": "leader", "person": secretary.person, "since": tomorrow},
    ]
    for fields in wrong:
        with pytest.raises(NotAllowedNow):
            project_roles.give_role(project=project, by=secretary, **fields)
    assert not ProjectRole.objects.exists()


def test_two_leaders_at_once_are_refused_by_the_database(project: Project, secretary: User) -> None:
    project_roles.give_role(project=project, kind=LEADER, person=secretary.person, by=secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProjectRole.objects.create(project=project, kind=LEADER, person=secretary.person, since=today())


# --- who may ------------------------------------------------------------------------------------------


def test_a_director_runs_no_verb_of_the_portfolio(
    digi: Collaboration, project: Project, director: User, six: list[Organisation], steering: Any
) -> None:
    attempts: list[Callable[[], Any]] = [
        lambda: projects.register_project(collaboration=digi, title="Mitt eget", by=director),
        lambda: projects.change_project(project=project, version=None, title="Mitt", by=director),
        lambda: projects.plan(project=project, by=director),
        lambda: projects.start_execution(project=project, by=director),
        lambda: projects.stop(project=project, by=director),
        lambda: projects.put_on_hold(project=project, reason="Penger", by=director),
        lambda: start_quick_measure(project=project, by=director),
        lambda: lay_financing_plan(project=project, by=director),
        lambda: invite(project=project, organisations=six, by=director),
        lambda: propose_portfolio_version(collaboration=digi, projects=[project], by=director),
        lambda: mandates.write_mandate(project=project, points=["Alt"], by=director),
        lambda: project_roles.give_role(project=project, kind="owner", person=director.person, by=director),
        lambda: preconditions.add_precondition(project=project, text="Penger", by=director),
    ]
    for attempt in attempts:
        with pytest.raises(PermissionDenied):
            attempt()
    assert Project.objects.get().title == project.title


# --- kinds --------------------------------------------------------------------------------------------


def test_a_service_runs_only_on_an_agreement_of_its_own(
    digi: Collaboration, project: Project, invited: dict[str, Participation], decides: Any, secretary: User
) -> None:
    projects.change_project(
        project=project, version=None, kind=Project.Kind.SERVICE, shared_cost=Decimal(0), by=secretary
    )
    decides(invited["Bø"])
    with pytest.raises(NotAllowedNow):
        projects.start_execution(project=project, by=secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.update(state=Project.State.EXECUTION)
    agreement = Agreement.objects.create(collaboration=digi, title="Tjenesteavtale", slug="tjenesteavtale")
    projects.change_project(project=project, version=None, agreement=agreement, by=secretary)
    assert projects.start_execution(project=project, by=secretary).state == Project.State.EXECUTION


def test_only_a_joint_procurement_is_announced(project: Project, secretary: User) -> None:
    projects.change_project(
        project=project, version=None, kind="procurement", procurement="open", announced_on=today(), by=secretary
    )
    changed = projects.change_project(project=project, version=None, kind="project", by=secretary)
    assert (changed.procurement, changed.announced_on) == ("", None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.update(procurement="open")


def test_a_project_waits_and_goes_on(project: Project, secretary: User) -> None:
    with pytest.raises(NotAllowedNow):
        projects.put_on_hold(project=project, reason=" ", by=secretary)
    waiting = projects.put_on_hold(project=project, reason="Ny stortingsmelding", by=secretary)
    assert waiting.life_cycle == Project.LifeCycle.WAITING
    assert projects.take_up_again(project=project, by=secretary).life_cycle == Project.LifeCycle.ACTIVE


# --- the mandate --------------------------------------------------------------------------------------


def test_an_adopted_mandate_stands_and_is_followed_by_a_new_edition(project: Project, secretary: User) -> None:
    draft = mandates.write_mandate(project=project, points=["Undersøke behovet", "Foreslå styring"], by=secretary)
    with pytest.raises(Stale):
        mandates.write_mandate(project=project, points=["Noe annet"], version=0, by=secretary)
    with pytest.raises(NotAllowedNow):
        mandates.adopt_mandate(mandate=draft, adopted_on=today() + timedelta(days=1), adopted_by="Styret", by=secretary)
    mandates.adopt_mandate(mandate=draft, adopted_on=today(), adopted_by="Styringsgruppen", by=secretary)
    for tamper in (
        lambda: MandatePoint.objects.filter(mandate=draft).update(text="Noe annet"),
        lambda: MandatePoint.objects.filter(mandate=draft).delete(),
        lambda: Mandate.objects.update(adopted_by="En annen"),
    ):
        with the_database_refuses(), transaction.atomic():
            tamper()
    following = mandates.write_mandate(project=project, points=["Bare ett"], by=secretary)
    assert following.number == 2
    assert project.mandate_points == ["Undersøke behovet", "Foreslå styring"]


def test_a_mandate_is_adopted_in_a_case_about_the_project(
    project: Project, invited: Any, held: Any, secretary: User, director: User, client: Client
) -> None:
    plan = lay_financing_plan(project=project, by=secretary)
    draft = mandates.write_mandate(project=project, points=["Ett"], by=secretary)
    meeting = held(plan.case)
    resolution = meeting.items.get(case=plan.case).resolution
    adopted = mandates.adopt_mandate(mandate=draft, resolution=resolution, by=secretary)
    assert adopted.adopted_on == meeting.day
    assert adopted.adopted_by == f"Styringsgruppen {resolution.item.case.number}"
    Case.objects.filter(pk=plan.case_id).update(exempt=True, legal_ground="offentleglova § 23")
    for user in (director, secretary):
        client.force_login(user)
        assert plan.case.title not in client.get(here("mandate", project)).content.decode()
    case = Case.objects.get(pk=plan.case_id)
    assert case.get_absolute_url() in client.get(here("mandate", project)).content.decode()
    ProjectCase.objects.all().delete()
    other = mandates.write_mandate(project=project, points=["To"], by=secretary)
    with pytest.raises(NotAllowedNow):
        mandates.adopt_mandate(mandate=other, resolution=resolution, by=secretary)


# --- documents ----------------------------------------------------------------------------------------


def test_a_plan_says_its_timeline_and_its_financing(project: Project, secretary: User) -> None:
    plan = {"kind": "plan", "title": "Prosjektplan", "upload": PDF, "dated_on": today()}
    with pytest.raises(NotAllowedNow):
        project_documents.add_document(project=project, timeline="2027", by=secretary, **plan)
    first = project_documents.add_document(
        project=project, timeline="Januar til juni 2027", financing="600 000 kroner, likt", by=secretary, **plan
    )
    again = {"upload": PDF, "dated_on": today(), "timeline": "Hele 2027", "financing": "600 000 kroner, likt"}
    with pytest.raises(NotAllowedNow):
        project_documents.replace_document(document=first, by=secretary, **again)
    second = project_documents.replace_document(document=first, changed="Et halvt år til", by=secretary, **again)
    assert second.number == 2
    with pytest.raises(NotAllowedNow):
        project_documents.replace_document(document=first, changed="Igjen", by=secretary, **again)
    with the_database_refuses(), transaction.atomic():
        ProjectDocument.objects.filter(pk=first.pk).update(timeline="")


def test_an_exempt_document_is_there_for_the_secretariat_alone(
    project: Project, director: User, secretary: User, client: Client
) -> None:
    note = {"kind": "tender", "title": "Tilbudene", "upload": PDF, "dated_on": today(), "access": "exempt"}
    with pytest.raises(NotAllowedNow):
        project_documents.add_document(project=project, by=secretary, **note)
    kept = project_documents.add_document(project=project, legal_ground="offentleglova § 23", by=secretary, **note)
    assert may_see(secretary, kept.file)
    assert not may_see(director, kept.file)
    for user, there in ((director, False), (secretary, True)):
        client.force_login(user)
        assert ("Tilbudene" in client.get(here("project_documents", project)).content.decode()) is there
        for address in (here("project_document", project, kept.pk), reverse("document", args=[kept.file_id])):
            answer = client.get(address)
            assert answer.getvalue() == PDF.content if there else answer.status_code == 404
    assert Act.objects.filter(verb="looked_at_exempt", by=secretary).count() == 2


# --- what it waits for --------------------------------------------------------------------------------


def test_projects_do_not_wait_for_each_other_in_a_ring(digi: Collaboration, project: Project, secretary: User) -> None:
    second, third = (
        projects.register_project(collaboration=digi, title=title, by=secretary) for title in ("Andre", "Tredje")
    )
    preconditions.add_dependency(project=project, on_project=second, by=secretary)
    preconditions.add_dependency(project=second, on_project=third, by=secretary)
    for other in (project, third):
        with pytest.raises(NotAllowedNow):
            preconditions.add_dependency(project=third, on_project=other, by=secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dependency.objects.create(project=third, on_project=project)
    preconditions.add_dependency(project=third, on_project=project, kind="affects", by=secretary)


def test_what_comes_too_late_or_is_stopped_is_shown_on_the_page(
    digi: Collaboration, project: Project, secretary: User, client: Client
) -> None:
    other = projects.register_project(
        collaboration=digi, title="Ny plattform", ends_on=today() + timedelta(days=90), by=secretary
    )
    client.force_login(secretary)
    assert "Ikke på plass" not in client.get(project.get_absolute_url()).content.decode()
    one = preconditions.add_dependency(
        project=project, on_project=other, needed_by=today() + timedelta(days=30), by=secretary
    )
    assert one.warning
    assert "Ny plattform" in client.get(project.get_absolute_url()).content.decode()
    projects.stop(project=other, by=secretary)
    assert Dependency.objects.get().warning != one.warning
    assert "Ny plattform" in client.get(here("preconditions", project)).content.decode()


def test_a_deliverable_is_delivered_before_it_is_accepted(project: Project, secretary: User) -> None:
    report = preconditions.add_deliverable(project=project, title="Sluttrapport", by=secretary)
    with pytest.raises(NotAllowedNow):
        preconditions.change_deliverable(
            deliverable=report, accepted_on=today(), accepted_by="Styringsgruppen", by=secretary
        )
    done = preconditions.change_deliverable(
        deliverable=report, delivered_on=today(), accepted_on=today(), accepted_by="Styringsgruppen", by=secretary
    )
    assert done.accepted_by == "Styringsgruppen"
    with pytest.raises(Stale):
        preconditions.change_deliverable(deliverable=report, version=1, title="Annet", by=secretary)


# --- what follows, and what takes no ceremony ---------------------------------------------------------


def test_a_main_project_inherits_from_its_pre_project(
    digi: Collaboration, area: Any, secretary: User, project_leader: User, client: Client
) -> None:
    before = projects.register_project(
        collaboration=digi, title="Forprosjekt felles arkiv", kind="pre_project", state="planning", focus_area=area,
        by=secretary,
    )  # fmt: skip
    project_roles.give_role(project=before, kind="owner", person=secretary.person, by=secretary)
    ended = today() - timedelta(days=1)
    project_roles.give_role(
        project=before, kind="support", person=project_leader.person, since=ended, until=ended, by=secretary
    )
    report = project_documents.add_document(
        project=before, kind="report", title="Rapporten", upload=PDF, dated_on=today(), by=secretary
    )
    client.force_login(secretary)
    page = client.get(here("make_main_project", before)).content.decode()
    assert "Rapporten" in page
    sent = {
        "title": "Felles arkiv", "kind": "main_project", "follows": before.pk, "basis": report.pk, "key": "equal",
        "focus_area": area.pk,
    }  # fmt: skip
    for _twice in range(2):
        assert client.post(here("make_main_project", before), sent).status_code == 302
    made = Project.objects.get(title="Felles arkiv")
    assert (made.follows, made.basis, made.focus_area) == (before, report, area)
    assert [role.kind for role in made.roles.all()] == ["owner"]
    assert "Rapporten" in client.get(made.get_absolute_url()).content.decode()
    assert "Felles arkiv" in client.get(before.get_absolute_url()).content.decode()
    with pytest.raises(NotAllowedNow):
        make_main_project(project=made, title="En til", by=secretary)


def test_a_quick_measure_goes_from_four_answers_to_finished(
    digi: Collaboration, six: list[Organisation], steering: Any, decides: Any, secretary: User, client: Client
) -> None:
    client.force_login(secretary)
    sent = {"title": "Felles maler for brev", "ends": "juni 2027", "organisations": [place.pk for place in six[:2]]}
    for _twice in range(2):
        assert client.post(reverse("new_quick_measure", args=[digi.slug]), sent).status_code == 302
    made = Project.objects.get()
    assert (made.kind, made.quick_measure, made.participations.count()) == (Project.Kind.MEASURE, True, 2)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "Hva hvis" not in page
    decides(made.participations.whole().first())
    for step in ("start", "avslutt"):
        made.refresh_from_db()
        assert client.post(f"{made.get_absolute_url()}{step}/", {"version": made.version}).status_code == 302
    made.refresh_from_db()
    assert made.state == Project.State.FINISHED
    assert made.project_cases.filter(purpose="report").count() == 1


def test_a_quick_measure_asks_somebody(digi: Collaboration, director: User, secretary: User) -> None:
    with pytest.raises(PermissionDenied):
        register_quick_measure(
            collaboration=digi, title="Maler", leader=None, ends_on=None, organisations=[], by=director
        )


def test_what_is_kept_of_one_form_is_not_offered_in_another(project: Project, secretary: User, client: Client) -> None:
    made = [preconditions.add_deliverable(project=project, title=title, by=secretary) for title in ("A", "B")]
    client.force_login(secretary)
    pages = [here("change_deliverable", project, one.pk) for one in made] + [here("new_deliverable", project)]
    keys = {re.search(r'data-draft="([^"]+)"', client.get(page).content.decode())[1] for page in pages}  # type: ignore[index]
    assert len(keys) == 3


# --- the pages ----------------------------------------------------------------------------------------


def test_the_pages_beside_the_project_show_what_was_written(
    project: Project, director: User, secretary: User, client: Client
) -> None:
    client.force_login(secretary)
    person: Person = secretary.person
    posts: list[tuple[str, dict[str, Any]]] = [
        ("give_role", {"kind": "owner", "person": person.pk, "since": "1.1.2026"}),
        ("write_mandate", {"points": "Undersøke behovet\nForeslå styring", "version": "0"}),
        ("new_deliverable", {"title": "Anbefaling", "due": "høsten 2027"}),
        ("new_precondition", {"text": "En fast ressurs", "status": "missing"}),
    ]
    for name, sent in posts:
        assert client.post(here(name, project), sent).status_code == 302, name
    draft = Mandate.objects.get()
    adopted = {"adopted_by": "Styringsgruppen, sak 5/26", "adopted_on": "1.2.2026", "version": draft.version}
    assert client.post(here("adopt_mandate", project, draft.pk), adopted).status_code == 302
    client.force_login(director)
    shown = {
        "project_roles": person.name,
        "mandate": "sak 5/26",
        "deliverables": "Anbefaling",
        "preconditions": "En fast ressurs",
    }
    for name, text in shown.items():
        assert text in client.get(here(name, project)).content.decode(), name
    page = client.get(project.get_absolute_url()).content.decode()
    for name in shown:
        assert here(name, project) in page
    assert here("project_documents", project) not in page


def test_the_card_asks_the_database_as_often_with_many_roles(
    project: Project, secretary: User, client: Client, django_assert_max_num_queries: Any
) -> None:
    def queries() -> int:
        with django_assert_max_num_queries(200) as seen:
            client.get(here("project_roles", project))
            client.get(here("preconditions", project))
        return len(seen)

    client.force_login(secretary)
    for number in range(2):
        _fill(project, secretary, number)
    queries()  # the first of the day brings access up to date
    few = queries()
    for number in range(2, 12):
        _fill(project, secretary, number)
    assert queries() == few


def _fill(project: Project, secretary: User, number: int) -> None:
    project_roles.give_role(project=project, kind="resource", person=secretary.person, by=secretary)
    preconditions.add_precondition(project=project, text=f"Noe {number}", by=secretary)
    other = projects.register_project(collaboration=project.collaboration, title=f"Nummer {number}", by=secretary)
    preconditions.add_dependency(project=project, on_project=other, by=secretary)
