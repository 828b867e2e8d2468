"""«Kommunens vedtak»: nobody decides for a municipality, and silence is no yes (rule 1)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Document, Job
from digivesteralen.documents.uploads import Upload
from governance import consequences
from governance.actions import adoptions, asking
from governance.models import Adoption, Case, Collaboration, Organisation
from tests.refusals import the_database_refuses

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 extract of the record"


@pytest.fixture
def matter(digi: Collaboration, sortland: Organisation, secretary: Any) -> Adoption:
    """Sortland is asked to take part in a project."""
    return adoptions.open_adoption(
        collaboration=digi,
        organisation=sortland,
        matter="Digital byggesak",
        proposal="Sortland deltar i prosjektet.",
        answer_by=timezone.localdate() + timedelta(days=20),
        by=secretary,
    )


def decision(**changes: Any) -> dict[str, Any]:
    known = {
        "state": "adopted",
        "decided_by": "Kommunestyret",
        "decided_on": timezone.localdate(),
        "case_number": "63/26",
        "text": "Sortland deltar i prosjektet.",
    }
    return {**known, **changes}


def posted(adoption: Adoption, **changes: Any) -> dict[str, Any]:
    today = f"{timezone.localdate():%d.%m.%Y}"
    return {**decision(decided_on=today, version=adoption.version), **changes}


def extract() -> Upload:
    return Upload(PDF, "saerutskrift.pdf", "application/pdf")


def test_nothing_is_decided_before_the_municipality_says_so(matter: Adoption) -> None:
    assert matter.state == "open"
    assert not matter.says_yes
    assert list(Adoption.objects.yes()) == []
    assert list(Adoption.objects.waiting()) == [matter]


def test_the_same_case_asks_a_municipality_once(
    digi: Collaboration, sortland: Organisation, steering: Any, secretary: Any
) -> None:
    case = Case.objects.create(body=steering, title="Felles løft")
    asked = {"collaboration": digi, "organisation": sortland, "matter": "Felles løft", "case": case, "by": secretary}
    assert adoptions.open_adoption(**asked) == adoptions.open_adoption(**asked)


def test_a_director_registers_the_own_municipality_s_decision(client: Client, director: Any, matter: Adoption) -> None:
    client.force_login(director)
    answer = client.post(
        f"/vesteralen/vedtak/{matter.pk}/registrer/", posted(matter, amount="125 000,50", hours="40", vote="enstemmig")
    )
    assert answer.status_code == 302
    matter.refresh_from_db()
    assert matter.says_yes
    assert matter.amount == Decimal("125000.50")
    assert matter.hours == 40
    assert matter.as_proposed
    assert matter.registered_by == director
    assert not matter.on_behalf


def test_the_form_is_prefilled_with_the_proposal(client: Client, director: Any, matter: Adoption) -> None:
    client.force_login(director)
    page = client.get(f"/vesteralen/vedtak/{matter.pk}/registrer/")
    assert page.context_data["form"]["text"].value() == "Sortland deltar i prosjektet."


def test_a_contact_person_registers_too(contact: Any, matter: Adoption) -> None:
    assert adoptions.register_adoption(adoption=matter, by=contact, **decision()).says_yes


def test_other_words_than_the_proposal_are_not_as_proposed(director: Any, matter: Adoption) -> None:
    assert not adoptions.register_adoption(
        adoption=matter, by=director, **decision(text="Sortland venter.")
    ).as_proposed


@pytest.mark.parametrize("who", ["directors_hadsel", "secretary", "it_leader", "auditor", "project_leader", "member"])
def test_nobody_else_decides_for_a_municipality(
    client: Client, request: pytest.FixtureRequest, who: str, matter: Adoption, directors: dict[str, Any]
) -> None:
    user = directors["Hadsel"] if who == "directors_hadsel" else request.getfixturevalue(who)
    client.force_login(user)
    assert client.post(f"/vesteralen/vedtak/{matter.pk}/registrer/", posted(matter)).status_code == 403
    with pytest.raises(PermissionDenied):
        adoptions.register_adoption(adoption=matter, by=user, **decision())
    matter.refresh_from_db()
    assert matter.state == "open"


def test_another_collaboration_sees_nothing_of_it(client: Client, outsider: Any, matter: Adoption) -> None:
    client.force_login(outsider)
    for part in (
        "",
        "registrer/",
        "pa-vegne/",
        "til-behandling/",
        "bekreft/",
        "innsigelse/",
        "rett/",
        "utskrift/",
        "paminn/",
    ):
        assert client.get(f"/vesteralen/vedtak/{matter.pk}/{part}").status_code == 404
    assert client.get(f"/annet-sted/vedtak/{matter.pk}/").status_code == 404
    assert client.get("/vesteralen/vedtak/").status_code == 404


def test_the_municipality_schedules_its_treatment(client: Client, director: Any, matter: Adoption) -> None:
    client.force_login(director)
    day = timezone.localdate() + timedelta(days=9)
    url = f"/vesteralen/vedtak/{matter.pk}/til-behandling/"
    assert client.post(url, {"scheduled_on": f"{day:%d.%m.%Y}", "version": matter.version}).status_code == 302
    matter.refresh_from_db()
    assert (matter.state, matter.scheduled_on) == ("scheduled", day)
    assert not matter.is_decided


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"decided_on": f"{timezone.localdate() + timedelta(days=2):%d.%m.%Y}"}, "decided_on"),
        ({"decided_on": "30.04.1919"}, "decided_on"),
        ({"decided_on": "i fjor"}, "decided_on"),
        ({"state": "reserved"}, "conditions"),
        ({"state": "not_adopted", "amount": "1000"}, "amount"),
        ({"case_number": ""}, "case_number"),
        ({"decided_by": ""}, "decided_by"),
        ({"amount": "-5"}, "amount"),
        ({"state": "kanskje"}, "state"),
    ],
)
def test_a_mistyped_decision_is_explained_and_nothing_is_lost(
    client: Client, director: Any, matter: Adoption, changes: dict[str, Any], field: str
) -> None:
    client.force_login(director)
    page = client.post(f"/vesteralen/vedtak/{matter.pk}/registrer/", posted(matter, **changes))
    assert page.status_code == 200
    assert list(page.context_data["form"].errors) == [field]
    assert "Sortland deltar i prosjektet." in page.content.decode()
    matter.refresh_from_db()
    assert matter.state == "open"


def test_the_verb_refuses_a_day_that_has_not_come(director: Any, matter: Adoption) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(NotAllowedNow):
        adoptions.register_adoption(adoption=matter, by=director, **decision(decided_on=tomorrow))


def test_a_wrong_file_is_refused_and_the_text_stays(client: Client, director: Any, matter: Adoption) -> None:
    client.force_login(director)
    wrong = SimpleUploadedFile("virus.exe", b"MZ\x90")
    page = client.post(f"/vesteralen/vedtak/{matter.pk}/registrer/", posted(matter, extract=wrong))
    assert list(page.context_data["form"].errors) == ["extract"]


def test_two_register_at_once_and_the_second_is_told(
    client: Client, director: Any, contact: Any, matter: Adoption
) -> None:
    adoptions.schedule(adoption=matter, scheduled_on=timezone.localdate() + timedelta(days=3), by=contact)
    client.force_login(director)
    page = client.post(f"/vesteralen/vedtak/{matter.pk}/registrer/", posted(matter))
    assert page.status_code == 409
    with pytest.raises(Stale):
        adoptions.register_adoption(adoption=matter, version=matter.version, by=director, **decision())


def test_a_decision_is_registered_once_and_then_corrected(client: Client, director: Any, matter: Adoption) -> None:
    matter = adoptions.register_adoption(adoption=matter, by=director, **decision())
    client.force_login(director)
    assert client.post(f"/vesteralen/vedtak/{matter.pk}/registrer/", posted(matter)).status_code == 409
    url = f"/vesteralen/vedtak/{matter.pk}/rett/"
    assert client.post(url, posted(matter, state="not_adopted")).status_code == 200, "a reason is needed"
    assert client.post(url, posted(matter, state="not_adopted", reason="Feil sak")).status_code == 302
    matter.refresh_from_db()
    assert (matter.state, matter.correction) == ("not_adopted", "Feil sak")
    page = client.get(f"/vesteralen/vedtak/{matter.pk}/").content.decode()
    assert "Feil sak" in page


def test_what_is_not_decided_cannot_be_corrected(director: Any, matter: Adoption) -> None:
    with pytest.raises(NotAllowedNow):
        adoptions.correct(adoption=matter, reason="x", by=director, **decision())


def test_all_that_stands_in_the_record_is_registered(client: Client, director: Any, matter: Adoption) -> None:
    client.force_login(director)
    told = posted(
        matter,
        amount="125 000,50",
        budget_year="2027",
        link="https://innsyn.sortland.example/sak/63-26",
        treatment="Rådet for digitalisering tilrådde saken.",
        extract=SimpleUploadedFile("saerutskrift.pdf", PDF),
    )
    assert client.post(f"/vesteralen/vedtak/{matter.pk}/registrer/", told).status_code == 302
    matter.refresh_from_db()
    assert (matter.budget_year, matter.link) == (2027, "https://innsyn.sortland.example/sak/63-26")
    page = client.get(matter.get_absolute_url()).content.decode()
    for shown in ("2027", "https://innsyn.sortland.example/sak/63-26", "Rådet for digitalisering", "saerutskrift.pdf"):
        assert shown in page


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"amount": "mye"}, "amount", "«mye»"),
        ({"amount": "-5"}, "amount", "-5"),
        ({"hours": "førti"}, "hours", "«førti»"),
        ({"hours": "-1,5"}, "hours", "-1.5"),
        ({"budget_year": "27"}, "budget_year", "27"),
        ({"budget_year": "neste"}, "budget_year", "2027"),
        ({"link": "http://innsyn.example/sak"}, "link", "https://"),
        ({"link": "javascript:alert(1)"}, "link", "https://"),
        ({"state": "not_adopted", "amount": "90 000"}, "amount", "90 000"),
    ],
)
def test_a_wrong_number_is_named_with_its_field_and_its_value(
    client: Client, director: Any, matter: Adoption, changes: dict[str, str], field: str, told: str
) -> None:
    client.force_login(director)
    page = client.post(f"/vesteralen/vedtak/{matter.pk}/registrer/", posted(matter, **changes))
    errors = page.context_data["form"].errors
    assert list(errors) == [field]
    assert len(errors[field]) == 1
    assert told in errors[field][0]
    matter.refresh_from_db()
    assert matter.state == "open"


def test_one_press_takes_the_proposal_as_the_decision_and_keeps_the_rest(
    client: Client, director: Any, matter: Adoption
) -> None:
    client.force_login(director)
    url = f"/vesteralen/vedtak/{matter.pk}/registrer/"
    told = posted(matter, state="", text="Noe annet.", case_number="9/26", vote="enstemmig")
    page = client.post(url, {**told, "som_foreslatt": "1"})
    form = page.context_data["form"]
    assert (form["text"].value(), form["state"].value()) == ("Sortland deltar i prosjektet.", "adopted")
    assert (form["case_number"].value(), form["vote"].value()) == ("9/26", "enstemmig")
    assert form["version"].value() == str(matter.version)
    assert not form.errors
    matter.refresh_from_db()
    assert matter.state == "open", "nothing is registered yet"


def test_two_presses_register_one_decision(client: Client, director: Any, matter: Adoption) -> None:
    client.force_login(director)
    told = posted(matter)
    url = f"/vesteralen/vedtak/{matter.pk}/registrer/"
    assert [client.post(url, told).status_code for _press in range(2)] == [302, 409]


# --- On behalf --------------------------------------------------------------------------------


def test_the_secretariat_registers_on_behalf_with_the_extract(
    client: Client, secretary: Any, director: Any, matter: Adoption, django_capture_on_commit_callbacks: Any
) -> None:
    client.force_login(secretary)
    url = f"/vesteralen/vedtak/{matter.pk}/pa-vegne/"
    refused = client.post(url, posted(matter))
    assert list(refused.context_data["form"].errors) == ["extract"]
    file = SimpleUploadedFile("saerutskrift.pdf", PDF)
    assert client.post(url, posted(matter, extract=file)).status_code == 302
    matter.refresh_from_db()
    assert matter.on_behalf and matter.says_yes and matter.awaits_confirmation
    job = Job.objects.get(kind="governance.adoption_told")
    assert jobs.run(job.pk).state == "done"
    assert [message.to for message in mail.outbox] == [[director.email]]
    assert "Digital byggesak" in mail.outbox[0].body
    assert f"/vesteralen/vedtak/{matter.pk}/" in mail.outbox[0].body


def test_without_an_extract_the_verb_and_the_database_refuse(secretary: Any, matter: Adoption) -> None:
    with pytest.raises(NotAllowedNow):
        adoptions.register_on_behalf(adoption=matter, by=secretary, **decision())
    with pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.filter(pk=matter.pk).update(on_behalf=True)


def test_only_the_secretariat_registers_on_behalf(
    client: Client, directors: dict[str, Any], it_leader: Any, matter: Adoption
) -> None:
    for user in (directors["Hadsel"], directors["Sortland"], it_leader):
        client.force_login(user)
        url = f"/vesteralen/vedtak/{matter.pk}/pa-vegne/"
        assert client.post(url, posted(matter, extract=SimpleUploadedFile("a.pdf", PDF))).status_code == 403


def test_the_municipality_confirms(client: Client, secretary: Any, director: Any, matter: Adoption) -> None:
    matter = adoptions.register_on_behalf(adoption=matter, by=secretary, **decision(extract=extract()))
    client.force_login(secretary)
    assert client.post(f"/vesteralen/vedtak/{matter.pk}/bekreft/").status_code == 403
    client.force_login(director)
    here, sent = f"/vesteralen/vedtak/{matter.pk}/bekreft/", {"version": matter.version}
    assert client.post(here, sent).status_code == 302
    matter.refresh_from_db()
    assert matter.confirmed_at and matter.says_yes and not matter.awaits_confirmation
    with pytest.raises(NotAllowedNow):
        adoptions.register_on_behalf(adoption=matter, reason="x", by=secretary, **decision(extract=extract()))


def test_what_the_municipality_objects_to_is_not_decided(
    client: Client, secretary: Any, director: Any, matter: Adoption
) -> None:
    matter = adoptions.register_on_behalf(adoption=matter, by=secretary, **decision(extract=extract()))
    client.force_login(director)
    url = f"/vesteralen/vedtak/{matter.pk}/innsigelse/"
    assert client.post(url, {"objection": " ", "version": matter.version}).status_code == 200
    assert client.post(url, {"objection": "Saken ble utsatt.", "version": matter.version}).status_code == 302
    matter.refresh_from_db()
    assert not matter.is_decided
    assert list(Adoption.objects.yes()) == []
    assert list(Adoption.objects.waiting()) == [matter]
    shown = client.get("/vesteralen/vedtak/").context_data["table"].rows[0]
    assert matter.get_state_display() not in shown.get_cell_value("state")
    again = adoptions.register_adoption(adoption=matter, by=director, **decision(state="not_adopted"))
    assert again.is_decided and not again.on_behalf and again.extract is None and again.objection == ""


def test_the_extract_is_kept_and_seen_by_those_who_see_the_decision(
    client: Client, secretary: Any, outsider: Any, matter: Adoption
) -> None:
    matter = adoptions.register_on_behalf(adoption=matter, by=secretary, **decision(extract=extract()))
    document = Document.objects.get(kind="governance.extract")
    assert matter.extract == document
    client.force_login(secretary)
    for url in (f"/vesteralen/vedtak/{matter.pk}/utskrift/", f"/dokument/{document.pk}/"):
        answer = client.get(url)
        assert answer.getvalue() == PDF
    client.force_login(outsider)
    assert client.get(f"/dokument/{document.pk}/").status_code == 404


def test_a_decision_in_an_exempt_case_is_seen_by_the_own_municipality_only(
    client: Client,
    digi: Collaboration,
    sortland: Organisation,
    steering: Any,
    secretary: Any,
    contact: Any,
    it_leader: Any,
) -> None:
    case = Case.objects.create(body=steering, title="Tilbud", exempt=True, legal_ground="offentleglova § 23")
    hidden = adoptions.open_adoption(
        collaboration=digi, organisation=sortland, matter="Tilbud", case=case, by=secretary
    )
    kept = adoptions.register_on_behalf(adoption=hidden, by=secretary, **decision(extract=extract())).extract
    assert kept is not None and kept.kind == "governance.exempt_extract"
    for user, status in ((contact, 200), (secretary, 200), (it_leader, 404)):
        client.force_login(user)
        assert client.get(f"/vesteralen/vedtak/{hidden.pk}/").status_code == status
        seen = "Tilbud" in client.get("/vesteralen/vedtak/").content.decode()
        assert seen == (status == 200)
    mail.outbox.clear()
    jobs.run(Job.objects.get(kind="governance.adoption_told").pk)
    assert mail.outbox and all("Tilbud" not in message.subject + message.body for message in mail.outbox)


def test_a_reminder_goes_once_a_day_to_those_who_have_not_answered(
    client: Client, secretary: Any, director: Any, matter: Adoption
) -> None:
    client.force_login(director)
    assert client.post(f"/vesteralen/vedtak/{matter.pk}/paminn/").status_code == 403
    client.force_login(secretary)
    for _again in range(2):
        assert client.post(f"/vesteralen/vedtak/{matter.pk}/paminn/").status_code == 302
    job = Job.objects.get(kind="governance.adoption_reminder")
    assert jobs.run(job.pk).state == "done"
    assert len(mail.outbox) == 1
    adoptions.register_adoption(adoption=matter, by=director, **decision())
    assert client.post(f"/vesteralen/vedtak/{matter.pk}/paminn/").status_code == 409


def test_a_message_that_reaches_nobody_says_so(secretary: Any, matter: Adoption) -> None:
    asking.remind(adoption=matter, by=secretary)
    job = jobs.run(Job.objects.get(kind="governance.adoption_reminder").pk)
    assert job.state == "failed"
    assert job.error


# --- What follows -----------------------------------------------------------------------------


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool, Any]]:
    """What a floor above hears of the municipalities' decisions: the state, whether it stands, who wrote it."""
    heard: list[tuple[str, bool, Any]] = []
    monkeypatch.setattr(
        consequences, "_on_adoption", [lambda adoption, by: heard.append((adoption.state, adoption.is_decided, by))]
    )
    return heard


