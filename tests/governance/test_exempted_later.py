"""What became exempt after it went out is gone from files, answers, letters, histories, calendars and logs (rule 8)."""

import logging
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from digivesteralen.documents import access, files, jobs
from digivesteralen.documents.models import Document, Job
from digivesteralen.documents.uploads import Upload
from digivesteralen.operations.logs import JsonLine
from digivesteralen.spreadsheets import reading
from governance import extract, notices, papers, point_mail, quoting
from governance.actions import (
    adoptions,
    asking,
    attachments,
    calendars,
    cases,
    exemption,
    minutes,
    proposals,
    running,
)
from governance.actions import quoting as quote
from governance.minutes import stored
from governance.models import Body, Case, Collaboration, Meeting, Organisation
from portfolio.actions import proposal_ideas
from tests.governance.meeting_helpers import a_case, a_meeting, begun, called, held, the_item
from tests.governance.test_follow_up import decided, follow_up_of
from tests.governance.test_minutes import approved
from tests.printed import text_of

pytestmark = pytest.mark.django_db
MARKS: dict[str, Any] = {"exempt": True, "legal_ground": "offentleglova § 23 første ledd"}


def public_files(meeting: Meeting) -> dict[str, Document]:
    """What the jobs have made, newest of each public kind."""
    for job in Job.objects.filter(kind__in=papers.SCREENED, state="asked").order_by("asked_at"):
        assert jobs.run(job.pk).error == ""
    found = {kind: papers.newest(kind, meeting) for kind in papers.SCREENED}
    return {kind: document for kind, document in found.items() if document is not None}


def text(document: Document) -> str:
    return text_of(files.content(document))


def test_a_case_exempted_after_the_minutes_are_approved_goes_out_of_all_public_files(
    client: Any, steering: Body, secretary: Any, directors: Any, it_leader: Any
) -> None:
    meeting = approved(steering, secretary, a_case(steering, secretary, "Tilbud fra Leverandør"))
    before = public_files(meeting)
    assert len(before) == 3
    for document in before.values():
        assert access.may_see(it_leader, document) and "Leverandør" in text(document)
    exemption.change_exemption(case=Case.objects.get(), by=secretary, **MARKS)
    client.force_login(it_leader)
    for document in before.values():
        assert not access.may_see(it_leader, document)
        assert client.get(document.get_absolute_url()).status_code == 404
    assert not any(papers.newest(kind, meeting) for kind in papers.SCREENED)
    after = public_files(meeting)
    assert after.keys() == before.keys()
    for document in after.values():
        assert access.may_see(it_leader, document) and "Leverandør" not in text(document)
    assert minutes_page_lists(client, meeting, after)


def minutes_page_lists(client: Any, meeting: Meeting, made: dict[str, Document]) -> bool:
    page = client.get(meeting.get_absolute_url()).content.decode()
    return all(document.get_absolute_url() in page for document in made.values())


def test_an_attachment_exempted_after_the_summons_goes_out_of_the_public_papers(
    steering: Body, secretary: Any, directors: Any, it_leader: Any
) -> None:
    case = a_case(steering, secretary)
    told = Upload(b"%PDF-1.7", "tilbud.pdf", "application/pdf")
    attachment = attachments.attach(case=case, title="Leverandørs tilbud", upload=told, by=secretary)
    meeting = called(steering, secretary, case)
    before = public_files(meeting)
    assert "Leverandørs tilbud" in text(before[papers.FOLDER_PUBLIC])
    attachments.change_attachment(attachment=attachment, by=secretary, **MARKS)
    assert not any(access.may_see(it_leader, document) for document in before.values())
    after = public_files(meeting)
    assert after.keys() == before.keys()
    assert all("Leverandør" not in text(document) for document in after.values())


