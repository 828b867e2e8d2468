"""Who we are: the page of a collaboration, its members, duties and bodies, and the first day of a new one."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, holds
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from digivesteralen.documents.uploads import Upload
from governance.actions import agreements, bodies, collaborations
from governance.models import Agreement, Body, Collaboration, Duty, Membership, Organisation, Person
from tests.people import director_of, municipality

FAR = date(2026, 12, 31)
PDF = b"%PDF-1.7 extract of the record"
EXTRACT = Upload(PDF, "saerutskrift.pdf", "application/pdf")


def own(**more: Any) -> dict[str, Any]:
    """As the form sends the municipality's own decision."""
    file = SimpleUploadedFile("saerutskrift.pdf", PDF)
    known = {"ground": "decision", "decided_by": "Kommunestyret", "decided_on": "01.05.2026", "extract": file}
    return {**known, **more}


pytestmark = pytest.mark.django_db


def today() -> str:
    return f"{timezone.localdate():%d.%m.%Y}"


# --- A new collaboration ------------------------------------------------------------------------

NEW = {
    "name": "DigiNytt Å",
    "slug": "",
    "legal_form": "agreement",
    "secretary_name": "Kari Eksempel",
    "secretary_email": "kari@nytt.example",
}


def test_the_system_administrator_makes_a_collaboration_and_sees_nothing_of_it(client: Client, sysadmin: Any) -> None:
    client.force_login(sysadmin)
    assert client.post("/nytt-samarbeid/", NEW).status_code == 302
    made = Collaboration.objects.get()
    assert made.slug == "diginytt-a"
    secretary = Person.objects.get(email="kari@nytt.example")
    assert holds(secretary.user, "governance.manage_collaboration", made)
    assert client.get("/diginytt-a/").status_code == 404


@pytest.mark.parametrize("who", ["secretary", "director", "auditor"])
def test_nobody_else_makes_a_collaboration(client: Client, request: pytest.FixtureRequest, who: str) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get("/nytt-samarbeid/").status_code == 403
    assert client.post("/nytt-samarbeid/", NEW).status_code == 403


@pytest.mark.parametrize("slug", ["kommune", "admin", "vesteralen"])
def test_an_address_that_is_taken_is_refused_in_the_form(
    client: Client, sysadmin: Any, digi: Collaboration, slug: str
) -> None:
    client.force_login(sysadmin)
    page = client.post("/nytt-samarbeid/", {**NEW, "slug": slug})
    assert list(page.context_data["form"].errors) == ["slug"]


def test_memberships_of_one_municipality_do_not_overlap(digi: Collaboration, secretary: Any, bo: Organisation) -> None:
    told: dict[str, Any] = {"decided_by": "Kommunestyret", "decided_on": date(2026, 6, 1), "extract": EXTRACT}
    told |= {"ground": "decision", "by": secretary}
    ended = collaborations.end_member(membership=digi.memberships.get(organisation=bo), until=FAR, **told)
    with pytest.raises(NotAllowedNow):
        collaborations.add_member(collaboration=digi, organisation=bo, since=FAR, **told)
    collaborations.add_member(collaboration=digi, organisation=bo, since=FAR + timedelta(days=1), **told)
    assert [digi.members(day).filter(pk=bo.pk).count() for day in (ended.since, FAR, FAR + timedelta(days=1))] == [
        1
    ] * 3


def test_the_system_administrator_does_not_appoint_oneself(client: Client, sysadmin: Any) -> None:
    Person.objects.create(name="Systemansvarlig", email=sysadmin.email, user=sysadmin)
    client.force_login(sysadmin)
    answer = client.post("/nytt-samarbeid/", {**NEW, "secretary_email": sysadmin.email})
    assert answer.status_code == 409
    assert not Collaboration.objects.exists()


