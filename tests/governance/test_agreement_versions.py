"""Versions of an agreement: who must adopt what, when it holds, how one joins and leaves (rule 1, R8, R13, R15)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.documents import files, jobs
from digivesteralen.documents.uploads import Upload
from governance import agreement_changes, agreement_dates
from governance.actions import adoptions, agreement_exits, agreement_texts, agreement_versions, agreements
from governance.models import (
    Adoption,
    AgendaItem,
    Agreement,
    AgreementParty,
    AgreementSection,
    Body,
    Collaboration,
    Organisation,
    Resolution,
)
from tests.governance.meeting_helpers import held
from tests.people import appoint, person
from tests.printed import text_of
from tests.refusals import the_database_refuses

pytestmark = pytest.mark.django_db

SECTIONS = {kind: f"Tekst om {label}." for kind, label in AgreementSection.Kind.choices}
EXTRACT = Upload(b"%PDF-1.7 extract", "saerutskrift.pdf", "application/pdf")
THREE = ("Sortland", "Hadsel", "Bø")
SENT, JOINED = date(2026, 1, 10), date(2026, 2, 1)
KO = [
    "name",
    "entity",
    "members",
    "tasks",
    "contributions",
    "shares",
    "borrowing",
    "reporting",
    "leaving",
    "dissolving",
]


def says(
    adoption: Adoption, by: Any, state: str = "adopted", day: date = JOINED, who: str = "Kommunestyret"
) -> Adoption:
    told: dict[str, Any] = {"conditions": "Tak på kostnaden"} if state == "reserved" else {}
    return adoptions.register_adoption(
        adoption=adoption, state=state, decided_by=who, decided_on=day, case_number="5/26", by=by, **told
    )


def of(agreement: Agreement, name: str) -> Adoption:
    return agreement.adoptions.get(organisation__name=name)


def fresh(agreement: Agreement) -> Agreement:
    return Agreement.objects.whole().get(pk=agreement.pk)


def begin(digi: Collaboration, by: Any, **facts: Any) -> Agreement:
    three = list(Organisation.objects.filter(name__in=THREE))
    made = agreements.create_agreement(collaboration=digi, title="Avtale", parties=three, by=by, **facts)
    for place in three:
        agreements.write_value(agreement=made, organisation=place, value=f"Verdi for {place}", by=by)
    return fresh(made)


@pytest.fixture
def standing(digi: Collaboration, secretary: Any, directors: dict[str, Any]) -> Agreement:
    """A plain agreement in force with three; small changes go to the steering group; six months' notice."""
    made = begin(digi, secretary, other_changes="steering", notice_months=6)
    made = agreements.write_agreement(agreement=made, notice_months=6, sections=SECTIONS, by=secretary)
    sent = agreements.send_agreement(agreement=made, sent_on=SENT, by=secretary)
    for name in THREE:
        says(of(sent, name), directors[name])
    return fresh(sent)


@pytest.fixture
def task_body(digi: Collaboration, secretary: Any) -> Agreement:
    """A draft of a KO that settles all ten points, in one clause each."""
    made = begin(digi, secretary, form="ko", entity_name="Vesterålen arkiv KO")
    for key in KO:
        agreement_texts.write_clause(
            agreement=made, heading=f"Om {key}", text=f"Slik er {key}.", meets=[key], by=secretary
        )
    return fresh(made)


def changed(standing: Agreement, by: Any, kind: str) -> Agreement:
    """A second version, with one section changed."""
    made = agreement_versions.new_version(agreement=standing, what_changed="Ett avsnitt", why="Nye behov", by=by)
    clause = made.sections.get(kind=kind)
    agreement_texts.write_clause(agreement=made, clause=clause, heading=str(clause), text="Ny tekst her.", by=by)
    return fresh(made)


def test_a_new_version_is_a_copy_that_says_what_and_why(client: Client, standing: Agreement, secretary: Any) -> None:
    client.force_login(secretary)
    url = f"{standing.get_absolute_url()}ny-versjon/"
    assert client.post(url, {"what_changed": "Finansiering", "why": ""}).context_data["form"].errors
    assert client.post(url, {"what_changed": "Finansiering", "why": "Ny nøkkel"}).status_code == 302
    made = Agreement.objects.whole().get(number=2)
    assert (made.follows, made.first) == (standing, standing)
    assert [str(one) for one in made.clauses] == [str(one) for one in standing.clauses]
    assert made.parties.count() == 3
    assert client.get(url).status_code == 409


