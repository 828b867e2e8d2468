"""A matter that was put to the municipalities: to whom, until when, who is reminded, and how far it has come."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from governance import consequences, matters
from governance.actions import adoptions, asking, forwarding, running
from governance.forms.matters import AskMoreForm, DeadlineForm
from governance.models import Adoption, Body, Case, Collaboration, Membership, Organisation, Region
from governance.tasks import reminders
from tests.governance.meeting_helpers import a_case, begun, held
from tests.people import LONG_AGO, municipality
from tests.refusals import the_database_refuses

pytestmark = pytest.mark.django_db

PROPOSAL = "Styringsgruppen støtter forslaget.\nSekretariatet følger opp."


@pytest.fixture
def recommended(steering: Body, secretary: Any, directors: Any) -> Case:
    """The steering group has recommended a case to the six municipalities."""
    case = a_case(steering, secretary, "Felles arkiv", asks_municipalities=True)
    held(steering, secretary, case)
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def asked(recommended: Case) -> matters.Matter:
    return the_matter(recommended)


def the_matter(case: Case) -> matters.Matter:
    found = matters.matter_of_case(case, Adoption.objects.all())
    assert found is not None
    return found


@pytest.fixture
def decides(directors: dict[str, Any]) -> Callable[..., Adoption]:
    """A municipality's director registers what the municipality has decided."""

    def decide(case: Case, name: str, state: str = "adopted", **more: Any) -> Adoption:
        adoption = Adoption.objects.get(case=case, organisation__name=name)
        told = {"decided_by": "Kommunestyret", "decided_on": timezone.localdate(), "case_number": "12/26", **more}
        return adoptions.register_adoption(adoption=adoption, state=state, by=directors[name], **told)

    return decide


def snapshot(*names: str) -> list[Any]:
    return list(Adoption.objects.filter(organisation__name__in=names).order_by("pk").values())


# --- To whom, until when, in which words ------------------------------------------------------


def test_one_recommendation_puts_one_row_to_each_municipality(asked: matters.Matter) -> None:
    assert [str(answer.organisation) for answer in asked.answers] == [
        "Andøy", "Bø", "Hadsel", "Lødingen", "Sortland", "Øksnes",
    ]  # fmt: skip
    assert {answer.proposal for answer in asked.answers} == {PROPOSAL}
    assert asked.not_asked == []


def test_a_municipality_that_joined_later_is_asked_by_the_secretariat(
    client: Client, asked: matters.Matter, digi: Collaboration, secretary: Any
) -> None:
    late = municipality("1865", "Vågan", 9700)
    Membership.objects.create(collaboration=digi, organisation=late, since=timezone.localdate())
    client.force_login(secretary)
    url = f"/vesteralen/vedtak/sak/{asked.key}/send/"
    assert "Vågan" in client.get(url).content.decode()
    day = timezone.localdate() + timedelta(days=30)
    assert client.post(url, {"organisations": [late.pk], "answer_by": f"{day:%d.%m.%Y}"}).status_code == 302
    new = Adoption.objects.get(organisation=late)
    assert (new.key, new.case, new.proposal, new.answer_by, new.state) == (
        asked.key, asked.case, PROPOSAL, day, "open",
    )  # fmt: skip
    assert client.post(url, {"organisations": [late.pk]}).status_code == 409, "all are asked now"
    assert Adoption.objects.filter(organisation=late).count() == 1


def test_asking_again_asks_nobody_twice_and_touches_no_answer(
    asked: matters.Matter, recommended: Case, six: list[Organisation], secretary: Any, decides: Any
) -> None:
    decides(recommended, "Bø", amount=Decimal(100))
    before = snapshot("Bø", "Hadsel")
    asking.ask_more(matter=the_matter(recommended), organisations=six, by=secretary)
    assert snapshot("Bø", "Hadsel") == before
    assert Adoption.objects.filter(key=asked.key).count() == 6


def test_an_unknown_municipality_is_refused_with_a_sentence(asked: matters.Matter, secretary: Any) -> None:
    stranger = municipality("0301", "Oslo", 700_000)
    with pytest.raises(NotAllowedNow, match="Oslo"):
        asking.ask_more(matter=asked, organisations=[stranger], by=secretary)
    form = AskMoreForm({"organisations": [stranger.pk]}, not_asked=[])
    assert not form.is_valid()


