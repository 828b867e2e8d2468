"""The registers: forms, infrastructure, documents with gaps, interviews for the few, common responsibles, findings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from governance.models import Collaboration, Organisation, Role
from portfolio.actions import projects
from surveys import registers
from surveys.actions import findings
from surveys.actions.registers import remove, write
from surveys.models import (
    ApplicationForm,
    Area,
    CollectedDocument,
    CommonResponsible,
    InfrastructureFact,
    Interview,
)
from tests.people import LONG_AGO, appoint, person
from tests.surveys.inventory_people import *  # noqa: F403 -- fixtures

pytestmark = pytest.mark.django_db


def _strategy(digi: Collaboration, by: Any, **facts: Any) -> CollectedDocument:
    return write(entry=CollectedDocument(collaboration=digi), facts={"kind": "strategy", **facts}, by=by)


def a_form(place: Organisation, by: Any, name: str = "Søknad om skjenkebevilling", **facts: Any) -> Any:
    return write(entry=ApplicationForm(municipality=place), facts={"name": name, "state": "paper", **facts}, by=by)


def test_the_it_leader_registers_a_form_and_nobody_else_does(
    hadsel: Organisation, hadsels_it_leader: User, secretary: User
) -> None:
    made = a_form(hadsel, hadsels_it_leader, yearly=12)

    assert made.key == "søknad om skjenkebevilling"
    with pytest.raises(PermissionDenied):
        a_form(hadsel, secretary, name="Et annet skjema")


def test_the_same_form_twice_is_told_as_a_sentence_and_held_by_the_database(
    hadsel: Organisation, hadsels_it_leader: User
) -> None:
    a_form(hadsel, hadsels_it_leader)

    with pytest.raises(NotAllowedNow, match="allerede"):
        a_form(hadsel, hadsels_it_leader, name="  søknad om  Skjenkebevilling ")
    with pytest.raises(IntegrityError), transaction.atomic():
        ApplicationForm.objects.create(municipality=hadsel, name="X", key="søknad om skjenkebevilling", state="paper")


def test_who_saves_an_older_line_is_stopped(hadsel: Organisation, hadsels_it_leader: User) -> None:
    made = a_form(hadsel, hadsels_it_leader)
    write(entry=made, version=1, facts={"state": "digital"}, by=hadsels_it_leader)

    with pytest.raises(Stale):
        write(entry=made, version=1, facts={"state": "partly"}, by=hadsels_it_leader)
    with pytest.raises(Stale):
        remove(entry=made, version=1, by=hadsels_it_leader)


def test_a_form_without_a_volume_is_counted_as_not_known_never_as_nought(
    hadsel: Organisation, hadsels_it_leader: User
) -> None:
    a_form(hadsel, hadsels_it_leader, name="Kjent", yearly=30)
    a_form(hadsel, hadsels_it_leader, name="Ukjent")

    on_paper = next(iter(registers.form_totals([hadsel]).values()))

    assert (on_paper["forms"], on_paper["sent"], on_paper["unknown"]) == (2, 30, 1)


def test_the_same_form_stands_once_for_the_collaboration(
    digi: Collaboration, hadsel: Organisation, sortland: Organisation, hadsels_it_leader: User
) -> None:
    a_form(hadsel, hadsels_it_leader, yearly=5)
    ApplicationForm.objects.create(
        municipality=sortland, name="søknad om skjenkebevilling", key="søknad om skjenkebevilling", state="digital"
    )

    line = registers.common_forms(digi).get()

    assert (line["municipalities"], line["paper"], line["digital"], line["together"]) == (2, 1, 1, 5)


def test_the_pages_of_forms_work_from_empty_to_removed(
    client: Client, hadsel: Organisation, hadsels_it_leader: User
) -> None:
    client.force_login(hadsels_it_leader)
    own = "/kommune/1866/skjema/"

    empty = client.get(own).content.decode()
    made = client.post(f"{own}nytt/", {"name": "Søknad om båtplass", "state": "paper", "yearly": "8"})
    one = ApplicationForm.objects.get()
    listed = client.get(f"{own}?tilstand=paper")
    removed = client.post(f"{own}{one.pk}/fjern/", {"version": one.version})

    assert "p-empty" in empty or "ds-card" in empty
    assert made.status_code == removed.status_code == 302
    assert listed.context_data["table"].count == 1
    assert not ApplicationForm.objects.exists()
    assert client.get("/kommune/1870/skjema/").status_code == 403
    assert client.get("/vesteralen/kartlegging/skjema/").status_code == 200


def test_a_wrong_number_names_the_field(client: Client, hadsel: Organisation, hadsels_it_leader: User) -> None:
    client.force_login(hadsels_it_leader)

    page = client.post("/kommune/1866/skjema/nytt/", {"name": "Båtplass", "state": "paper", "yearly": "-3"})

    assert page.status_code == 200
    assert "yearly" in page.context_data["form"].errors
    assert not ApplicationForm.objects.exists()


def test_a_fact_of_tomorrow_is_refused_and_the_newest_one_is_shown(
    hadsel: Organisation, hadsels_it_leader: User
) -> None:
    today = timezone.localdate()
    for text, on in (("Radiolinje", today - timedelta(days=900)), ("Fiber", today)):
        facts = {"topic": "network", "text": text, "on": on}
        write(entry=InfrastructureFact(municipality=hadsel), facts=facts, by=hadsels_it_leader)

    with pytest.raises(NotAllowedNow, match="fram i tid"):
        facts = {"topic": "network", "text": "Satellitt", "on": today + timedelta(days=1)}
        write(entry=InfrastructureFact(municipality=hadsel), facts=facts, by=hadsels_it_leader)
    newest = dict(registers.facts_by_topic([hadsel]))
    assert [one.text for facts in newest.values() for one in facts if one] == ["Fiber"]


def test_how_a_municipality_guards_itself_stays_with_its_own_people(
    client: Client, hadsel: Organisation, hadsels_it_leader: User, secretary: User
) -> None:
    for topic in ("network", "backup"):
        facts = {"topic": topic, "text": f"Om {topic}", "on": LONG_AGO}
        write(entry=InfrastructureFact(municipality=hadsel), facts=facts, by=hadsels_it_leader)
    client.force_login(secretary)
    shared = client.get("/vesteralen/kartlegging/infrastruktur/").content.decode()
    client.force_login(hadsels_it_leader)

    assert "Om network" in shared
    assert "Om backup" not in shared
    assert "Om backup" in client.get("/kommune/1866/infrastruktur/").content.decode()


def test_a_municipality_without_a_plan_shows_as_a_gap(
    digi: Collaboration, hadsel: Organisation, sortland: Organisation, secretary: User
) -> None:
    common = _strategy(digi, secretary, title="Felles")
    _strategy(digi, secretary, title="Vår", municipality=sortland, adapts=common)

    shelves = {one.municipality: one for one in registers.shelves(digi, [hadsel, sortland])}

    assert shelves[hadsel].gaps == len(CollectedDocument.EXPECTED)
    assert shelves[sortland].gaps == len(CollectedDocument.EXPECTED) - 1
    with pytest.raises(NotAllowedNow, match="bygger på"):
        remove(entry=common, by=secretary)


def test_only_a_municipality_s_own_document_adapts_a_common_one(digi: Collaboration, secretary: User) -> None:
    common = _strategy(digi, secretary, title="Felles")

    with pytest.raises(NotAllowedNow):
        _strategy(digi, secretary, title="To", adapts=common)


def test_the_it_leader_registers_the_own_plan_and_may_not_move_it_to_another(
    client: Client, digi: Collaboration, hadsel: Organisation, sortland: Organisation, hadsels_it_leader: User
) -> None:
    client.force_login(hadsels_it_leader)

    made = client.post("/kommune/1866/dokumenter/nytt/", {"kind": "ict", "title": "IKT-plan", "from_year": "2026"})
    one = CollectedDocument.objects.get()

    assert made.status_code == 302
    assert one.municipality == hadsel
    with pytest.raises(PermissionDenied):
        write(entry=one, facts={"municipality": sortland}, by=hadsels_it_leader)
    assert client.get("/vesteralen/kartlegging/dokumenter/nytt/").status_code == 403


def test_an_interview_is_seen_by_the_secretariat_alone(
    client: Client, digi: Collaboration, secretary: User, hadsels_it_leader: User
) -> None:
    client.force_login(secretary)
    told = {"who": "Kommunedirektør", "on": LONG_AGO, "by": "Prosjektlederen", "summary": "Det haster"}
    client.post("/vesteralen/kartlegging/intervjuer/nytt/", told)
    made = Interview.objects.get()
    client.post(f"{made.get_absolute_url()}endre/", told | {"by": "Sekretariatet", "version": made.version})
    seen = client.get(made.get_absolute_url())
    client.force_login(hadsels_it_leader)

    assert all(words in seen.content.decode() for words in ("Det haster", "Sekretariatet"))
    assert client.get(made.get_absolute_url()).status_code == 403
    assert client.get("/vesteralen/kartlegging/intervjuer/").status_code == 403
    assert not Interview.objects.visible_to(hadsels_it_leader).exists()


def test_a_common_responsible_answers_for_several(
    client: Client, digi: Collaboration, areas: dict[str, Area], hadsel: Organisation, sortland: Organisation,
    secretary: User,
) -> None:  # fmt: skip
    who = person("Felles Systemansvarlig", organisation=hadsel)
    appoint(who, Role.CONTACT, hadsel)
    facts = {"person": who, "area": areas["Sak/arkiv"], "since": LONG_AGO, "municipalities": [hadsel, sortland]}
    write(entry=CommonResponsible(collaboration=digi), facts=facts, by=secretary)
    client.force_login(secretary)

    page = client.get("/vesteralen/kartlegging/systemansvarlige/").content.decode()

    assert "Hadsel, Sortland" in page


def test_from_finding_by_measure_to_project(client: Client, digi: Collaboration, secretary: User) -> None:
    category = findings.define_category(collaboration=digi, name="Systemer", by=secretary)
    finding = findings.define_finding(
        category=category, text="Mange systemer for det samme", measure="Kjøp sammen", by=secretary
    )
    project = projects.register_project(collaboration=digi, title="Felles arkiv", findings=[finding], by=secretary)
    client.force_login(secretary)

    page = client.get("/vesteralen/kartlegging/funn/").content.decode()

    assert "Kjøp sammen" in page
    assert project.get_absolute_url() in page
    assert "Mange systemer for det samme" in client.get(project.get_absolute_url()).content.decode()
    assert [one.text for one in project.findings.all()] == ["Mange systemer for det samme"]