def test_what_binds_the_municipalities_asks_every_party_again(
    standing: Agreement, secretary: Any, directors: dict[str, Any]
) -> None:
    second = changed(standing, secretary, "financing")
    sent = agreements.send_agreement(agreement=second, sent_on=date(2026, 3, 1), by=secretary)
    assert sent.way == Agreement.Way.EVERY
    assert Adoption.objects.filter(agreement=sent).count() == 3
    for name in THREE[:2]:
        says(of(sent, name), directors[name], day=date(2026, 4, 1))
    with pytest.raises(NotAllowedNow, match="Bø"):
        agreement_versions.set_in_force(agreement=fresh(sent), effective_from=date(2026, 5, 1), by=secretary)
    says(of(sent, "Bø"), directors["Bø"], "reserved", date(2026, 4, 1))
    with pytest.raises(NotAllowedNow, match="Bø"):
        agreement_versions.set_in_force(agreement=fresh(sent), effective_from=date(2026, 5, 1), by=secretary)
    adoptions.correct(
        adoption=of(sent, "Bø"), state="adopted", decided_by="Kommunestyret", decided_on=date(2026, 4, 20),
        case_number="9/26", reason="Forbeholdet er trukket", by=directors["Bø"],
    )  # fmt: skip
    with pytest.raises(NotAllowedNow):
        agreement_versions.set_in_force(agreement=fresh(sent), effective_from=date(2026, 4, 10), by=secretary)
    agreement_versions.set_in_force(agreement=fresh(sent), effective_from=date(2026, 5, 1), by=secretary)
    assert [fresh(one).is_in_force(date(2026, 4, 30)) for one in (standing, sent)] == [True, False]
    assert [fresh(one).is_in_force(date(2026, 5, 1)) for one in (standing, sent)] == [False, True]


def test_the_rest_follows_the_agreed_rule_and_tells_the_resolution(standing: Agreement, secretary: Any) -> None:
    second = changed(standing, secretary, "organisation")
    with pytest.raises(NotAllowedNow):
        agreements.send_agreement(agreement=second, by=secretary)
    told: dict[str, Any] = {"resolved_by": "Styringsgruppen, sak 4/26", "resolved_on": date(2026, 3, 15)}
    with pytest.raises(NotAllowedNow):  # words alone bind nobody
        agreements.send_agreement(agreement=fresh(second), sent_on=date(2026, 3, 16), by=secretary, **told)
    told["extract"] = EXTRACT
    with pytest.raises(NotAllowedNow, match="1. februar 2026"):
        agreements.send_agreement(agreement=fresh(second), by=secretary, **{**told, "resolved_on": SENT})
    sent = agreements.send_agreement(agreement=fresh(second), sent_on=date(2026, 3, 16), by=secretary, **told)
    assert not Adoption.objects.filter(agreement=sent).exists()
    with pytest.raises(NotAllowedNow):
        agreement_versions.set_in_force(agreement=fresh(sent), effective_from=date(2026, 3, 1), by=secretary)
    agreement_versions.set_in_force(agreement=fresh(sent), effective_from=date(2026, 3, 16), by=secretary)
    now = fresh(sent)
    assert now.is_in_force() and {one.organisation.name for one in now.acceded} == set(THREE)


def test_only_the_body_that_the_rule_names_adopts_a_draft_that_was_begun(
    digi: Collaboration, standing: Agreement, secretary: Any
) -> None:
    steering = Body.objects.get(kind="steering")
    group = Body.objects.create(
        collaboration=digi, kind="working", name="Arbeidsgruppen", slug="arbeidsgruppen", level=2
    )
    appoint(person("Ressursperson"), "steering", group, represents=Organisation.objects.get(name="Bø"))
    second = changed(standing, secretary, "organisation")
    of_group, of_steering = (held(body, secretary).items.get().resolution for body in (group, steering))
    with pytest.raises(NotAllowedNow, match="Arbeidsgruppen"):
        agreements.send_agreement(agreement=fresh(second), resolution=of_group, by=secretary)
    earlier = timezone.now() - timedelta(days=3)
    with transaction.atomic():
        of_steering.item.meeting.starts_at = earlier
        with pytest.raises(NotAllowedNow):
            agreements.send_agreement(agreement=fresh(second), resolution=of_steering, by=secretary)
        transaction.set_rollback(True)
    of_steering.refresh_from_db()
    of_steering = Resolution.objects.get(pk=of_steering.pk)
    assert agreements.send_agreement(agreement=fresh(second), resolution=of_steering, by=secretary).way == "rule"