def test_the_deadline_moves_for_those_that_have_not_answered_alone(
    client: Client, asked: matters.Matter, recommended: Case, secretary: Any, decides: Any
) -> None:
    decides(recommended, "Bø")
    before, day = snapshot("Bø"), timezone.localdate() + timedelta(days=20)
    client.force_login(secretary)
    url = f"/vesteralen/vedtak/sak/{asked.key}/frist/"
    assert client.post(url, {"answer_by": f"{day:%d.%m.%Y}"}).status_code == 302
    assert snapshot("Bø") == before
    assert set(Adoption.objects.waiting().values_list("answer_by", "version")) == {(day, 2)}
    assert asking.move_deadline(matter=asked, answer_by=day, by=secretary) == 0, "nothing is written twice"


def test_a_deadline_in_the_past_is_refused_and_named(asked: matters.Matter, secretary: Any) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    form = DeadlineForm({"answer_by": f"{yesterday:%d.%m.%Y}"})
    assert f"{yesterday:%d.%m.%Y}" in form.errors["answer_by"][0]
    with pytest.raises(NotAllowedNow, match=f"{yesterday:%d.%m.%Y}"):
        asking.move_deadline(matter=asked, answer_by=yesterday, by=secretary)


def test_the_proposal_can_be_mended_until_somebody_has_begun(
    client: Client, asked: matters.Matter, recommended: Case, secretary: Any, directors: Any
) -> None:
    client.force_login(secretary)
    url = f"/vesteralen/vedtak/sak/{asked.key}/forslag/"
    assert client.post(url, {"proposal": "Kommunen deltar.", "version": asked.version}).status_code == 302
    assert set(Adoption.objects.values_list("proposal", flat=True)) == {"Kommunen deltar."}
    assert client.post(url, {"proposal": "For sent.", "version": asked.version}).status_code == 409, "stale"
    own = Adoption.objects.get(organisation__name="Sortland")
    adoptions.schedule(adoption=own, scheduled_on=timezone.localdate(), by=directors["Sortland"])
    refused = client.get(url)
    assert refused.status_code == 409
    assert "Sortland" in refused.content.decode()
    with pytest.raises(NotAllowedNow):
        asking.change_proposal(matter=the_matter(recommended), proposal="Nei.", by=secretary)


def test_a_proposal_written_from_an_old_page_is_stale(asked: matters.Matter, secretary: Any) -> None:
    asking.change_proposal(matter=asked, version=asked.version, proposal="Kommunen deltar.", by=secretary)
    with pytest.raises(Stale):
        asking.change_proposal(matter=asked, version=asked.version, proposal="Noe annet.", by=secretary)


def test_where_each_has_its_own_words_no_common_ones_are_written(asked: matters.Matter, secretary: Any) -> None:
    Adoption.objects.filter(organisation__name="Bø").update(proposal="Bø deltar.")
    found = matters.matter_of(asked.collaboration, asked.key, Adoption.objects.all())
    assert found is not None and found.proposal is None
    with pytest.raises(NotAllowedNow):
        asking.change_proposal(matter=found, proposal="Felles ord.", by=secretary)


@pytest.mark.parametrize("page", ["send", "frist", "forslag", "paminn"])
def test_only_the_secretariat_works_with_a_matter(
    client: Client, asked: matters.Matter, director: Any, outsider: Any, page: str
) -> None:
    url = f"/vesteralen/vedtak/sak/{asked.key}/{page}/"
    for user, status in ((director, 403), (outsider, 404)):
        client.force_login(user)
        assert client.get(url).status_code == status
        assert client.post(url).status_code == status
    with pytest.raises(PermissionDenied):
        asking.move_deadline(matter=asked, answer_by=timezone.localdate(), by=director)


