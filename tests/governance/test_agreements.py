"""The agreement: eight sections, sent to the municipalities, in force for those who joined themselves (R13)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.documents import files, jobs
from digivesteralen.documents.models import Document, Job
from digivesteralen.documents.uploads import Upload
from governance.actions import adoptions, agreements
from governance.models import Adoption, Agreement, AgreementSection, Collaboration, Organisation
from tests.printed import text_of
from tests.refusals import the_database_refuses

pytestmark = pytest.mark.django_db

SECTIONS = {kind: f"Tekst om {label}." for kind, label in AgreementSection.Kind.choices}


@pytest.fixture
def draft(digi: Collaboration, secretary: Any) -> Agreement:
    return agreements.create_agreement(collaboration=digi, title="Avtale for Bø og Øksnes", by=secretary)


@pytest.fixture
def whole(draft: Agreement, sortland: Organisation, hadsel: Organisation, secretary: Any) -> Agreement:
    """All eight sections, and the value for two parties."""
    written = agreements.write_agreement(agreement=draft, sections=SECTIONS, by=secretary)
    for place in (sortland, hadsel):
        agreements.write_value(agreement=written, organisation=place, value=f"Verdi for {place}", by=secretary)
    return Agreement.objects.get(pk=written.pk)


@pytest.fixture
def sent(whole: Agreement, secretary: Any) -> Agreement:
    return agreements.send_agreement(agreement=whole, sent_on=date(2026, 1, 10), by=secretary)


def says(adoption: Adoption, by: Any, state: str = "adopted", day: date = date(2026, 2, 1)) -> Adoption:
    return adoptions.register_adoption(
        adoption=adoption, state=state, decided_by="Kommunestyret", decided_on=day, case_number="5/26", by=by
    )


def of(agreement: Agreement, name: str) -> Adoption:
    return agreement.adoptions.get(organisation__name=name)


def fresh(agreement: Agreement) -> Agreement:
    return Agreement.objects.get(pk=agreement.pk)


def test_the_secretariat_begins_an_agreement_with_all_members(
    client: Client, secretary: Any, digi: Collaboration
) -> None:
    client.force_login(secretary)
    answer = client.post("/vesteralen/ny-avtale/", {"title": "Avtale om digitalisering", "period_from": "01.01.2026"})
    assert answer.url == "/vesteralen/avtaler/avtale-om-digitalisering/skriv/"
    made = Agreement.objects.get()
    assert [party.organisation.name for party in made.parties.all()] == [
        "Andøy",
        "Bø",
        "Hadsel",
        "Lødingen",
        "Sortland",
        "Øksnes",
    ]


def test_the_address_is_plain_and_not_taken_twice(draft: Agreement, digi: Collaboration, secretary: Any) -> None:
    again = agreements.create_agreement(collaboration=digi, title="Avtale for Bø og Øksnes", by=secretary)
    assert (draft.slug, again.slug) == ("avtale-for-bo-og-oksnes", "avtale-for-bo-og-oksnes-2")


def test_a_draft_tells_how_much_is_written(client: Client, draft: Agreement, secretary: Any) -> None:
    five = dict(list(SECTIONS.items())[:5])
    agreements.write_agreement(agreement=draft, sections=five, by=secretary)
    with translation.override("en"):
        assert fresh(draft).completeness == "5 of 8 sections written"
    client.force_login(secretary)
    page = client.get(draft.get_absolute_url())
    assert len(page.context_data["missing"]) == 2


def test_an_emptied_section_is_gone(draft: Agreement, secretary: Any) -> None:
    agreements.write_agreement(agreement=draft, sections=SECTIONS, by=secretary)
    agreements.write_agreement(agreement=draft, sections={**SECTIONS, "roles": " "}, by=secretary)
    assert draft.sections.count() == 7


def test_a_period_that_ends_before_it_begins_is_explained(client: Client, secretary: Any, digi: Collaboration) -> None:
    client.force_login(secretary)
    page = client.post("/vesteralen/ny-avtale/", {"title": "x", "period_from": "01.01.2026", "period_to": "01.01.2025"})
    assert list(page.context_data["form"].errors) == ["period_to"]


def test_the_form_writes_all_sections_and_refuses_a_stale_save(
    client: Client, draft: Agreement, secretary: Any
) -> None:
    client.force_login(secretary)
    url = f"{draft.get_absolute_url()}skriv/"
    data = {"title": draft.title, "version": draft.version, **SECTIONS}
    assert client.post(url, data).status_code == 302
    assert draft.sections.count() == 8
    late = client.post(url, {**data, "background": "En annen tekst"})
    assert late.status_code == 409
    assert "En annen tekst" in late.content.decode()


@pytest.mark.parametrize("who", ["director", "it_leader", "auditor", "project_leader"])
def test_others_read_and_do_not_write(
    client: Client, request: pytest.FixtureRequest, who: str, draft: Agreement
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(draft.get_absolute_url()).status_code == 200
    for part in ("skriv/", "send/", "avslutt/", "part/"):
        assert client.get(f"{draft.get_absolute_url()}{part}").status_code == 403
    assert client.get("/vesteralen/ny-avtale/").status_code == 403


def test_another_collaboration_sees_no_agreement(client: Client, outsider: Any, draft: Agreement) -> None:
    client.force_login(outsider)
    for url in (
        "/vesteralen/avtaler/",
        draft.get_absolute_url(),
        f"{draft.get_absolute_url()}skriv/",
        f"{draft.get_absolute_url()}pdf/",
    ):
        assert client.get(url).status_code == 404


def test_an_unfinished_agreement_is_not_sent(draft: Agreement, secretary: Any) -> None:
    with pytest.raises(NotAllowedNow):
        agreements.send_agreement(agreement=draft, by=secretary)
    agreements.write_agreement(agreement=draft, sections=SECTIONS, by=secretary)
    with pytest.raises(NotAllowedNow):
        agreements.send_agreement(agreement=draft, by=secretary)
    assert not Adoption.objects.exists()


def test_sending_asks_every_municipality_and_binds_none(client: Client, whole: Agreement, secretary: Any) -> None:
    client.force_login(secretary)
    deadline = timezone.localdate() + timedelta(days=60)
    today = timezone.localdate()
    data = {"sent_on": f"{today:%d.%m.%Y}", "answer_by": f"{deadline:%d.%m.%Y}", "version": whole.version}
    assert client.post(f"{whole.get_absolute_url()}send/", data).status_code == 302
    asked = Adoption.objects.filter(agreement=whole)
    assert asked.count() == 6
    assert {adoption.state for adoption in asked} == {"open"}
    assert {adoption.answer_by for adoption in asked} == {deadline}
    assert not fresh(whole).is_in_force()


def test_it_is_in_force_from_the_day_the_second_party_said_yes(sent: Agreement, directors: dict[str, Any]) -> None:
    says(of(sent, "Sortland"), directors["Sortland"], day=date(2026, 2, 1))
    assert not fresh(sent).is_in_force()
    says(of(sent, "Hadsel"), directors["Hadsel"], "not_adopted", day=date(2026, 2, 2))
    assert fresh(sent).in_force_from is None
    says(of(sent, "Bø"), directors["Bø"], day=date(2026, 3, 1))
    now = fresh(sent)
    assert now.in_force_from == date(2026, 3, 1)
    assert not now.is_in_force(date(2026, 2, 28))
    assert now.is_in_force(date(2026, 3, 1))
    with translation.override("en"):
        assert str(now.force_sentence) == "in force with 2 of 6; 3 not clarified"


def test_it_is_not_in_force_outside_its_period(whole: Agreement, secretary: Any, directors: dict[str, Any]) -> None:
    Agreement.objects.filter(pk=whole.pk).update(period_from=date(2026, 6, 1), period_to=date(2026, 12, 31))
    sent = agreements.send_agreement(agreement=whole, sent_on=date(2026, 1, 10), by=secretary)
    for name in ("Sortland", "Bø"):
        says(of(sent, name), directors[name])
    now = fresh(sent)
    assert now.in_force_from == date(2026, 6, 1)
    assert [now.is_in_force(day) for day in (date(2026, 5, 31), date(2026, 7, 1), date(2027, 1, 1))] == [
        False,
        True,
        False,
    ]


def test_an_objected_registration_does_not_keep_it_in_force(
    sent: Agreement, directors: dict[str, Any], secretary: Any
) -> None:
    says(of(sent, "Sortland"), directors["Sortland"])
    known = {"state": "adopted", "decided_by": "Kommunestyret", "decided_on": date(2026, 2, 3), "case_number": "1/26"}
    paper = Upload(b"%PDF-1.7", "a.pdf", "application/pdf")
    behalf = adoptions.register_on_behalf(adoption=of(sent, "Bø"), by=secretary, extract=paper, **known)
    assert fresh(sent).is_in_force()
    adoptions.object_to(adoption=behalf, objection="Ikke behandlet", by=directors["Bø"])
    assert not fresh(sent).is_in_force()


def test_a_sent_agreement_is_frozen(client: Client, sent: Agreement, secretary: Any, sortland: Organisation) -> None:
    client.force_login(secretary)
    assert client.get(f"{sent.get_absolute_url()}skriv/").status_code == 409
    assert client.get(f"{sent.get_absolute_url()}send/").status_code == 409
    with pytest.raises(NotAllowedNow):
        agreements.write_agreement(agreement=sent, sections=SECTIONS, by=secretary)
    with pytest.raises(NotAllowedNow):
        agreements.write_value(agreement=sent, organisation=sortland, value="x", by=secretary)
    for attempt in (
        lambda: AgreementSection.objects.filter(agreement=sent).update(text="x"),
        lambda: AgreementSection.objects.filter(agreement=sent).delete(),
        lambda: Agreement.objects.filter(pk=sent.pk).update(state="draft", sent_on=None),
    ):
        with the_database_refuses(), transaction.atomic():
            attempt()


def test_a_party_that_joins_later_is_asked_at_once(sent: Agreement, secretary: Any, digi: Collaboration) -> None:
    late = Organisation.objects.create(kind="municipality", number="1874", name="Moskenes")
    agreements.add_party(agreement=sent, organisation=late, by=secretary)
    asked = Adoption.objects.get(organisation=late)
    assert asked.agreement == sent and asked.state == "open"
    with pytest.raises(NotAllowedNow):
        agreements.add_party(agreement=sent, organisation=late, by=secretary)


def test_a_party_without_a_municipal_council_is_not_asked(sent: Agreement, secretary: Any) -> None:
    county = Organisation.objects.create(kind="county", name="Nordland fylkeskommune")
    agreements.add_party(agreement=sent, organisation=county, by=secretary)
    assert not Adoption.objects.filter(organisation=county).exists()


def test_nobody_ends_an_agreement_in_force_for_its_parties(
    client: Client, sent: Agreement, directors: dict[str, Any], secretary: Any
) -> None:
    for name in ("Sortland", "Bø"):
        says(of(sent, name), directors[name])
    client.force_login(secretary)
    assert client.post(f"{sent.get_absolute_url()}avslutt/").status_code == 409
    assert fresh(sent).is_in_force()
    assert client.post(f"{sent.get_absolute_url()}opplosning/", {"version": fresh(sent).version}).status_code == 302
    asked = Adoption.objects.filter(dissolves=sent)
    assert {one.organisation.name for one in asked} == {"Sortland", "Bø"}
    says(asked.get(organisation__name="Bø"), directors["Bø"], day=date(2026, 5, 1))
    assert client.post(f"{sent.get_absolute_url()}avslutt/").status_code == 409
    says(asked.get(organisation__name="Sortland"), directors["Sortland"], day=date(2026, 5, 2))
    assert client.post(f"{sent.get_absolute_url()}avslutt/").status_code == 302
    assert not fresh(sent).is_in_force()
    assert client.post(f"{sent.get_absolute_url()}avslutt/").status_code == 409


def test_an_agreement_that_binds_nobody_is_ended_at_once(sent: Agreement, secretary: Any) -> None:
    assert agreements.end_agreement(agreement=sent, by=secretary).ended_on == timezone.localdate()


def test_sending_keeps_the_agreement_as_a_pdf(sent: Agreement, secretary: Any) -> None:
    job = jobs.run(Job.objects.get(kind="governance.agreement").pk)
    assert job.state == "done", job.error
    kept = Document.objects.get(kind="governance.agreement")
    assert files.content(kept).startswith(b"%PDF")
    assert kept.made_from["sections"]["background"] == SECTIONS["background"]


def test_the_pdf_tells_the_rule_the_sections_and_the_parties(
    sent: Agreement, directors: dict[str, Any], secretary: Any
) -> None:
    says(of(sent, "Sortland"), directors["Sortland"])
    job = jobs.run(agreements.order_document(agreement=fresh(sent), by=secretary).pk)
    text = text_of(files.content(job.document))
    for expected in ("Tekst om", "Verdi for Sortland", "Lødingen", "5/26"):
        assert expected in text


def test_the_list_counts_what_the_page_tells(
    client: Client, sent: Agreement, draft: Agreement, directors: dict[str, Any], digi: Collaboration, secretary: Any
) -> None:
    agreements.create_agreement(collaboration=digi, title="Neste", by=secretary)
    says(of(sent, "Sortland"), directors["Sortland"])
    client.force_login(directors["Bø"])
    rows = {row.record.title: row.record for row in client.get("/vesteralen/avtaler/").context_data["table"].rows}
    found = rows[sent.title]
    assert (found.section_count, found.party_count, found.yes_count, found.undecided_count) == (8, 6, 1, 5)
    assert (rows["Neste"].section_count, rows["Neste"].party_count, rows["Neste"].undecided_count) == (0, 6, 0)
    assert client.get("/vesteralen/avtaler/?format=xlsx").status_code == 200


def test_the_list_asks_no_more_when_there_are_more(
    client: Client, digi: Collaboration, sent: Agreement, secretary: Any, django_assert_max_num_queries: Any
) -> None:
    client.force_login(secretary)
    client.get("/vesteralen/avtaler/")
    with django_assert_max_num_queries(60) as few:
        client.get("/vesteralen/avtaler/")
    for number in range(5):
        agreements.create_agreement(collaboration=digi, title=f"Avtale {number}", by=secretary)
    with django_assert_max_num_queries(len(few)):
        client.get("/vesteralen/avtaler/")


@pytest.mark.parametrize(
    "changes", [{"state": "sent"}, {"period_from": date(2026, 1, 1), "period_to": date(2025, 1, 1)}]
)
def test_the_database_refuses_nonsense(draft: Agreement, changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=draft.pk).update(**changes)


@pytest.mark.parametrize(
    ("ends", "months", "by"),
    [
        (date(2029, 12, 31), 12, date(2028, 12, 31)),
        (date(2029, 3, 31), 1, date(2029, 2, 28)),
        (date(2028, 3, 31), 1, date(2028, 2, 29)),
        (date(2029, 1, 15), 3, date(2028, 10, 15)),
        (None, 12, None),
        (date(2029, 12, 31), None, None),
    ],
)
def test_the_last_day_to_give_notice_follows_from_the_period(ends: Any, months: Any, by: Any) -> None:
    assert Agreement(period_to=ends, notice_months=months).notice_by == by


def test_the_notice_is_written_with_the_draft_and_shown_to_all(
    client: Any, digi: Any, secretary: Any, director: Any
) -> None:
    client.force_login(secretary)
    where = reverse("new_agreement", args=[digi.slug])
    assert client.post(where, {"title": "Avtale", "notice_months": "0"}).status_code == 200
    client.post(where, {"title": "Avtale", "period_to": "31.12.2029", "notice_months": "12"})
    made = Agreement.objects.get()
    write = reverse("write_agreement", args=[digi.slug, made.slug])
    client.post(write, {"title": "Avtale", "period_to": "31.12.2029", "notice_months": "6", "version": made.version})
    client.force_login(director)
    assert "30. juni 2029" in client.get(made.get_absolute_url()).content.decode()
