"""All kinds of bodies: status over time, other capacities, external ones, positions and competences (B1–B27)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, holds
from governance import competence_gaps, double_roles, staffing, vacancies
from governance.actions import bodies, competences, meetings, people, positions, rules, treatments
from governance.models import Body, Collaboration, ExternalTreatment, Organisation, Position, Region, Role
from governance.titles import Titles
from tests.people import appoint, person

pytestmark = pytest.mark.django_db
SOON = timezone.now() + timedelta(days=14)


@pytest.fixture
def secretariat(digi: Collaboration, secretary: Any) -> Body:
    return bodies.create_body(
        collaboration=digi, name="Sekretariatet", slug="sekretariatet", kind="secretariat", level=2,
        fte_minimum=Decimal(2), by=secretary,
    )  # fmt: skip


@pytest.fixture
def political(digi: Collaboration, sortland: Organisation, secretary: Any) -> Body:
    return bodies.create_body(
        collaboration=digi, name="Formannskapet", slug="formannskapet", kind="political", level=1, owner=sortland,
        by=secretary,
    )  # fmt: skip


@pytest.fixture
def region(sortland: Organisation) -> Region:
    made = Region.objects.create(name="Vesterålen sør")
    made.memberships.create(organisation=sortland, since=date(2021, 1, 1))
    return made


def efagrad(digi: Collaboration, region: Region, by: Any, **more: Any) -> Body:
    return bodies.create_body(
        collaboration=digi, name=f"eFagråd {region}", slug="efagrad", kind="efagrad", level=2, region=region, by=by,
        **more,
    )  # fmt: skip


# --- Status and region (B10, B20) ---------------------------------------------------------------


def test_a_council_is_on_its_way_and_then_established(digi: Collaboration, region: Region, secretary: Any) -> None:
    body = efagrad(digi, region, secretary, status="not_started", status_since=date(2025, 1, 1))
    bodies.set_status(body=body, status="established", since=date(2026, 1, 1), decided_by="Regionen", by=secretary)
    (before,), (now,) = (vacancies.regions(digi, day) for day in (date(2025, 6, 1), date(2026, 6, 1)))
    assert (before.has_council, now.has_council) == (False, True)
    with pytest.raises(NotAllowedNow, match="2026"):
        bodies.set_status(body=body, status="closed", since=date(2026, 1, 1), by=secretary)


def test_a_region_has_one_council(digi: Collaboration, region: Region, secretary: Any) -> None:
    efagrad(digi, region, secretary)
    with pytest.raises(NotAllowedNow):
        efagrad(digi, region, secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        Body.objects.create(collaboration=digi, kind="efagrad", name="To", slug="to", level=2, region=region)
    with pytest.raises(IntegrityError), transaction.atomic():
        Body.objects.create(collaboration=digi, kind="efagrad", name="Uten", slug="uten", level=2)


def test_a_network_is_formalised_by_a_decision(client: Client, digi: Collaboration, secretary: Any) -> None:
    body = bodies.create_body(
        collaboration=digi, name="IT-driftsnettverket", slug="nett", kind="network", level=2, status="informal",
        status_since=date(2024, 1, 1), by=secretary,
    )  # fmt: skip
    with pytest.raises(NotAllowedNow):
        bodies.set_status(body=body, status="formalised", by=secretary)
    client.force_login(secretary)
    data = {"status": "formalised", "since": "01.03.2026"}
    url = "/vesteralen/organ/nett/status/"
    assert list(client.post(url, data).context_data["form"].errors) == ["decided_by"]
    assert client.post(url, {**data, "decided_by": "Styringsgruppen 4/26"}).status_code == 302
    body = Body.objects.get(pk=body.pk)
    assert body.status_on(date(2026, 2, 28)).status == "informal"
    assert body.status_on(date(2026, 3, 1)).decision == "Styringsgruppen 4/26"


# --- Another capacity (B12, B23, L7) ------------------------------------------------------------


def test_a_body_is_steering_group_at_home_and_council_elsewhere_and_gives_nobody_more(
    client: Client,
    digi: Collaboration,
    steering: Body,
    director: Any,
    secretary: Any,
    region: Region,
    sortland: Organisation,
) -> None:
    wider = Collaboration.objects.create(slug="videre", name="DigiVidere")
    wider.memberships.create(organisation=sortland, since=date(2021, 1, 1))
    appoint(secretary.person, Role.SECRETARIAT, wider)
    before = set(director.groups.values_list("name", flat=True))
    made = bodies.serve_as(body=steering, collaboration=wider, kind="efagrad", region=region, by=secretary)
    (row,) = vacancies.regions(wider, timezone.localdate())
    assert row.body == steering and row.serves and row.has_council
    assert set(director.groups.values_list("name", flat=True)) == before
    with pytest.raises(NotAllowedNow):
        efagrad(wider, region, secretary)
    client.force_login(secretary)
    assert reverse("end_capacity", args=["videre", made.pk]) in client.get(steering.get_absolute_url()).content.decode()
    bodies.end_capacity(capacity=made, until=timezone.localdate() - timedelta(days=0), by=secretary)
    assert efagrad_is_free(wider)


def efagrad_is_free(wider: Collaboration) -> bool:
    (row,) = vacancies.regions(wider, timezone.localdate() + timedelta(days=1))
    return row.body is None


def test_a_body_that_one_does_not_see_is_not_taken_into_use(
    steering: Body, outsider: Any, region: Region, secretary: Any
) -> None:
    elsewhere = Collaboration.objects.get(slug="annet-sted")
    with pytest.raises(PermissionDenied):
        bodies.serve_as(body=steering, collaboration=elsewhere, kind="efagrad", region=region, by=outsider)


# --- External political bodies (B24) ------------------------------------------------------------


def test_an_external_body_has_outcomes_and_no_meetings(
    client: Client, political: Body, secretary: Any, steering: Body
) -> None:
    client.force_login(secretary)
    data = {"matter": "Samarbeidsavtalen", "treated_on": "04.05.2026", "case_number": "63/26", "outcome": "as_proposed"}
    assert client.post("/vesteralen/organ/formannskapet/behandling/", data).status_code == 302
    told = ExternalTreatment.objects.get()
    for path in ("moter/nytt/", "saker/ny/"):
        assert political not in client.get("/vesteralen/" + path).context_data["form"].fields["body"].queryset
    assert "63/26" in client.get("/vesteralen/organ/formannskapet/").content.decode()
    url = f"/vesteralen/behandling/{told.pk}/rett/"
    assert client.post(url, {**data, "case_number": "64/26", "version": 1}).status_code == 302
    assert client.post(url, {**data, "case_number": "65/26", "version": 1}).status_code == 409
    assert client.get("/vesteralen/organ/styringsgruppen/behandling/").status_code == 404
    with pytest.raises(DatabaseError, match="not held here"), transaction.atomic():
        political.meetings.create(year=2026, number=1, starts_at=SOON)
    with pytest.raises(DatabaseError, match="meets here"), transaction.atomic():
        ExternalTreatment.objects.filter(pk=told.pk).update(body=steering)


def test_an_external_body_is_called_to_no_meeting_and_treats_nothing_in_the_future(
    political: Body, steering: Body, secretary: Any
) -> None:
    with pytest.raises(NotAllowedNow, match="Formannskapet"):
        meetings.make_meeting(body=political, starts_at=SOON, place="Rådhuset", by=secretary)
    with pytest.raises(NotAllowedNow):
        treatments.record_treatment(
            body=political, matter="X", treated_on=SOON.date(), outcome="as_proposed", by=secretary
        )
    with pytest.raises(NotAllowedNow, match="Styringsgruppen"):
        treatments.record_treatment(
            body=steering, matter="X", treated_on=date(2026, 1, 1), outcome="as_proposed", by=secretary
        )


# --- Positions (B4, B5, B17, R5, R18) -----------------------------------------------------------


def test_the_secretariat_is_below_what_was_agreed_and_then_not(
    secretariat: Body, hadsel: Organisation, secretary: Any
) -> None:
    facts = {"body": secretariat, "employer": hadsel, "by": secretary}
    leader = positions.fill_position(title="Leder", share=100, person=person("Leder"), since=date(2026, 1, 1), **facts)
    positions.fill_position(title="Rådgiver", share=100, since=date(2026, 1, 1), **facts)
    now = staffing.staffing_on(secretariat, date(2026, 2, 1))
    assert (now.fte, now.filled, now.is_below) == (Decimal(2), Decimal(1), True)
    assert now.warning.startswith("1 ")
    positions.change_position(
        position=leader, since=date(2026, 7, 1), share=50, person=leader.person, decided_by="4/26", by=secretary
    )
    assert staffing.over_time(secretariat) == [
        (date(2026, 1, 1), Decimal(2)),
        (date(2026, 7, 1), Decimal("1.5")),
    ]


def test_only_a_legal_entity_employs(secretariat: Body, hadsel: Organisation, secretary: Any) -> None:
    network = Organisation.objects.create(kind="association", name="Et nettverk", legal_entity=False)
    with pytest.raises(NotAllowedNow, match="Et nettverk"):
        positions.fill_position(body=secretariat, title="X", employer=network, share=50, by=secretary)
    made = positions.fill_position(body=secretariat, title="X", employer=hadsel, share=50, by=secretary)
    with pytest.raises(DatabaseError, match="legal entity"), transaction.atomic():
        Position.objects.filter(pk=made.pk).update(employer=network)
    with pytest.raises(IntegrityError), transaction.atomic():
        Position.objects.filter(pk=made.pk).update(share=101)


def test_a_temporary_position_has_a_last_day(
    client: Client, secretariat: Body, hadsel: Organisation, secretary: Any
) -> None:
    client.force_login(secretary)
    data = {"title": "Vikar", "employer": hadsel.pk, "share": 50, "since": "01.01.2026"}
    url = "/vesteralen/organ/sekretariatet/stilling/"
    assert list(client.post(url, data).context_data["form"].errors) == ["until"]
    assert client.post(url, {**data, "until": "31.12.2026"}).status_code == 302
    assert client.get("/vesteralen/organ/sekretariatet/").status_code == 200


# --- Competences (B6, B18) ----------------------------------------------------------------------


def test_what_nobody_in_the_body_can_is_a_gap(
    client: Client, digi: Collaboration, secretariat: Body, hadsel: Organisation, secretary: Any
) -> None:
    buying, benefits = (
        competences.name_competence(collaboration=digi, name=name, by=secretary)
        for name in ("Anskaffelser", "Gevinster")
    )
    competences.want_competences(body=secretariat, competences=[buying, benefits], by=secretary)
    adviser = people.register_person(collaboration=digi, name="Rådgiver", by=secretary)
    positions.fill_position(body=secretariat, title="Rådgiver", employer=hadsel, share=50, person=adviser, by=secretary)
    competences.tell_competences(person=adviser, collaboration=digi, competences=[buying], by=secretary)
    (found,) = competence_gaps.coverage(digi, timezone.localdate())
    assert [one.name for one in found.gaps] == ["Gevinster"]
    with pytest.raises(NotAllowedNow):
        competences.name_competence(collaboration=digi, name="anskaffelser", by=secretary)
    client.force_login(secretary)
    for path in ("kompetanse/", f"personer/{adviser.pk}/"):
        assert "Anskaffelser" in client.get("/vesteralen/" + path).content.decode()
    vacant = client.get("/vesteralen/verv/ledig/").content.decode()
    assert "Gevinster" in vacant
    assert "Anskaffelser" not in vacant


# --- Titles and two roles (B25, c9) -------------------------------------------------------------


def test_what_a_role_is_called_follows_the_day(digi: Collaboration, steering: Body, secretary: Any) -> None:
    seat = appoint(person("Kari"), Role.OBSERVER, steering)
    for title, since in (("Rådmann", date(1993, 1, 1)), ("Kommunedirektør", date(2020, 1, 1))):
        people.name_title(collaboration=digi, role=Role.OBSERVER, title=title, since=since, by=secretary)
    assert [Titles(digi, day).of(seat) for day in (date(2019, 1, 1), date(2026, 1, 1))] == [
        "Rådmann",
        "Kommunedirektør",
    ]


def test_two_roles_are_flagged_where_the_rules_make_it_a_question(
    client: Client, steering: Body, directors: Any, secretary: Any
) -> None:
    today = timezone.localdate()
    assert double_roles.in_body(steering, today) == []
    rules.set_rules(body=steering, rules="board", by=secretary)
    body = Body.objects.get(pk=steering.pk)
    assert len(double_roles.in_body(body, today)) == 6
    client.force_login(secretary)
    assert "forvaltningsloven § 6" in client.get("/vesteralen/organ/styringsgruppen/").content.decode()


# --- Least privilege ----------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["director", "member", "observer", "auditor", "outsider", "sysadmin"])
def test_only_the_secretariat_changes_bodies(
    request: pytest.FixtureRequest, digi: Collaboration, steering: Body, secretary: Any, who: str
) -> None:
    user = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        bodies.create_body(collaboration=digi, name="Ny", slug="ny", kind="expert", level=2, by=user)
    with pytest.raises(PermissionDenied):
        bodies.change_body(body=steering, name="Et annet", by=user)
    assert not holds(user, "governance.manage_collaboration", digi)


def test_who_signs_in_shares_an_e_mail_with_nobody_who_does(secretary: Any) -> None:
    other = person("En annen")
    with pytest.raises(IntegrityError), transaction.atomic():
        type(other).objects.filter(pk=other.pk).update(email=secretary.email.upper())