def test_a_municipality_is_asked_once_in_each_matter(asked: matters.Matter, secretary: Any) -> None:
    first = asked.answers[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.create(
            collaboration=first.collaboration, organisation=first.organisation, key=first.key, matter="Igjen"
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.create(collaboration=first.collaboration, organisation=first.organisation, matter="Uten")
    with the_database_refuses("(?i)cannot update"), transaction.atomic():
        Adoption.objects.filter(pk=first.pk).update(key="en-annen-sak")


def test_the_same_title_later_is_a_matter_of_its_own(digi: Collaboration, sortland: Any, secretary: Any) -> None:
    told = {"collaboration": digi, "organisation": sortland, "matter": "Utmelding av Bø & co", "by": secretary}
    keys = [adoptions.open_adoption(**told).key for _time in range(3)]
    assert keys == ["om-utmelding-av-bo-co", "om-utmelding-av-bo-co-2", "om-utmelding-av-bo-co-3"]


# --- A body changes no municipality's decision (rule 1) ---------------------------------------


def test_no_verb_of_a_body_changes_what_a_municipality_has_decided(
    steering: Body, secretary: Any, recommended: Case, decides: Any
) -> None:
    decides(recommended, "Bø", amount=Decimal(100), hours=Decimal(5))
    decides(recommended, "Hadsel", state="not_adopted")
    before = snapshot("Bø", "Hadsel")
    for outcome in ("changed", "recommended", "not_adopted"):
        again = a_case(steering, secretary, f"Felles arkiv, {outcome}", asks_municipalities=True)
        meeting = begun(steering, secretary, again)
        running.resolve(item=meeting.items.get(), outcome=outcome, by=secretary)
        running.end_meeting(meeting=meeting, by=secretary)
    item = recommended.items.get()
    running.ask_municipalities(item.resolution, by=secretary)
    forwarding.forward_case(case=recommended, receiver="Fylkesstyret", by=secretary)
    known = [row["id"] for row in before]
    assert list(Adoption.objects.filter(pk__in=known).order_by("pk").values()) == before


# --- Reminders --------------------------------------------------------------------------------


def test_all_that_have_not_answered_are_reminded_once_a_day(
    client: Client, asked: matters.Matter, recommended: Case, secretary: Any, decides: Any, directors: Any
) -> None:
    decides(recommended, "Bø")
    client.force_login(secretary)
    url = f"/vesteralen/vedtak/sak/{asked.key}/paminn/"
    page = client.get(url)
    due = page.context_data["round"].due
    assert [str(answer.organisation) for answer in due] == ["Andøy", "Hadsel", "Lødingen", "Sortland", "Øksnes"]
    assert client.post(url).status_code == 302
    for job in Job.objects.filter(kind="governance.adoption_reminder"):
        assert jobs.run(job.pk).state == "done"
    assert sorted(message.to[0] for message in mail.outbox) == sorted(
        directors[name].email for name in ("Andøy", "Hadsel", "Lødingen", "Sortland", "Øksnes")
    )
    assert [str(one.organisation) for one in client.get(url).context_data["round"].told_today] == [
        str(answer.organisation) for answer in due
    ]
    assert client.post(url).status_code == 409, "nobody twice on one day"
    assert Job.objects.filter(kind="governance.adoption_reminder").count() == 5


def test_those_that_nobody_can_reach_are_named(client: Client, digi: Collaboration, secretary: Any) -> None:
    for place in digi.members():
        adoptions.open_adoption(collaboration=digi, organisation=place, matter="Felles arkiv", by=secretary)
    client.force_login(secretary)
    page = client.get("/vesteralen/vedtak/sak/om-felles-arkiv/paminn/")
    assert len(page.context_data["round"].unreachable) == 6
    assert "Send påminnelsene" not in page.content.decode()
    assert client.post("/vesteralen/vedtak/sak/om-felles-arkiv/paminn/").status_code == 409


@pytest.fixture
def waiting(digi: Collaboration, sortland: Organisation, director: Any, secretary: Any) -> Adoption:
    """Sortland was asked a long time ago."""
    return adoptions.open_adoption(
        collaboration=digi,
        organisation=sortland,
        matter="Digital byggesak",
        asked_on=timezone.localdate() - timedelta(days=60),
        by=secretary,
    )


def due_in(adoption: Adoption, days: int) -> None:
    Adoption.objects.filter(pk=adoption.pk).update(answer_by=timezone.localdate() + timedelta(days=days))


@pytest.mark.parametrize(("days", "reminded"), [(20, 0), (15, 0), (14, 1), (10, 0), (4, 0), (3, 1), (0, 0), (-1, 1)])
def test_the_portal_itself_reminds_before_the_deadline_and_when_it_is_past(
    waiting: Adoption, days: int, reminded: int
) -> None:
    due_in(waiting, days)
    reminders()
    reminders()
    sent = Job.objects.filter(kind="governance.adoption_reminder")
    assert sent.count() == reminded
    for job in sent:
        assert job.asked_by is None
        assert jobs.run(job.pk).state == "done"
    assert len(mail.outbox) == reminded


def test_over_the_weeks_each_reminder_comes_once(waiting: Adoption) -> None:
    due_in(waiting, 20)
    today, reminded = timezone.localdate(), []
    for days in range(30):
        if asking.remind_in_time(today + timedelta(days=days)):
            reminded.append(days)
        Job.objects.update(asked_at=timezone.now() - timedelta(days=1))
    assert reminded == [6, 17, 21]


def test_a_portal_that_stood_still_catches_up(waiting: Adoption) -> None:
    due_in(waiting, 13)
    assert asking.remind_in_time() == 1
    due_in(waiting, 11)
    assert asking.remind_in_time() == 0


def test_who_has_answered_or_was_told_today_or_asked_late_is_left_in_peace(
    waiting: Adoption, director: Any, secretary: Any
) -> None:
    due_in(waiting, 14)
    Adoption.objects.filter(pk=waiting.pk).update(asked_on=timezone.localdate())
    assert asking.remind_in_time() == 0, "asked with two weeks to go"
    Adoption.objects.filter(pk=waiting.pk).update(asked_on=timezone.localdate() - timedelta(days=60))
    asking.remind(adoption=waiting, by=secretary)
    assert asking.remind_in_time() == 0, "the secretariat has just reminded"
    Job.objects.update(asked_at=timezone.now() - timedelta(days=1))
    adoptions.register_adoption(
        adoption=Adoption.objects.get(pk=waiting.pk),
        state="not_adopted",
        decided_by="Kommunestyret",
        decided_on=timezone.localdate(),
        case_number="1/26",
        by=director,
    )
    assert asking.remind_in_time() == 0, "a no is an answer"


def test_a_reminder_tells_the_deadline_and_the_own_day(waiting: Adoption, director: Any) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    adoptions.schedule(adoption=waiting, scheduled_on=tomorrow, by=director)
    due_in(waiting, -1)
    reminders()
    jobs.run(Job.objects.get(kind="governance.adoption_reminder").pk)
    body = mail.outbox[0].body
    assert str(tomorrow.day) in body
    assert f"/vesteralen/vedtak/{waiting.pk}/" in body


# --- How far it has come ----------------------------------------------------------------------


def test_one_sentence_tells_the_body_and_the_municipalities(
    client: Client, recommended: Case, decides: Any, secretary: Any, director: Any
) -> None:
    decides(recommended, "Bø")
    decides(recommended, "Hadsel", state="reserved", conditions="Hvis prisen holder.")
    decides(recommended, "Andøy", state="not_adopted")
    Adoption.objects.filter(organisation__name="Øksnes").update(answer_by=timezone.localdate() - timedelta(days=1))
    forwarding.forward_case(case=recommended, receiver="Fylkesstyret", by=secretary)
    today = f"{timezone.localdate():%d.%m.%Y}"
    client.force_login(director)
    page = client.get(f"/vesteralen/vedtak/sak/{the_matter(recommended).key}/")
    sentence = page.context_data["matter"].sentence
    assert sentence in page.content.decode()
    assert sentence == (
        f"Styringsgruppen anbefalte {today} · 1 av 6 kommuner har vedtatt · 1 med forbehold · 1 ikke vedtatt"
        f" · 3 ikke svart · 1 av dem over fristen · oversendt Fylkesstyret {today}"
    )
    assert sentence in client.get(recommended.get_absolute_url()).content.decode()


def test_counted_in_memory_and_in_the_database_the_numbers_are_the_same(
    asked: matters.Matter, recommended: Case, decides: Any, directors: Any
) -> None:
    decides(recommended, "Bø", amount=Decimal("10.50"))
    decides(recommended, "Hadsel", state="reserved", conditions="x", amount=Decimal("5.25"))
    own = Adoption.objects.get(organisation__name="Sortland")
    adoptions.schedule(adoption=own, scheduled_on=timezone.localdate(), by=directors["Sortland"])
    Adoption.objects.filter(organisation__name__in=["Sortland", "Andøy"]).update(answer_by=date(2026, 1, 1))
    told = Adoption.objects.all().numbers()
    assert {name: told[name] for name in the_matter(recommended).numbers} == the_matter(recommended).numbers
    assert (told["scheduled"], told["untreated"], told["late"]) == (1, 3, 2)
    assert told["money"] == Decimal("15.75")


def test_what_is_objected_to_counts_as_not_answered(
    recommended: Case, secretary: Any, directors: Any, asked: matters.Matter
) -> None:
    from tests.governance.test_adoptions import decision, extract  # noqa: PLC0415 -- the words of a decision

    own = Adoption.objects.get(organisation__name="Sortland")
    own = adoptions.register_on_behalf(adoption=own, by=secretary, **decision(extract=extract(), amount=Decimal(9)))
    adoptions.object_to(adoption=own, objection="Utsatt.", by=directors["Sortland"])
    numbers = Adoption.objects.all().numbers()
    assert (numbers["adopted"], numbers["untreated"], numbers["money"]) == (0, 6, None)
    assert the_matter(recommended).numbers["untreated"] == 6


def test_the_map_has_a_tile_for_each_municipality_by_region_or_county(
    client: Client, director: Any, asked: matters.Matter, sortland: Organisation, hadsel: Organisation
) -> None:
    region = Region.objects.create(name="Indre Vesterålen")
    region.members.set([sortland, hadsel])
    client.force_login(director)
    page = client.get(f"/vesteralen/vedtak/sak/{asked.key}/")
    regions = page.context_data["regions"]
    assert [(heading, [tile.name for tile in tiles]) for heading, tiles in regions] == [
        ("Indre Vesterålen", ["Hadsel", "Sortland"]),
        ("Utenfor regionene: Nordland", ["Andøy", "Bø", "Lødingen", "Øksnes"]),
    ]
    region.delete()
    assert [heading for heading, _tiles in client.get("/vesteralen/vedtak/kart/").context_data["regions"]] == [
        "Nordland"
    ]


def test_each_number_leads_to_the_list_of_what_it_counts(
    client: Client, director: Any, recommended: Case, decides: Any
) -> None:
    decides(recommended, "Bø")
    decides(recommended, "Hadsel", state="reserved", conditions="x")
    Adoption.objects.filter(organisation__name="Øksnes").update(answer_by=date(2026, 1, 1))
    client.force_login(director)
    for figure in client.get("/vesteralen/vedtak/").context_data["figures"]:
        page = client.get(f"/vesteralen/vedtak/?status={figure['name']}")
        assert page.context_data["table"].count == figure["number"], figure["name"]


def test_each_number_of_a_matter_leads_to_the_answers_it_counts(
    client: Client, director: Any, recommended: Case, asked: matters.Matter, decides: Any
) -> None:
    decides(recommended, "Bø")
    decides(recommended, "Hadsel", state="not_adopted")
    Adoption.objects.filter(organisation__name="Øksnes").update(answer_by=date(2026, 1, 1))
    client.force_login(director)
    url = f"/vesteralen/vedtak/sak/{asked.key}/"
    for figure in client.get(url).context_data["figures"]:
        answers = client.get(f"{url}?status={figure['name']}").context_data["answers"]
        assert len(answers) == figure["number"], figure["name"]
    assert len(client.get(f"{url}?status=delete").context_data["answers"]) == 6


def test_of_an_exempt_case_others_see_their_own_answer_and_no_picture(
    client: Client, steering: Body, secretary: Any, directors: Any, contact: Any, it_leader: Any
) -> None:
    ground = {"exempt": True, "legal_ground": "offentleglova § 23 første ledd"}
    case = a_case(steering, secretary, "Hemmelig tilbud", asks_municipalities=True, **ground)
    held(steering, secretary, case)
    key = Adoption.objects.earliest("pk").key
    for user, status in ((secretary, 200), (contact, 200), (it_leader, 404)):
        client.force_login(user)
        assert client.get(f"/vesteralen/vedtak/sak/{key}/").status_code == status
    client.force_login(contact)
    page = client.get(f"/vesteralen/vedtak/sak/{key}/")
    assert "Hemmelig" not in page.content.decode()
    assert not page.context_data["whole"]
    assert [str(answer.organisation) for answer, _state in page.context_data["answers"]] == ["Sortland"]


# --- The matrix -------------------------------------------------------------------------------


@pytest.fixture
def many(digi: Collaboration, six: list[Organisation], secretary: Any) -> list[str]:
    """Thirty matters, each put to all six."""
    titles = [f"Sak {n:02d}" for n in range(30)]
    for place in six:
        for title in titles:
            adoptions.open_adoption(collaboration=digi, organisation=place, matter=title, by=secretary)
    return titles


def test_the_matrix_has_all_matters_page_by_page(client: Client, director: Any, many: list[str]) -> None:
    client.force_login(director)
    shown: list[str] = []
    for page in (1, 2):
        matrix = client.get(f"/vesteralen/vedtak/matrise/?page={page}").context_data["matrix"]
        assert [head.words for head in matrix.across] == ["Andøy", "Bø", "Hadsel", "Lødingen", "Sortland", "Øksnes"]
        assert all(None not in cells for _head, cells in matrix.lines)
        shown += [head.words for head, _cells in matrix.lines]
    assert shown == many


def test_the_sums_are_of_all_and_not_of_the_page(
    client: Client, director: Any, directors: Any, many: list[str]
) -> None:
    for title in ("Sak 00", "Sak 29"):
        adoptions.register_adoption(
            adoption=Adoption.objects.get(matter=title, organisation__name="Bø"),
            state="adopted",
            decided_by="Kommunestyret",
            decided_on=timezone.localdate(),
            case_number="1/26",
            amount=Decimal("100.50"),
            by=directors["Bø"],
        )
    client.force_login(director)
    matrix = client.get("/vesteralen/vedtak/matrise/").context_data["matrix"]
    own = next(head for head in matrix.across if head.words == "Bø")
    assert (own.numbers["decided"], own.numbers["asked"], own.numbers["money"]) == (2, 30, Decimal("201.00"))
    assert (matrix.numbers["decided"], matrix.numbers["asked"], matrix.numbers["money"]) == (2, 180, Decimal("201.00"))
    row = next(head for head, _cells in matrix.lines if head.words == "Sak 00")
    assert (row.numbers["decided"], row.numbers["asked"], row.numbers["money"]) == (1, 6, Decimal("100.50"))


def test_with_many_municipalities_they_stand_down_the_page(
    client: Client, digi: Collaboration, director: Any, secretary: Any
) -> None:
    for n in range(60):
        place = municipality(f"{5000 + n}", f"Kommune {n:02d}", 100)
        Membership.objects.create(collaboration=digi, organisation=place, since=LONG_AGO)
        adoptions.open_adoption(collaboration=digi, organisation=place, matter="Felles arkiv", by=secretary)
    client.force_login(director)
    matrix = client.get("/vesteralen/vedtak/matrise/").context_data["matrix"]
    assert [head.words for head in matrix.across] == ["Felles arkiv"]
    assert len(matrix.lines) == 50
    rest = client.get("/vesteralen/vedtak/matrise/?kommuner=2").context_data["matrix"]
    assert [head.words for head, _cells in rest.lines][-1] == "Kommune 59"
    assert len(rest.lines) == 10


def test_a_filter_leaves_matters_and_municipalities_with_their_true_states(
    client: Client, director: Any, recommended: Case, decides: Any, sortland: Organisation
) -> None:
    decides(recommended, "Sortland")
    client.force_login(director)
    matrix = client.get(f"/vesteralen/vedtak/matrise/?organisation={sortland.pk}").context_data["matrix"]
    assert [head.words for head in matrix.across] == ["Sortland"]
    assert [[cell.state.code for cell in cells] for _head, cells in matrix.lines] == [["adopted"]]
    late = client.get("/vesteralen/vedtak/matrise/?status=late")
    assert late.context_data["matrix"].lines == []
    region = Region.objects.create(name="Indre Vesterålen")
    region.members.add(sortland)
    named = client.get(f"/vesteralen/vedtak/matrise/?region={region.pk}&q=arkiv").context_data["matrix"]
    assert [head.words for head in named.across] == ["Sortland"]


def test_the_matrix_as_a_workbook_has_all_of_it_with_typed_sums(
    client: Client, director: Any, directors: Any, many: list[str]
) -> None:
    adoptions.register_adoption(
        adoption=Adoption.objects.get(matter="Sak 29", organisation__name="Bø"),
        state="adopted",
        decided_by="Kommunestyret",
        decided_on=timezone.localdate(),
        case_number="1/26",
        amount=Decimal("100.50"),
        hours=Decimal("7.5"),
        by=directors["Bø"],
    )
    client.force_login(director)
    answer = client.get("/vesteralen/vedtak/matrise/?format=xlsx")
    book = openpyxl.load_workbook(BytesIO(answer.getvalue()))
    states, money, hours = (list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets)
    assert [row[0] for row in states[1:31]] == many
    assert states[30][4] == "Vedtatt"
    assert states[30][-3:] == (6, 1, 0)
    assert money[-1] == ("Sum", None, 100.5, None, None, None, None, 100.5)
    assert hours[-1][2] == 7.5


def test_a_matrix_too_big_for_a_workbook_says_so(
    client: Client, director: Any, many: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("governance.adoption_matrix.MOST_CELLS", 100)
    client.force_login(director)
    answer = client.get("/vesteralen/vedtak/matrise/?format=xlsx&status=waiting", follow=True)
    assert answer.redirect_chain == [("/vesteralen/vedtak/matrise/?status=waiting", 302)]
    assert "180" in answer.content.decode()


@pytest.mark.parametrize("page", ["matrise/", "kart/", "sak/om-sak-00/"])
def test_the_number_of_queries_does_not_grow(
    client: Client, director: Any, digi: Collaboration, many: list[str], secretary: Any, page: str
) -> None:
    client.force_login(director)
    url = f"/vesteralen/vedtak/{page}"
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for n in range(30):
        place = municipality(f"{5000 + n}", f"Kommune {n:02d}", 100)
        Membership.objects.create(collaboration=digi, organisation=place, since=LONG_AGO)
        for title in (*many[:3], "En ny sak"):
            adoptions.open_adoption(collaboration=digi, organisation=place, matter=title, by=secretary)
    with CaptureQueriesContext(connection) as more:
        client.get(url)
    assert len(more) <= len(few)


# --- What a floor above knows -----------------------------------------------------------------


def test_the_form_is_prefilled_with_the_municipality_s_share(
    client: Client, waiting: Adoption, director: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consequences, "_covers", [lambda adoption: (Decimal("125000.50"), Decimal(40))])
    client.force_login(director)
    form = client.get(f"/vesteralen/vedtak/{waiting.pk}/registrer/").context_data["form"]
    assert (form["amount"].value(), form["hours"].value()) == (Decimal("125000.50"), Decimal(40))
    assert "125" in str(form["amount"].help_text)


def test_a_no_leaves_the_prefilled_share_behind_and_asks_about_a_written_one(
    client: Client, waiting: Adoption, director: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consequences, "_covers", [lambda adoption: (Decimal(125_000), None)])
    client.force_login(director)
    url = f"/vesteralen/vedtak/{waiting.pk}/registrer/"
    told = {
        "state": "not_adopted",
        "decided_by": "Kommunestyret",
        "decided_on": f"{timezone.localdate():%d.%m.%Y}",
        "case_number": "1/26",
        "text": "Nei.",
        "version": waiting.version,
    }
    refused = client.post(url, {**told, "amount": "90 000"})
    assert "90 000" in refused.context_data["form"].errors["amount"][0]
    assert client.post(url, {**told, "amount": "125 000,00"}).status_code == 302
    waiting.refresh_from_db()
    assert (waiting.state, waiting.amount) == ("not_adopted", None)


def test_the_floor_that_opened_a_matter_asks_more_itself(
    asked: matters.Matter, secretary: Any, digi: Collaboration, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = municipality("1865", "Vågan", 9700)
    Membership.objects.create(collaboration=digi, organisation=late, since=timezone.localdate())
    heard: list[Any] = []

    def opened(adoption: Adoption, organisations: Any, answer_by: Any, by: Any) -> bool:
        heard.append((adoption.key, list(organisations)))
        return True

    monkeypatch.setattr(consequences, "_asks_more", [opened])
    asking.ask_more(matter=asked, organisations=[late], by=secretary)
    assert heard == [(asked.key, [late])]
    assert not Adoption.objects.filter(organisation=late).exists()