def test_those_who_count_on_a_decision_hear_of_every_change(
    told: list[Any], secretary: Any, director: Any, matter: Adoption
) -> None:
    matter = adoptions.schedule(adoption=matter, scheduled_on=timezone.localdate(), by=director)
    assert told == [], "a day of treatment decides nothing"
    matter = adoptions.register_on_behalf(adoption=matter, by=secretary, **decision(extract=extract()))
    matter = adoptions.object_to(adoption=matter, objection="Feil", by=director)
    matter = adoptions.register_adoption(adoption=matter, by=director, **decision())
    adoptions.correct(adoption=matter, reason="Feil", by=director, **decision(state="not_adopted"))
    assert told == [
        ("adopted", True, secretary),
        ("adopted", False, director),
        ("adopted", True, director),
        ("not_adopted", True, director),
    ]


def test_what_follows_is_of_the_same_transaction(
    monkeypatch: pytest.MonkeyPatch, director: Any, matter: Adoption
) -> None:
    def refuse(adoption: Adoption, by: Any) -> None:
        raise NotAllowedNow("The shares can't be worked out.")

    monkeypatch.setattr(consequences, "_on_adoption", [refuse])
    with pytest.raises(NotAllowedNow):
        adoptions.register_adoption(adoption=matter, by=director, **decision())
    matter.refresh_from_db()
    assert matter.state == "open"