@pytest.mark.parametrize("slug", ["Vesterålen", "kommune", "-a", "a--b", ""])
def test_the_database_refuses_a_slug_that_is_no_address(db: None, slug: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Collaboration.objects.create(slug=slug, name="x")


# --- Kom i gang ---------------------------------------------------------------------------------


def test_a_new_collaboration_is_led_through_four_steps(client: Client, outsider: Any) -> None:
    client.force_login(outsider)
    url = "/annet-sted/kom-i-gang/"
    steps = client.get(url).context_data["steps"]
    assert [(step.key, step.done) for step in steps] == [
        ("members", False),
        ("agreement", False),
        ("steering", False),
        ("meeting", False),
    ]
    found = Collaboration.objects.get(slug="annet-sted")
    for number, name in (("5001", "Trondheim"), ("5006", "Steinkjer")):
        collaborations.add_member(collaboration=found, organisation=municipality(number, name, 1), by=outsider)
    agreements.create_agreement(collaboration=found, title="Avtale", by=outsider)
    assert client.get(url).context_data["finished"] == 2
    assert client.post(url, {"step": "steering"}).status_code == 302
    assert client.get(url).context_data["finished"] == 3
    client.post(url, {"step": "steering"})
    assert client.get(url).context_data["finished"] == 2
    assert client.post(url, {"step": "noe annet"}).status_code == 409


def test_the_level_that_carries_out_waits_for_the_one_that_governs(
    client: Client, secretary: Any, digi: Collaboration, hadsel: Organisation
) -> None:
    def told() -> list[tuple[str, bool]]:
        return [(step.key, step.done) for step in client.get("/vesteralen/kom-i-gang/").context_data["afterwards"]]

    client.force_login(secretary)
    assert told() == [("duties", False), ("operational", False)]
    collaborations.lay_duty(collaboration=digi, kind="employer", organisation=hadsel, by=secretary)
    bodies.create_body(collaboration=digi, name="Sekretariatet", slug="s", kind="secretariat", level=2, by=secretary)
    assert told() == [("duties", True), ("operational", True)]


def test_only_the_secretariat_is_led_through_them(client: Client, director: Any) -> None:
    client.force_login(director)
    assert client.get("/vesteralen/kom-i-gang/").status_code == 403


# --- The page -----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["secretary", "director", "it_leader", "auditor", "survey_admin", "observer", "member"])
def test_everybody_of_the_collaboration_sees_who_we_are(
    client: Client, request: pytest.FixtureRequest, who: str, steering: Body
) -> None:
    client.force_login(request.getfixturevalue(who))
    page = client.get("/vesteralen/")
    assert page.status_code == 200
    assert "Styringsgruppen" in page.content.decode()


def test_another_collaboration_sees_no_page_of_ours(client: Client, outsider: Any, steering: Body) -> None:
    client.force_login(outsider)
    for part in (
        "",
        "rediger/",
        "medlemmer/",
        "medlemmer/ny/",
        "ansvar/ny/",
        "nytt-organ/",
        "organ/styringsgruppen/",
        "personer/",
        "kom-i-gang/",
    ):
        assert client.get(f"/vesteralen/{part}").status_code == 404


def test_the_secretariat_edits_and_a_late_save_is_refused(client: Client, secretary: Any, digi: Collaboration) -> None:
    client.force_login(secretary)
    data = {
        "name": "DigiVesterålen",
        "purpose": "Sammen om det digitale.",
        "legal_form": "agreement",
        "period": "2021–2025",
        "version": 1,
    }
    assert client.post("/vesteralen/rediger/", data).status_code == 302
    assert client.post("/vesteralen/rediger/", {**data, "purpose": "For sent"}).status_code == 409
    digi.refresh_from_db()
    assert digi.purpose == "Sammen om det digitale."


@pytest.mark.parametrize("part", ["rediger/", "medlemmer/ny/", "ansvar/ny/", "nytt-organ/"])
def test_a_director_edits_nothing_here(client: Client, director: Any, part: str) -> None:
    client.force_login(director)
    assert client.get(f"/vesteralen/{part}").status_code == 403
    assert client.post(f"/vesteralen/{part}", {}).status_code == 403


def test_other_collaborations_are_not_offered_as_tiers(
    client: Client, secretary: Any, digi: Collaboration, outsider: Any
) -> None:
    Collaboration.objects.create(slug="diginordland", name="DigiNordland", external=True)
    client.force_login(secretary)
    offered = client.get("/vesteralen/rediger/").context_data["form"].fields["parent"].queryset
    assert [other.name for other in offered] == ["DigiNordland"]


def test_bodies_stand_below_the_one_they_report_to(
    client: Client, secretary: Any, digi: Collaboration, steering: Body
) -> None:
    group = bodies.create_body(
        collaboration=digi, name="Arbeidsgruppen", slug="ag", kind="working", level=2, reports_to=steering, by=secretary
    )
    client.force_login(secretary)
    found = client.get("/vesteralen/").context_data["branches"]
    assert [(branch.body, [below.body for below in branch.below]) for branch in found] == [(steering, [group])]


def test_the_page_asks_no_more_when_the_collaboration_grows(
    client: Client, secretary: Any, digi: Collaboration, steering: Body, django_assert_max_num_queries: Any
) -> None:
    agreements.create_agreement(collaboration=digi, title="Avtale", by=secretary)
    client.force_login(secretary)
    client.get("/vesteralen/")
    with django_assert_max_num_queries(80) as few:
        client.get("/vesteralen/")
    for n in range(4):
        Body.objects.create(
            collaboration=digi, kind="network", name=f"Nettverk {n}", slug=f"n{n}", level=2, reports_to=steering
        )
        agreements.create_agreement(collaboration=digi, title=f"Avtale {n}", by=secretary)
    with django_assert_max_num_queries(len(few)):
        client.get("/vesteralen/")


# --- Bodies -------------------------------------------------------------------------------------


def test_the_secretariat_sets_up_a_body(client: Client, secretary: Any, digi: Collaboration) -> None:
    client.force_login(secretary)
    data = {
        "name": "Gruppen for IT-ledere",
        "kind": "reference",
        "level": "2",
    }
    assert client.post("/vesteralen/nytt-organ/", data).url == "/vesteralen/organ/gruppen-for-it-ledere/"
    assert list(client.post("/vesteralen/nytt-organ/", data).context_data["form"].errors) == ["name"]
    wrong = {**data, "name": "Annet", "seats_minimum": "3", "seats_maximum": "1"}
    assert "seats_maximum" in client.post("/vesteralen/nytt-organ/", wrong).context_data["form"].errors


def test_the_secretariat_reads_the_papers_of_a_new_body_at_once(secretary: Any, digi: Collaboration) -> None:
    body = bodies.create_body(collaboration=digi, name="Ny", slug="ny", kind="steering", level=1, by=secretary)
    assert holds(secretary, "governance.view_body", body)


def test_a_body_does_not_report_to_itself(secretary: Any, steering: Body) -> None:
    with pytest.raises(NotAllowedNow):
        bodies.change_body(body=steering, reports_to=steering, by=secretary)


# --- Members ------------------------------------------------------------------------------------


def test_a_new_member_s_people_see_the_collaboration_from_the_first_day(
    client: Client, secretary: Any, digi: Collaboration
) -> None:
    place = municipality("1865", "Vågan", 9608)
    newcomer = director_of(place)
    client.force_login(newcomer)
    assert client.get("/vesteralen/").status_code == 404
    client.force_login(secretary)
    joins = own(organisation=place.pk, since=today())
    assert client.post("/vesteralen/medlemmer/ny/", joins).status_code == 302
    client.force_login(newcomer)
    assert client.get("/vesteralen/").status_code == 200


@time_machine.travel("2026-06-01 10:00+02:00", tick=False)
def test_a_member_that_leaves_sees_it_until_the_last_day(
    client: Client, secretary: Any, directors: dict[str, Any], digi: Collaboration
) -> None:
    membership = Membership.objects.get(organisation__name="Bø")
    client.force_login(secretary)
    url = f"/vesteralen/medlemmer/{membership.pk}/avslutt/"
    assert client.post(url, own(until="30.06.2026", version=1)).status_code == 302
    leaver = directors["Bø"]
    seat = leaver.person.appointments.get(role="steering")
    seat.until = date(2026, 6, 30)
    seat.save()
    client.force_login(leaver)
    assert client.get("/vesteralen/").status_code == 200
    with time_machine.travel("2026-07-01 10:00+02:00", tick=False):
        client.force_login(leaver)
        assert client.get("/vesteralen/").status_code == 404


def test_a_membership_does_not_end_before_it_began_nor_begin_twice(
    client: Client, secretary: Any, digi: Collaboration, bo: Organisation
) -> None:
    membership = Membership.objects.get(organisation=bo)
    client.force_login(secretary)
    page = client.post(
        f"/vesteralen/medlemmer/{membership.pk}/avslutt/", own(until="01.01.2020", version=1, decided_on="01.12.2019")
    )
    assert list(page.context_data["form"].errors) == ["until"]
    with pytest.raises(NotAllowedNow):
        collaborations.add_member(collaboration=digi, organisation=bo, by=secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(collaboration=digi, organisation=bo, since=date(2026, 1, 1))


def test_nobody_makes_a_municipality_a_member_or_takes_it_out_but_itself(
    client: Client, secretary: Any, digi: Collaboration, bo: Organisation
) -> None:
    late = municipality("5501", "Tromsø", 1)
    with pytest.raises(NotAllowedNow, match="01.01.2021"):
        collaborations.add_member(collaboration=digi, organisation=late, since=date(2026, 1, 1), by=secretary)
    with pytest.raises(NotAllowedNow, match="Tromsø"):
        collaborations.add_member(collaboration=digi, organisation=late, ground="decision", by=secretary)
    client.force_login(secretary)
    answer = {"organisation": late.pk, "since": "01.01.2026", "ground": "decision", "case_number": "14/25"}
    assert set(client.post("/vesteralen/medlemmer/ny/", answer).context_data["form"].errors) == {
        "decided_by",
        "decided_on",
        "extract",
    }
    named = own(**answer, named_role="sentral rolle") | {"decided_on": "01.12.2025"}
    assert client.post("/vesteralen/medlemmer/ny/", named).status_code == 302
    page = client.get("/vesteralen/medlemmer/").content.decode()
    assert "Kommunestyret, 1. desember 2025, sak 14/25, på vegne av kommunen" in page and "sentral rolle" in page
    membership = digi.memberships.get(organisation=bo)
    with pytest.raises(NotAllowedNow, match="Bø"):
        collaborations.end_member(membership=membership, until=FAR, by=secretary)
    with pytest.raises(NotAllowedNow, match="still a municipality|fortsatt egen"):
        collaborations.end_member(membership=membership, until=FAR, ground="ceased", by=secretary)
    ended = {"until": "31.12.2026", "ground": "decision", "version": 1}
    url = f"/vesteralen/medlemmer/{membership.pk}/avslutt/"
    assert client.post(url, ended).status_code == 200
    assert client.post(url, own(**ended) | {"decided_on": "01.06.2026"}).status_code == 302


def test_what_is_registered_on_behalf_has_its_extract_and_the_municipality_is_told(
    client: Client, secretary: Any, digi: Collaboration, bo: Organisation
) -> None:
    director = director_of(bo)
    told: dict[str, Any] = {"membership": digi.memberships.get(organisation=bo), "until": FAR, "by": secretary}
    told |= {"decided_by": "Kommunestyret", "decided_on": date(2026, 5, 1), "case_number": "14/26"}
    with pytest.raises(NotAllowedNow, match="utskrift|extract"):
        collaborations.end_member(**told)
    tomorrow = timezone.localdate() + timedelta(days=1)
    for day in (tomorrow, FAR + timedelta(days=1)):
        with pytest.raises(NotAllowedNow):
            collaborations.end_member(**{**told, "decided_on": day, "extract": EXTRACT})
    with pytest.raises(NotAllowedNow, match="01.05.2026"):
        collaborations.end_member(**{**told, "until": date(2026, 4, 30), "extract": EXTRACT})
    ended = collaborations.end_member(**told, extract=EXTRACT)
    assert jobs.run(Job.objects.get(kind="governance.membership_told").pk).state == "done"
    assert mail.outbox[-1].to == [director.email]
    assert "Bø" in mail.outbox[-1].subject and "14/26" in mail.outbox[-1].body
    client.force_login(secretary)
    assert ended.end_extract is not None
    assert b"".join(client.get(ended.end_extract.get_absolute_url())) == PDF
    page = client.get("/vesteralen/medlemmer/?vis=alle").content.decode()
    assert ended.end_extract.get_absolute_url() in page and "på vegne av kommunen" in page


def test_nobody_becomes_a_founder_after_the_collaboration_has_begun(
    secretary: Any, digi: Collaboration, bo: Organisation
) -> None:
    """Else a municipality is a member from the first day by the secretariat's word alone."""
    late: dict[str, Any] = {"collaboration": digi, "organisation": municipality("5501", "Tromsø", 1), "by": secretary}
    founding = digi.memberships.get(organisation=bo).since
    with transaction.atomic():
        assert collaborations.add_member(since=founding, **late).ground == "founding"
        transaction.set_rollback(True)
    other = municipality("1865", "Vågan", 1)
    with transaction.atomic():
        collaborations.add_member(
            collaboration=digi, organisation=other, since=date(2026, 5, 2), ground="decision", by=secretary,
            decided_by="Kommunestyret", decided_on=date(2026, 5, 1), extract=EXTRACT,
        )  # fmt: skip
        with pytest.raises(NotAllowedNow, match="Tromsø"):
            collaborations.add_member(since=founding, **late)
        transaction.set_rollback(True)
    Agreement.objects.create(collaboration=digi, title="Avtale", slug="a", state="sent", sent_on=date(2026, 1, 1))
    with pytest.raises(NotAllowedNow, match="Tromsø"):
        collaborations.add_member(since=founding, **late)


@pytest.mark.parametrize(
    "told",
    [
        {"ground": "decision"},
        {"ground": "decision", "decided_by": "Kommunestyret"},
        {"ground": "decision", "decided_by": "Kommunestyret", "decided_on": FAR},
        {"end_ground": "decision", "end_decided_by": "Kommunestyret", "end_decided_on": FAR, "until": FAR},
        {"end_ground": "decision", "until": FAR},
        {"end_ground": "ceased", "until": None},
    ],
)
def test_the_database_refuses_a_decision_that_is_not_named(
    digi: Collaboration, bo: Organisation, told: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        digi.memberships.filter(organisation=bo).update(**told)


def test_a_member_may_have_a_role_of_its_own(client: Client, secretary: Any, digi: Collaboration, bo: Any) -> None:
    membership = digi.memberships.get(organisation=bo)
    client.force_login(secretary)
    url = f"/vesteralen/medlemmer/{membership.pk}/rediger/"
    assert client.post(url, {"named_role": "sentral rolle", "version": 1}).status_code == 302
    assert client.post(url, {"named_role": "noe annet", "version": 1}).status_code == 409
    assert "Sentral rolle" in client.get("/kommune/1867/").content.decode()


def test_the_members_stand_in_norwegian_order_and_in_excel(client: Client, director: Any) -> None:
    client.force_login(director)
    rows = client.get("/vesteralen/medlemmer/?sort=organisation").context_data["table"].rows
    assert [row.record.organisation.name for row in rows] == ["Andøy", "Bø", "Hadsel", "Lødingen", "Sortland", "Øksnes"]
    assert client.get("/vesteralen/medlemmer/?format=xlsx").status_code == 200


def test_every_verb_asks_for_the_right_to_manage(
    request: pytest.FixtureRequest, secretary: Any, digi: Collaboration, bo: Organisation
) -> None:
    """Also where no page stands before it: a command, an import, the admin."""
    bos = digi.memberships.get(organisation=bo)
    duty = collaborations.lay_duty(collaboration=digi, kind="employer", organisation=bo, by=secretary)
    late = municipality("5501", "Tromsø", 1)
    tries: list[Any] = [
        lambda who: collaborations.change_collaboration(collaboration=digi, public_pages=True, by=who),
        lambda who: collaborations.skip_step(collaboration=digi, step="steering", by=who),
        lambda who: collaborations.add_member(collaboration=digi, organisation=late, since=FAR, by=who),
        lambda who: collaborations.change_member(membership=bos, named_role="sentral rolle", by=who),
        lambda who: collaborations.end_member(membership=bos, until=FAR, by=who),
        lambda who: collaborations.lay_duty(collaboration=digi, kind="archive", organisation=bo, by=who),
        lambda who: collaborations.end_duty(duty=duty, until=FAR, by=who),
    ]
    for name in ("director", "outsider", "sysadmin"):
        who = request.getfixturevalue(name)
        for number, attempt in enumerate(tries):
            with pytest.raises(PermissionDenied):
                attempt(who)
                pytest.fail(f"{name} was let through by verb number {number}")
    digi.refresh_from_db()
    assert not digi.public_pages and digi.memberships.filter(until=None).count() == 6


# --- Duties (R4, R5) ----------------------------------------------------------------------------


def test_a_duty_passes_from_one_municipality_to_the_next(
    client: Client, secretary: Any, digi: Collaboration, sortland: Organisation, bo: Organisation
) -> None:
    client.force_login(secretary)
    data = {"kind": "grant", "organisation": sortland.pk, "since": "01.01.2026"}
    assert client.post("/vesteralen/ansvar/ny/", data).status_code == 302
    assert (
        client.post("/vesteralen/ansvar/ny/", {**data, "organisation": bo.pk, "since": "01.02.2026"}).status_code == 302
    )
    held = [(duty.organisation.name, duty.since, duty.until) for duty in Duty.objects.order_by("since")]
    assert held == [("Sortland", date(2026, 1, 1), date(2026, 1, 31)), ("Bø", date(2026, 2, 1), None)]
    assert client.post("/vesteralen/ansvar/ny/", {**data, "since": "01.01.2026"}).status_code == 409
    duty = Duty.objects.get(until=None)
    assert client.post(f"/vesteralen/ansvar/{duty.pk}/avslutt/", {"until": today(), "version": 1}).status_code == 302


def test_what_is_no_legal_entity_carries_no_duty(secretary: Any, digi: Collaboration) -> None:
    network = Organisation.objects.create(kind="partner", name="Et nettverk", legal_entity=False)
    with pytest.raises(NotAllowedNow):
        collaborations.lay_duty(collaboration=digi, kind="employer", organisation=network, by=secretary)


def test_a_duty_is_held_by_one_at_a_time(digi: Collaboration, sortland: Organisation, bo: Organisation) -> None:
    Duty.objects.create(collaboration=digi, kind="archive", organisation=sortland, since=date(2026, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.create(collaboration=digi, kind="archive", organisation=bo, since=date(2026, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.update(until=date(2026, 1, 1) - timedelta(days=1))


def test_the_secretary_brings_in_a_municipality_that_no_list_has(
    client: Client, digi: Collaboration, secretary: Any
) -> None:
    client.force_login(secretary)
    page = client.get("/vesteralen/medlemmer/ny/")
    assert "/vesteralen/medlemmer/ny-kommune/" in page.content.decode()
    answer = client.post("/vesteralen/medlemmer/ny-kommune/", {"number": "1865", "name": "Vågan", "county": "Nordland"})
    assert answer.url == "/vesteralen/medlemmer/ny/"
    assert Organisation.objects.get(number="1865").kind == Organisation.Kind.MUNICIPALITY


@pytest.mark.parametrize("number", ["1870", "186", "abcd"])
def test_a_number_that_is_taken_or_none_is_refused_in_words(
    client: Client, digi: Collaboration, secretary: Any, number: str
) -> None:
    before = Organisation.objects.count()
    client.force_login(secretary)
    answer = client.post("/vesteralen/medlemmer/ny-kommune/", {"number": number, "name": "Vågan"})
    assert answer.status_code == 200 and answer.context_data["form"].errors["number"]
    assert Organisation.objects.count() == before


def test_a_director_brings_in_no_municipality(
    client: Client, digi: Collaboration, director: Any, outsider: Any
) -> None:
    for user, status in ((director, 403), (outsider, 404)):
        client.force_login(user)
        assert (
            client.post("/vesteralen/medlemmer/ny-kommune/", {"number": "1865", "name": "Vågan"}).status_code == status
        )
    assert not Organisation.objects.filter(number="1865").exists()