def test_two_thirds_are_seen_in_the_votes(standing: Agreement) -> None:
    told = {"item": AgendaItem(), "outcome": "as_proposed", "unanimous": False}
    rule = Agreement.Rule.TWO_THIRDS
    assert agreements.too_few(rule, Resolution(**told))
    assert agreements.too_few(rule, Resolution(votes_for=3, votes_against=2, **told))
    assert not agreements.too_few(rule, Resolution(votes_for=4, votes_against=2, **told))
    assert not agreements.too_few(rule, Resolution(**{**told, "unanimous": True}))


def test_a_municipality_that_objects_takes_the_new_version_out_of_force(
    standing: Agreement, secretary: Any, directors: dict[str, Any]
) -> None:
    sent = agreements.send_agreement(
        agreement=changed(standing, secretary, "roles"), sent_on=date(2026, 3, 1), by=secretary
    )
    for name in THREE:
        says(of(sent, name), directors[name], day=date(2026, 4, 1))
    agreement_versions.set_in_force(agreement=fresh(sent), effective_from=date(2026, 4, 1), by=secretary)
    adoptions.correct(
        adoption=of(sent, "Bø"), state="not_adopted", decided_by="Kommunestyret", decided_on=date(2026, 4, 2),
        case_number="9/26", reason="Feil ført", by=directors["Bø"],
    )  # fmt: skip
    assert (fresh(sent).effective_from, fresh(standing).replaced_on) == (None, None)
    assert fresh(standing).is_in_force()


def test_a_yes_to_a_version_that_is_replaced_belongs_to_the_new_one(
    digi: Collaboration, secretary: Any, directors: dict[str, Any], standing: Agreement
) -> None:
    """Else the late municipality would be party to what no longer stands, and block the version that does."""
    andoy = Organisation.objects.get(name="Andøy")
    agreements.add_party(agreement=standing, organisation=andoy, value="Verdi for Andøy", by=secretary)
    second = changed(fresh(standing), secretary, "financing")
    sent = agreements.send_agreement(agreement=second, sent_on=date(2026, 3, 1), by=secretary)
    for name in THREE:
        says(of(sent, name), directors[name], day=date(2026, 4, 1))
    agreement_versions.set_in_force(agreement=fresh(sent), effective_from=date(2026, 4, 1), by=secretary)
    with pytest.raises(NotAllowedNow, match="2"):
        says(of(standing, "Andøy"), directors["Andøy"], day=date(2026, 5, 1))
    # Put in the database past the verb, it still stops no change of the version in force.
    told: dict[str, Any] = {"state": "adopted", "decided_by": "x", "case_number": "1", "registered_at": timezone.now()}
    late = Adoption.objects.filter(pk=of(standing, "Andøy").pk)
    late.update(decided_on=date(2026, 5, 1), registered_by=secretary, **told)
    bo = Organisation.objects.get(name="Bø")
    assert agreement_exits.ask_about_exit(agreement=fresh(sent), organisation=bo, by=secretary).leaves == standing
    assert fresh(sent).is_in_force()


def test_a_no_to_a_version_that_is_replaced_and_a_mended_yes_are_still_registered(
    digi: Collaboration, secretary: Any, directors: dict[str, Any], standing: Agreement
) -> None:
    andoy = Organisation.objects.get(name="Andøy")
    agreements.add_party(agreement=standing, organisation=andoy, value="Verdi for Andøy", by=secretary)
    second = changed(fresh(standing), secretary, "financing")
    sent = agreements.send_agreement(agreement=second, sent_on=date(2026, 3, 1), by=secretary)
    for name in THREE:
        says(of(sent, name), directors[name], day=date(2026, 4, 1))
    agreement_versions.set_in_force(agreement=fresh(sent), effective_from=date(2026, 4, 1), by=secretary)
    assert says(of(standing, "Andøy"), directors["Andøy"], "not_adopted", date(2026, 5, 1)).is_decided
    mended = adoptions.correct(
        adoption=of(standing, "Bø"), state="adopted", decided_by="Kommunestyret", decided_on=JOINED,
        case_number="6/26", reason="Feil saksnummer", by=directors["Bø"],
    )  # fmt: skip
    assert mended.says_yes
    assert fresh(sent).is_in_force()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=st.lists(st.sampled_from(["open", "adopted", "reserved", "not_adopted"]), min_size=3, max_size=3))