def test_the_stored_public_minutes_are_made_anew(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = approved(steering, secretary, a_case(steering, secretary, "Tilbud fra Leverandør"))
    minutes.correct_minutes(meeting=meeting, text="Rettet.", reason="Skrivefeil", by=secretary)
    assert "Leverandør" in text(stored(meeting, public=True))
    exemption.change_exemption(case=Case.objects.get(), by=secretary, **MARKS)
    assert "Leverandør" not in text(stored(meeting, public=True))


def treated(steering: Body, secretary: Any, case: Case, outcome: str) -> Case:
    meeting = begun(steering, secretary, cases.mark_ready(case=case, by=secretary))
    running.resolve(item=meeting.items.get(), outcome=outcome, by=secretary)
    running.end_meeting(meeting=meeting, by=secretary)
    return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize("returns", [0, 1, 2, 3])
def test_an_answer_that_told_on_what_was_decided_tells_it_no_more(
    client: Any, digi: Collaboration, steering: Body, sortland: Organisation, secretary: Any, directors: Any,
    contact: Any, it_leader: Any, returns: int,
) -> None:  # fmt: skip
    """The proposal, the idea that was made of it, their workbooks and histories, and the letters that are not sent."""
    texts = {"title": "Felles skjema", "wanted": "Ett skjema.", "background": "Seks i dag."}
    proposal = proposals.send_proposal(sender=sortland, to=steering, by=contact, **texts)
    idea = proposal_ideas.make_idea(collaboration=digi, proposal=proposal, by=secretary)
    case = proposals.make_case(proposal=proposal, by=secretary)
    for _return in range(returns):
        case = cases.bring_back(case=treated(steering, secretary, case, "postponed"), by=secretary)
    case = cases.change_case(case=case, title="Velge Leverandør AS", proposal="Leverandør AS velges.", by=secretary)
    case = treated(steering, secretary, case, "as_proposed")
    pages = [proposal.get_absolute_url(), idea.get_absolute_url()]
    whole = f"{pages[1]}?historikk=portfolio.idea-{idea.pk}"
    books = [f"{reverse(name, args=[digi.slug])}?format=xlsx" for name in ("proposals", "ideas")]
    client.force_login(it_leader)

    def telling() -> list[str]:
        words = {page: client.get(page).content.decode() for page in (*pages, whole)}
        words |= {
            book: str(reading.read(BytesIO(client.get(book).content), filename="a.xlsx").sheets) for book in books
        }
        return [page for page, said in words.items() if "Leverandør" in said]

    named = {whole} if returns == 0 else set()  # the history names the case that was made, not the one it came back as
    assert {*pages, *named, *books} == {*telling()}
    exemption.change_exemption(case=case, by=secretary, **MARKS)
    for job in Job.objects.filter(kind__contains="_mail", state="asked"):
        jobs.run(job.pk)
    assert telling() == []
    letters = [f"{letter.subject} {letter.body}" for letter in mail.outbox]
    assert any("Svar på forslag" in letter for letter in letters)
    assert [letter for letter in letters if "Leverandør" in letter] == []


def test_what_comes_after_tells_nothing_of_it(
    client: Any, digi: Collaboration, steering: Body, sortland: Organisation, secretary: Any, directors: Any,
    director: Any, it_leader: Any, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """Letters asked for before, the calendar, a form that stood open, the next list of what is open, and the log."""
    (point,) = decided(
        steering,
        secretary,
        {"text": "Leverandør AS tas inn", "responsible": "IT-leder Sortland", "deadline": timezone.localdate()},
        title="Tilbud fra Leverandør AS",
    )
    case = Case.objects.get()
    meeting, after = Meeting.objects.get(), a_meeting(steering, secretary, in_days=20)
    waiting = follow_up_of(after, secretary)
    matter = {"matter": case.title, "proposal": "Leverandør AS velges.", "case": case}
    asked = adoptions.open_adoption(collaboration=digi, organisation=sortland, by=secretary, **matter)
    asking.remind(adoption=asked, by=secretary)
    notices.tell_members(meeting, "changed", by=secretary)
    assert point_mail.remind_in_time(timezone.localdate() + timedelta(days=1)) == 1
    client.force_login(it_leader)
    assert "Leverandør" in client.get(point.get_absolute_url()).content.decode()
    assert "Leverandør" in waiting.information
    caplog.set_level(logging.INFO)

    exemption.change_exemption(case=case, by=secretary, **MARKS)
    letters = Job.objects.filter(kind__in=[point_mail.KIND, asking.REMINDER, notices.KIND], state="asked")
    for job in letters:
        assert jobs.run(job.pk).error == ""
    answer = client.post(point.get_absolute_url(), {"state": "done", "answer": "Ferdig.", "version": 0})
    feed = client.get(f"/kalender/{calendars.make_link(by=director)}.ics")
    waiting.refresh_from_db()

    assert mail.outbox and answer.status_code == 404 and b"BEGIN:VEVENT" in feed.content
    told = [f"{letter.subject} {letter.message()}{letter.body}" for letter in mail.outbox]
    told += [answer.content.decode(), feed.content.decode(), waiting.information]
    told += [JsonLine().format(record) for record in caplog.records]
    assert [words for words in told if "Leverandør" in words] == []


def test_cases_that_quote_it_are_named_until_they_are_exempt_too(
    client: Any, steering: Body, secretary: Any, directors: Any, it_leader: Any
) -> None:
    """What is quoted has gone out under another number; only the secretariat is told where, and can follow it."""
    item = the_item(held(steering, secretary, a_case(steering, secretary, "Tilbud fra Leverandør")))
    made = extract.order(item, public=True, by=secretary)
    assert jobs.run(made.pk).state == "done"
    words, paper, other = (a_case(steering, secretary, title) for title in ("Avtalen", "Driften", "Skjemaet"))
    quote.quote(case=words, quoted=quoting.of_item(item), by=secretary)
    laid = quoting.of_item(item).document
    assert laid is not None
    upload = Upload(files.content(laid), laid.file_name, laid.mime)
    attachment = attachments.attach(case=paper, title="Vedlegg", upload=upload, by=secretary)
    called(steering, secretary, words, paper, other)
    case = Case.objects.get(pk=item.case_id)

    def told(user: Any) -> list[str]:
        client.force_login(user)
        page = client.get(case.get_absolute_url())
        return [one.title for one in page.context_data["open_elsewhere"]] if page.status_code == 200 else []

    assert told(secretary) == []
    exemption.change_exemption(case=case, by=secretary, **MARKS)
    assert sorted(told(secretary)) == ["Avtalen", "Driften"]
    assert told(it_leader) == [] and told(directors["Bø"]) == []
    exemption.change_exemption(case=words, by=secretary, **MARKS)
    assert told(secretary) == ["Driften"]
    attachments.change_attachment(attachment=attachment, by=secretary, **MARKS)
    assert told(secretary) == []


def test_the_same_case_under_an_earlier_number_is_named(
    client: Any, steering: Body, secretary: Any, directors: Any
) -> None:
    first = treated(
        steering,
        secretary,
        cases.make_case(body=steering, title="Tilbud fra Leverandør", proposal="Vi velger.", by=secretary),
        "postponed",
    )
    back = treated(steering, secretary, cases.bring_back(case=first, by=secretary), "as_proposed")
    exemption.change_exemption(case=back, by=secretary, **MARKS)
    client.force_login(secretary)
    assert [*client.get(back.get_absolute_url()).context_data["open_elsewhere"]] == [first]


def test_a_municipalitys_decision_on_it_that_is_quoted_is_named_as_well(
    client: Any,
    digi: Collaboration,
    steering: Body,
    secretary: Any,
    directors: Any,
    director: Any,
    sortland: Organisation,
) -> None:
    case = Case.objects.get(pk=the_item(held(steering, secretary, a_case(steering, secretary, "Tilbud"))).case_id)
    adoption = adoptions.open_adoption(
        collaboration=digi, organisation=sortland, matter="Tilbudet", case=case, by=secretary
    )
    adoption = adoptions.register_adoption(
        adoption=adoption, state="adopted", decided_by="Kommunestyret & formannskapet", decided_on=timezone.localdate(),
        case_number="9/26", text="Sortland slutter seg til.", by=director,
        extract=Upload(b"%PDF-1.7 an extract", "utskrift.pdf", "application/pdf"),
    )  # fmt: skip
    words, paper = (a_case(steering, secretary, title) for title in ("Avtalen", "Driften"))
    for draft in (words, paper):
        draft = quote.quote(case=draft, quoted=quoting.of_adoption(adoption), with_extract=draft == paper, by=secretary)
    cases.change_case(case=draft, information="Sitatet er tatt ut, særutskriften ligger igjen.", by=secretary)
    exemption.change_exemption(case=case, by=secretary, **MARKS)
    client.force_login(secretary)
    named = [one.title for one in client.get(case.get_absolute_url()).context_data["open_elsewhere"]]
    assert sorted(named) == ["Avtalen", "Driften"]