# --- The list ---------------------------------------------------------------------------------


@pytest.fixture
def asked(digi: Collaboration, six: list[Organisation], secretary: Any) -> list[Adoption]:
    return [
        adoptions.open_adoption(
            collaboration=digi,
            organisation=place,
            matter="Felles arkiv",
            answer_by=timezone.localdate() - timedelta(days=1),
            asked_on=timezone.localdate() - timedelta(days=30),
            by=secretary,
        )
        for place in six
    ]


def test_the_list_can_be_narrowed(client: Client, director: Any, asked: list[Adoption]) -> None:
    own = next(adoption for adoption in asked if adoption.organisation.name == "Sortland")
    adoptions.register_adoption(adoption=own, by=director, **decision())
    client.force_login(director)
    for status, count in (("waiting", 5), ("late", 5), ("decided", 1), ("", 6), ("to_confirm", 0)):
        page = client.get(f"/vesteralen/vedtak/?status={status}")
        assert page.context_data["table"].count == count


def test_the_list_is_an_excel_file_too(client: Client, director: Any, asked: list[Adoption]) -> None:
    client.force_login(director)
    answer = client.get("/vesteralen/vedtak/?format=xlsx")
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")


@pytest.mark.parametrize("view", ["", "matrise/", "kart/"])
def test_the_number_of_queries_does_not_grow(
    client: Client,
    director: Any,
    digi: Collaboration,
    asked: list[Adoption],
    secretary: Any,
    view: str,
    django_assert_max_num_queries: Any,
) -> None:
    client.force_login(director)
    client.get("/vesteralen/vedtak/")
    with django_assert_max_num_queries(60) as few:
        client.get(f"/vesteralen/vedtak/{view}")
    for place in Organisation.objects.all():
        for n in range(3):
            adoptions.open_adoption(collaboration=digi, organisation=place, matter=f"Sak {n}", by=secretary)
    with django_assert_max_num_queries(len(few)):
        client.get(f"/vesteralen/vedtak/{view}")