def test_no_version_holds_before_all_that_are_needed_have_adopted_it(
    answers: list[str], standing: Agreement, secretary: Any, directors: dict[str, Any]
) -> None:
    """Whatever they answer: by the verb, and by writing in the database."""
    with transaction.atomic():
        second = changed(fresh(standing), secretary, "period")
        sent = agreements.send_agreement(agreement=second, sent_on=date(2026, 3, 1), by=secretary)
        for name, state in zip(THREE, answers, strict=True):
            if state != "open":
                says(of(sent, name), directors[name], state, date(2026, 4, 1))
        if all(state == "adopted" for state in answers):
            agreement_versions.set_in_force(agreement=fresh(sent), effective_from=date(2026, 4, 1), by=secretary)
            assert fresh(sent).is_in_force()
        else:
            with pytest.raises(NotAllowedNow):
                agreement_versions.set_in_force(agreement=fresh(sent), effective_from=date(2026, 4, 1), by=secretary)
            with the_database_refuses(), transaction.atomic():
                Agreement.objects.filter(pk=sent.pk).update(effective_from=date(2026, 4, 1))
            assert not fresh(sent).is_in_force()
        transaction.set_rollback(True)


def test_one_open_version_at_a_time(standing: Agreement, secretary: Any) -> None:
    second = changed(standing, secretary, "roles")
    with pytest.raises(NotAllowedNow, match="2"):
        agreement_versions.new_version(agreement=standing, what_changed="x", why="y", by=secretary)
    known = {"collaboration": standing.collaboration, "title": "Avtale", "what_changed": "x", "why": "y"}
    with the_database_refuses(), transaction.atomic():
        Agreement.objects.create(slug="tredje", first=standing, follows=standing, number=3, **known)
    agreements.send_agreement(agreement=second, by=secretary)
    with pytest.raises(NotAllowedNow):
        agreement_versions.new_version(agreement=fresh(standing), what_changed="x", why="y", by=secretary)


def test_a_version_without_a_change_is_not_sent(standing: Agreement, secretary: Any) -> None:
    made = agreement_versions.new_version(agreement=standing, what_changed="x", why="y", by=secretary)
    with translation.override("en"), pytest.raises(NotAllowedNow, match="Nothing is changed"):
        agreements.send_agreement(agreement=fresh(made), by=secretary)


def test_only_the_secretariat_makes_versions(client: Client, standing: Agreement, directors: dict[str, Any]) -> None:
    with pytest.raises(PermissionDenied):
        agreement_versions.new_version(agreement=standing, what_changed="x", why="y", by=directors["Bø"])
    client.force_login(directors["Bø"])
    for part in ("ny-versjon/", "klausul/", "plikt/", "i-kraft/", "opplosning/"):
        assert client.get(f"{standing.get_absolute_url()}{part}").status_code == 403
    assert client.get(standing.get_absolute_url()).status_code == 200


# --- what has been sent stands ------------------------------------------------------------------------


def test_what_was_sent_is_changed_by_nobody(standing: Agreement, secretary: Any, hadsel: Organisation) -> None:
    clause, party = standing.sections.first(), standing.parties.get(organisation=hadsel)
    assert clause is not None
    for attempt in (
        lambda: Agreement.objects.filter(pk=standing.pk).update(title="Annet"),
        lambda: Agreement.objects.filter(pk=standing.pk).update(notice_months=1),
        lambda: AgreementSection.objects.filter(pk=clause.pk).update(meets=["name"]),
        lambda: AgreementSection.objects.create(agreement=standing, heading="Ny", text="Ny klausul"),
        lambda: AgreementParty.objects.filter(pk=party.pk).update(value="Annen verdi"),
        lambda: AgreementParty.objects.filter(pk=party.pk).delete(),
        lambda: AgreementParty.objects.filter(pk=party.pk).update(left_on=timezone.localdate()),
    ):
        with the_database_refuses(), transaction.atomic():
            attempt()
    with pytest.raises(NotAllowedNow):
        agreement_texts.write_clause(agreement=standing, heading="Ny", text="Ny klausul", by=secretary)


# --- the law's checklist ------------------------------------------------------------------------------


def test_a_missing_point_is_told_by_name_and_stops_the_sending(task_body: Agreement, secretary: Any) -> None:
    agreement_texts.remove_clause(
        agreement=task_body, clause=task_body.sections.get(meets=["dissolving"]), by=secretary
    )
    with translation.override("nb"), pytest.raises(NotAllowedNow, match=r"arkivet.*§ 19-4"):
        agreements.send_agreement(agreement=fresh(task_body), by=secretary)


def test_the_name_of_a_task_body_says_so(task_body: Agreement, secretary: Any) -> None:
    agreements.write_agreement(agreement=task_body, sections={}, entity_name="Arkivtjenesten", by=secretary)
    assert any("KO" in sentence for sentence in agreements.missing(fresh(task_body)))


def test_the_council_itself_decides_on_a_task_body(
    task_body: Agreement, secretary: Any, directors: dict[str, Any]
) -> None:
    sent = agreements.send_agreement(agreement=task_body, sent_on=SENT, by=secretary)
    with pytest.raises(NotAllowedNow, match="§"):
        says(of(sent, "Bø"), directors["Bø"], who="Kommunedirektøren")
    says(of(sent, "Bø"), directors["Bø"], who="Kommunestyret")
    late = Organisation.objects.create(kind="municipality", number="1874", name="Moskenes")
    with pytest.raises(NotAllowedNow):
        agreements.add_party(agreement=sent, organisation=late, by=secretary)


def test_the_page_of_a_task_body_shows_the_checklist_and_a_plain_one_does_not(
    client: Client, task_body: Agreement, standing: Agreement, secretary: Any
) -> None:
    client.force_login(secretary)
    assert "kommuneloven § 19-4" in client.get(task_body.get_absolute_url()).content.decode()
    assert "sjekkliste" not in client.get(standing.get_absolute_url()).content.decode()


def test_clauses_are_moved_and_their_numbers_follow(client: Client, task_body: Agreement, secretary: Any) -> None:
    client.force_login(secretary)
    second = task_body.clauses[1]
    assert client.post(f"{task_body.get_absolute_url()}klausul/{second.pk}/flytt/opp/").status_code == 302
    assert [str(one) for one in fresh(task_body).clauses][:2] == ["Om entity", "Om name"]
    told = {"heading": "Navn", "text": "Ny", "meets": ["name"], "version": fresh(task_body).version}
    assert client.post(f"{task_body.get_absolute_url()}klausul/{second.pk}/", told).status_code == 302
    with pytest.raises(NotAllowedNow):
        agreement_texts.write_clause(agreement=task_body, heading="x", text="y", meets=["vits"], by=secretary)


# --- comparing ----------------------------------------------------------------------------------------


@given(old=st.text(alphabet="ab å.\n", max_size=40), new=st.text(alphabet="ab å.\n", max_size=40))
def test_the_words_of_a_comparison_are_the_words_of_both_versions(old: str, new: str) -> None:
    told = agreement_changes.words_of(old, new)
    assert "".join(text for kind, text in told if kind != "added") == old
    assert "".join(text for kind, text in told if kind != "removed") == new


def test_two_versions_are_compared_clause_by_clause(client: Client, standing: Agreement, secretary: Any) -> None:
    second = changed(standing, secretary, "roles")
    agreement_texts.write_clause(agreement=second, heading="Personvern", text="Databehandleravtale.", by=secretary)
    kinds = [change.kind for change in agreement_changes.compare(standing, fresh(second))]
    assert (kinds.count("same"), kinds.count("changed"), kinds.count("new")) == (7, 1, 1)
    client.force_login(secretary)
    page = client.get(f"{second.get_absolute_url()}sammenlign/1/").content.decode()
    assert "<ins>" in page and "<del>" in page and "Personvern" in page


# --- joining and leaving ------------------------------------------------------------------------------


def test_a_party_leaves_by_its_own_decision_after_the_notice(
    client: Client, standing: Agreement, secretary: Any, directors: dict[str, Any], hadsel: Organisation
) -> None:
    client.force_login(secretary)
    url = f"{standing.get_absolute_url()}part/{hadsel.pk}/gar-ut/"
    assert client.post(url, {"version": standing.version}).status_code == 302
    asked = Adoption.objects.get(leaves=standing)
    assert fresh(standing).last_days == {}
    with pytest.raises(NotAllowedNow):
        agreement_exits.ask_about_exit(agreement=fresh(standing), organisation=hadsel, by=secretary)
    says(asked, directors["Hadsel"], day=date(2026, 3, 31))
    now = fresh(standing)
    assert now.last_days == {hadsel.pk: date(2026, 9, 30)}
    assert len(now.acceded_on(date(2026, 9, 30))) == 3 and len(now.acceded_on(date(2026, 10, 1))) == 2
    assert "30. september 2026" in client.get(standing.get_absolute_url()).content.decode()