# --- What the database never lets through -----------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "adopted"},
        {"state": "scheduled"},
        {"amount": 5},
        {"decided_on": date(2026, 1, 1)},
        {"on_behalf": True},
        {"confirmed_at": timezone.now()},
        {"objected_at": timezone.now()},
        {"budget_year": 2027},
        {"link": "https://innsyn.example/"},
    ],
)
def test_the_database_refuses_half_a_decision(matter: Adoption, changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.filter(pk=matter.pk).update(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "reserved"},
        {"amount": -1},
        {"hours": -1},
        {"case_number": ""},
        {"decided_by": ""},
        {"budget_year": 27},
        {"link": "http://innsyn.example/"},
        {"decided_on": timezone.localdate() + timedelta(days=1)},
        {"state": "not_adopted", "budget_year": 2027},
    ],
)
def test_the_database_refuses_a_decision_that_makes_no_sense(
    director: Any, matter: Adoption, changes: dict[str, Any]
) -> None:
    adoptions.register_adoption(adoption=matter, by=director, **decision())
    with pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.filter(pk=matter.pk).update(**changes)


def test_a_refusal_covers_no_money(director: Any, matter: Adoption) -> None:
    done = adoptions.register_adoption(adoption=matter, by=director, **decision(state="not_adopted", amount=Decimal(5)))
    assert done.amount is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.filter(pk=matter.pk).update(amount=5)


def test_a_municipality_s_decision_is_never_deleted(director: Any, matter: Adoption) -> None:
    adoptions.register_adoption(adoption=matter, by=director, **decision())
    with the_database_refuses("(?i)cannot delete"), transaction.atomic():
        Adoption.objects.filter(pk=matter.pk).delete()