def test_a_party_puts_to_its_own_body_that_it_leaves_without_being_asked(
    client: Client, standing: Agreement, directors: dict[str, Any], hadsel: Organisation
) -> None:
    director = directors["Hadsel"]
    client.force_login(director)
    url = f"{standing.get_absolute_url()}part/{hadsel.pk}/vil-ut/"
    assert url in client.get(standing.get_absolute_url()).content.decode()
    assert Adoption.objects.filter(leaves=standing).count() == 0
    assert client.post(url, {"version": standing.version}).status_code == 302
    asked = Adoption.objects.get(leaves=standing)
    assert (asked.organisation, asked.state, fresh(standing).last_days) == (hadsel, Adoption.State.OPEN, {})
    assert client.post(url, {"version": fresh(standing).version}).status_code == 409
    says(asked, director, day=date(2026, 3, 31))
    assert fresh(standing).last_days == {hadsel.pk: date(2026, 9, 30)}
    assert url not in client.get(standing.get_absolute_url()).content.decode()


def test_nobody_wishes_to_leave_for_another_municipality(
    client: Client, standing: Agreement, secretary: Any, directors: dict[str, Any], hadsel: Organisation
) -> None:
    url = f"{standing.get_absolute_url()}part/{hadsel.pk}/vil-ut/"
    for who in (directors["Sortland"], secretary):
        client.force_login(who)
        assert client.post(url, {"version": standing.version}).status_code == 403
        assert url not in client.get(standing.get_absolute_url()).content.decode()
    assert not Adoption.objects.filter(leaves=standing).exists()


def test_a_decision_to_leave_that_is_taken_back_takes_the_day_away(
    standing: Agreement, secretary: Any, directors: dict[str, Any], hadsel: Organisation
) -> None:
    asked = agreement_exits.ask_about_exit(agreement=standing, organisation=hadsel, by=secretary)
    said = says(asked, directors["Hadsel"], day=date(2026, 3, 31))
    adoptions.correct(
        adoption=said, state="not_adopted", decided_by="Kommunestyret", decided_on=date(2026, 3, 31),
        case_number="9/26", reason="Feil ført", by=directors["Hadsel"],
    )  # fmt: skip
    assert fresh(standing).last_days == {}


def test_nobody_leaves_before_it_joined_or_without_being_a_party(
    standing: Agreement, secretary: Any, directors: dict[str, Any], hadsel: Organisation
) -> None:
    with pytest.raises(NotAllowedNow):
        agreement_exits.ask_about_exit(
            agreement=standing, organisation=Organisation.objects.get(name="Andøy"), by=secretary
        )
    with pytest.raises(NotAllowedNow):
        agreement_exits.ask_about_exit(
            agreement=standing, organisation=hadsel, agreed_last_day=date(2025, 1, 1), by=secretary
        )
    asked = agreement_exits.ask_about_exit(agreement=fresh(standing), organisation=hadsel, by=secretary)
    with pytest.raises(NotAllowedNow):
        says(asked, directors["Hadsel"], day=JOINED - timedelta(days=1))


@pytest.mark.parametrize(
    ("form", "months", "last"),
    [("agreement", 6, date(2026, 9, 30)), ("agreement", None, None), ("host", None, date(2027, 3, 31)),
     ("host", 3, date(2026, 6, 30)), ("ko", None, None)],
)  # fmt: skip
def test_the_last_day_follows_the_agreement_else_the_act(form: str, months: int | None, last: date | None) -> None:
    given_on = date(2026, 3, 31)
    assert agreement_dates.last_day(Agreement(form=form, notice_months=months), given_on) == last
    assert agreement_dates.last_day(Agreement(form=form), given_on, date(2026, 5, 1)) == date(2026, 5, 1)
    assert bool(agreement_dates.liability(Agreement(form=form), given_on)) == (form == "ko")


def test_a_party_that_left_counts_no_more_in_the_list(
    client: Client, standing: Agreement, secretary: Any, directors: dict[str, Any], hadsel: Organisation
) -> None:
    asked = agreement_exits.ask_about_exit(
        agreement=standing, organisation=hadsel, agreed_last_day=date(2026, 4, 1), by=secretary
    )
    assert "1. april 2026" in asked.proposal
    says(asked, directors["Hadsel"], day=date(2026, 3, 31))
    client.force_login(secretary)
    row = client.get("/vesteralen/avtaler/").context_data["table"].rows[0].record
    assert (row.yes_count, len(row.acceded), row.is_in_force()) == (2, 2, True)
    with translation.override("en"):
        assert "1 have left" in str(row.force_sentence)


# --- obligations, lists, papers -----------------------------------------------------------------------


def test_obligations_tell_who_what_and_when(client: Client, task_body: Agreement, secretary: Any) -> None:
    client.force_login(secretary)
    url = f"{task_body.get_absolute_url()}plikt/"
    told = {"kind": "project", "text": "Betale sin del", "due": "1. februar", "version": task_body.version}
    assert client.post(url, told).status_code == 302
    assert "Betale sin del" in client.get(task_body.get_absolute_url()).content.decode()
    stranger = Organisation.objects.get(name="Andøy")
    with pytest.raises(NotAllowedNow):
        agreement_texts.write_obligation(agreement=fresh(task_body), organisation=stranger, text="Noe", by=secretary)
    elsewhere = begin(task_body.collaboration, secretary)
    theirs = agreement_texts.write_obligation(agreement=elsewhere, text="Deres egen", by=secretary)
    with pytest.raises(NotAllowedNow):
        agreement_texts.write_obligation(agreement=fresh(task_body), obligation=theirs, text="Noe annet", by=secretary)
    theirs.refresh_from_db()
    assert theirs.text == "Deres egen"


def test_the_list_is_filtered_and_shows_when_agreements_end(
    client: Client, digi: Collaboration, standing: Agreement, secretary: Any
) -> None:
    soon = timezone.localdate() + timedelta(days=100)
    agreements.create_agreement(
        collaboration=digi, title="Snart ute", period_from=date(2024, 1, 1), period_to=soon, by=secretary
    )
    client.force_login(secretary)
    page = client.get("/vesteralen/avtaler/?ends=6")
    assert [row.record.title for row in page.context_data["table"].rows] == ["Snart ute"]
    assert page.context_data["timeline"] is not None
    assert [row.record.title for row in client.get("/vesteralen/avtaler/?state=sent").context_data["table"].rows] == [
        "Avtale"
    ]


def test_the_list_and_the_page_ask_no_more_when_there_are_more_versions(
    client: Client, digi: Collaboration, standing: Agreement, secretary: Any, django_assert_max_num_queries: Any
) -> None:
    client.force_login(secretary)
    for url in ("/vesteralen/avtaler/?earlier=alle", standing.get_absolute_url()):
        client.get(url)
    counts = {}
    for url in ("/vesteralen/avtaler/?earlier=alle", standing.get_absolute_url()):
        with django_assert_max_num_queries(80) as asked:
            client.get(url)
        counts[url] = len(asked)
    for day in (date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)):
        newest = Agreement.objects.whole().order_by("-number").first()
        assert newest is not None
        made = changed(newest, secretary, "organisation")
        clause = made.sections.get(kind="organisation")
        agreement_texts.write_clause(agreement=made, clause=clause, heading="O", text=f"Den {day}.", by=secretary)
        told: dict[str, Any] = {"resolved_by": "Styringsgruppen, sak 4/26", "resolved_on": day, "extract": EXTRACT}
        sent = agreements.send_agreement(agreement=fresh(made), sent_on=day, by=secretary, **told)
        agreement_versions.set_in_force(agreement=fresh(sent), effective_from=day, by=secretary)
    for url, number in counts.items():
        with django_assert_max_num_queries(number + 4):
            client.get(url)


def test_the_pdf_of_a_task_body_tells_clauses_points_and_obligations(task_body: Agreement, secretary: Any) -> None:
    agreement_texts.write_obligation(agreement=task_body, text="Velge to medlemmer", due="hvert valg", by=secretary)
    job = jobs.run(agreements.order_document(agreement=fresh(task_body), by=secretary).pk)
    assert job.state == "done", job.error
    text = text_of(files.content(job.document))
    for expected in ("10. Om dissolving", "§ 19-4", "Velge to medlemmer", "Vesterålen arkiv KO"):
        assert expected in text
