"""Answering a survey in the portal: for the municipality together, or each for themselves."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from digivesteralen.start.tasks import waiting_for
from governance.models import Collaboration, Organisation
from surveys import answering as told
from surveys import reminders
from surveys.actions import answering, text_review
from surveys.actions.surveys import change_response, define_question
from surveys.models import Answer, Question, Response, ResponseDraft, Survey
from tests.surveys.maturity_people import answered, chosen, days, small_model, wave_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave(digi: Collaboration, survey_admin: User) -> Survey:
    return wave_of(small_model(digi, by=survey_admin), by=survey_admin)


@pytest.fixture
def opinion(digi: Collaboration, survey_admin: User) -> Survey:
    model = small_model(digi, by=survey_admin)
    return wave_of(model, by=survey_admin, title="Hva mener du?", personal_opinion=True)


def here(survey: Survey, name: str = "answer_survey", *rest: Any, number: str = "1870") -> str:
    return reverse(name, args=["vesteralen", survey.slug, number, *rest])


def form_of(survey: Survey, steps: list[int | None], version: int = 0) -> dict[str, Any]:
    return {f"q{pk}": value for pk, value in chosen(survey, steps).items()} | {"version": version}


# --- writing and handing in -----------------------------------------------------------------------------


def test_theme_by_theme_then_looked_over_then_handed_in(wave: Survey, director: User, client: Client) -> None:
    client.force_login(director)
    assert client.get(here(wave)).status_code == 200
    comment = wave.questions.get(group="Ledelse", kind="text")
    said = form_of(wave, [4, 5, 3, 2]) | {f"q{comment.pk}": "Vi er på vei."}
    first = client.post(here(wave, "answer_theme", 1), said)
    assert first["Location"] == here(wave, "answer_theme", 2)
    second = client.post(here(wave, "answer_theme", 2), form_of(wave, [4, 5, 3, None], version=2))
    assert second["Location"] == here(wave, "answer_review")
    review = client.get(here(wave, "answer_review"))
    assert review.context_data["missing"] == []
    assert "Vi er på vei." in review.content.decode()
    assert not wave.responses.exists()
    assert client.post(here(wave, "answer_review"), {"people": "", "version": 3}).status_code == 200
    done = client.post(here(wave, "answer_review"), {"people": 4, "version": 3})
    assert done["Location"] == here(wave)
    response = wave.responses.get()
    assert (response.people, response.people_assumed, response.municipality_from) == (4, False, "portal")
    assert (response.municipality.name, response.answered_by, response.external_id) == (
        "Sortland",
        director,
        "portal-1870",
    )
    scores = dict(response.answers.filter(option__isnull=False).values_list("question__text", "option__score"))
    assert scores == {"Ledelsen følger opp.": 4, "Mål er satt.": 5, "Vi har oversikt.": 3, "Vi taster på nytt.": None}
    assert response.answers.get(question=comment).text == "Vi er på vei."
    assert "4" in client.get(here(wave)).content.decode()


def test_a_page_left_open_says_what_is_missing_and_can_be_handed_in(
    wave: Survey, director: User, client: Client
) -> None:
    client.force_login(director)
    client.post(here(wave, "answer_theme", 1), form_of(wave, [4, None, 1, 1]))
    review = client.get(here(wave, "answer_review"))
    assert [question.text for _theme, question in review.context_data["missing"]] == [
        "Vi har oversikt.",
        "Vi taster på nytt.",
    ]
    answering.hand_in(survey=wave, municipality=Organisation.objects.get(number="1870"), by=director)
    assert Answer.objects.count() == 2


def test_what_must_be_answered_stops_it(wave: Survey, director: User, sortland: Organisation) -> None:
    wave.questions.filter(text="Mål er satt.").update(required=True)
    some = dict(list(chosen(wave, [4, 4, 4, 4]).items())[2:])
    answering.keep(survey=wave, municipality=sortland, said=some, by=director)
    with pytest.raises(NotAllowedNow, match="Mål er satt"):
        answering.hand_in(survey=wave, municipality=sortland, by=director)


def test_nothing_is_no_answer(wave: Survey, director: User, sortland: Organisation) -> None:
    with pytest.raises(NotAllowedNow, match="Ingenting"):
        answering.hand_in(survey=wave, municipality=sortland, by=director)
    answering.keep(survey=wave, municipality=sortland, said={}, by=director)
    with pytest.raises(NotAllowedNow, match="Ingenting"):
        answering.hand_in(survey=wave, municipality=sortland, by=director)
    with pytest.raises(NotAllowedNow, match="[Mm]inst"):
        answered(wave, sortland, [1, 1, 1, 1], people=0, by=director)


def test_every_pause_keeps_it_and_tells_the_new_version(wave: Survey, director: User, client: Client) -> None:
    client.force_login(director)
    kept = client.post(here(wave, "answer_theme", 1), form_of(wave, [4, 5, 3, 2]), headers={"HX-Request": "true"})
    draft = ResponseDraft.objects.get()
    assert kept.status_code == 200
    assert f'name="version" value="{draft.version}"' in kept.content.decode()
    assert "<html" not in kept.content.decode()
    assert len([value for value in draft.said.values() if value]) == 2


def test_the_answer_is_changed_until_the_survey_closes(wave: Survey, director: User, sortland: Organisation) -> None:
    first = answered(wave, sortland, [1, 1, 1, 1], people=2, by=director)
    second = answered(wave, sortland, [5, 5, 5, 5], people=6, by=director)
    assert (first.pk, second.people, wave.responses.count()) == (second.pk, 6, 1)
    assert set(second.answers.values_list("option__score", flat=True)) == {5}
    Survey.objects.filter(pk=wave.pk).update(closes_on=days(-1))
    with pytest.raises(NotAllowedNow, match="lukket"):
        answered(wave, sortland, [1, 1, 1, 1], by=director)


def test_an_answer_is_taken_back_and_what_was_written_stays(wave: Survey, director: User, client: Client) -> None:
    sortland = Organisation.objects.get(number="1870")
    answered(wave, sortland, [1, 1, 1, 1], by=director)
    client.force_login(director)
    assert client.get(here(wave, "answer_withdraw")).status_code == 200
    client.post(here(wave, "answer_withdraw"))
    assert not wave.responses.exists()
    assert ResponseDraft.objects.get().said
    assert client.post(here(wave, "answer_withdraw")).status_code == 409


def test_numbers_days_boxes_and_own_words_are_kept_as_they_are(
    digi: Collaboration, wave: Survey, director: User, client: Client, survey_admin: User
) -> None:
    for text, kind in (("Hvor mange?", "number"), ("Når?", "date")):
        define_question(survey=wave, text=text, kind=kind, by=survey_admin)
    options: Any = [{"text": "E-post"}, {"text": "Telefon"}, {"text": "Annet", "is_other": True}]
    define_question(survey=wave, text="Hvordan?", kind="multiple", options=options, by=survey_admin)
    client.force_login(director)
    number, day, how = (wave.questions.get(text=text) for text in ("Hvor mange?", "Når?", "Hvordan?"))
    first, _second, other = how.options.all()
    said = {f"q{number.pk}": "1 200,5", f"q{day.pk}": "12.12.2026", f"q{how.pk}": [first.pk, other.pk],
            f"q{how.pk}_other": "Brev"}  # fmt: skip
    wrong = client.post(here(wave, "answer_theme", 3), said | {f"q{number.pk}": "mange", "version": 0})
    assert wrong.status_code == 200
    assert f"q{number.pk}" in wrong.context_data["form"].errors
    assert ResponseDraft.objects.get().said[str(day.pk)] == "2026-12-12"
    client.post(here(wave, "answer_theme", 3), said | {"version": 2})
    response = answering.hand_in(survey=wave, municipality=Organisation.objects.get(number="1870"), by=director)
    given = [str(answer) for answer in response.answers.order_by("question__position", "option__position")]
    assert given == ["1200.50", "12.12.2026", "E-post", "Annet: Brev"]


# --- together, and apart ----------------------------------------------------------------------------------


def test_two_who_write_at_once_do_not_overwrite_each_other(
    wave: Survey, director: User, it_leader: User, client: Client, sortland: Organisation
) -> None:
    other = Client()
    client.force_login(director)
    other.force_login(it_leader)
    seen = [each.get(here(wave, "answer_theme", 1)).context_data["version"] for each in (client, other)]
    client.post(here(wave, "answer_theme", 1), form_of(wave, [4, 5, 1, 1], version=seen[0]))
    late = other.post(here(wave, "answer_theme", 1), form_of(wave, [1, 1, 1, 1], version=seen[1]))
    assert late.status_code == 409
    page = late.content.decode()
    assert "4" in page and "Direktør Sortland" in page and "1 – Nei" in page
    said, first = ResponseDraft.objects.get().said, chosen(wave, [4, 5, 1, 1])
    assert [said[key] for key in list(first)[:2]] == list(first.values())[:2]
    with pytest.raises(Stale):
        answering.hand_in(survey=wave, municipality=sortland, version=seen[1], by=it_leader)


def test_one_s_own_earlier_save_is_never_in_the_way(wave: Survey, director: User, client: Client) -> None:
    client.force_login(director)
    for steps in ([1, 1, 1, 1], [2, 2, 2, 2]):
        again = client.post(here(wave, "answer_theme", 1), form_of(wave, steps, version=0))
        assert again.status_code == 302
    said, newest = ResponseDraft.objects.get().said, chosen(wave, [2, 2, 2, 2])
    assert [said[key] for key in list(newest)[:2]] == list(newest.values())[:2]


def test_each_answers_for_themselves_and_sees_no_other_s_draft(
    opinion: Survey, director: User, it_leader: User, sortland: Organisation, client: Client
) -> None:
    answered(opinion, sortland, [1, 1, 1, 1], by=director)
    client.force_login(it_leader)
    assert client.get(here(opinion)).context_data["draft"] is None
    answered(opinion, sortland, [5, 5, 5, 5], people=7, by=it_leader)
    assert sorted(opinion.responses.values_list("people", flat=True)) == [1, 1]
    for response in opinion.responses.all():
        assert "@" not in response.external_id and not response.respondent_name
        assert str(response.answered_by_id) != response.external_id


def test_who_gave_an_opinion_stands_nowhere_and_is_still_found_by_the_one_who_gave_it(
    opinion: Survey, director: User, survey_admin: User, secretary: User, sortland: Organisation, client: Client
) -> None:
    client.force_login(director)
    client.post(here(opinion, "answer_theme", 1), form_of(opinion, [1, 2, 3, 4]))
    client.post(here(opinion, "answer_review"), {"version": 2})
    response = opinion.responses.get()
    assert response.answered_by is None
    assert not ResponseDraft.objects.exists()
    assert told.answer_of(opinion, sortland, director) == response
    assert [asked.answered for asked in told.open_for(director)] == [True]
    client.force_login(secretary)
    page = client.get(response.get_absolute_url())
    assert page.status_code == 200
    assert str(director) not in page.content.decode()
    assert director.name not in page.content.decode()


def test_an_opinion_that_was_handed_in_is_changed_from_the_answer_itself(
    opinion: Survey, director: User, sortland: Organisation, client: Client
) -> None:
    first = answered(opinion, sortland, [1, 2, 3, 4], by=director)
    client.force_login(director)
    assert client.get(here(opinion)).context_data["said"] == chosen(opinion, [1, 2, 3, 4])
    assert client.post(here(opinion, "answer_review"), {"version": 0}).status_code == 302, "nothing new was written"
    client.post(here(opinion, "answer_theme", 1), form_of(opinion, [5, 5, 1, 1]))
    client.post(here(opinion, "answer_review"), {"version": 2})
    scores = opinion.responses.get(pk=first.pk).answers.order_by("question__position")
    assert list(scores.values_list("option__score", flat=True)) == [5, 5, 3, 4]
    client.post(here(opinion, "answer_withdraw"))
    assert not opinion.responses.exists()
    assert ResponseDraft.objects.get().said == chosen(opinion, [5, 5, 3, 4])


def test_what_stood_in_the_form_is_read_back_from_the_answer(
    wave: Survey, director: User, survey_admin: User, sortland: Organisation
) -> None:
    options: Any = [{"text": "E-post"}, {"text": "Telefon"}, {"text": "Annet", "is_other": True}]
    how = define_question(survey=wave, text="Hvordan?", kind="multiple", options=options, by=survey_admin)
    number = define_question(survey=wave, text="Hvor mange?", kind="number", by=survey_admin)
    day = define_question(survey=wave, text="Når?", kind="date", by=survey_admin)
    comment = wave.questions.get(group="Ledelse", kind="text")
    first, _second, other = (str(option.pk) for option in how.options.all())
    said = chosen(wave, [4, 5, None, 2]) | {
        str(how.pk): [first, other], f"{how.pk}_other": "Brev", str(number.pk): "1200", str(day.pk): "2026-12-12",
        str(comment.pk): "Vi er på vei.",
    }  # fmt: skip
    answering.keep(survey=wave, municipality=sortland, said=said, by=director)
    assert told.said_of(answering.hand_in(survey=wave, municipality=sortland, by=director)) == said


def test_an_answer_whose_municipality_was_corrected_is_handed_in_again(
    wave: Survey, director: User, survey_admin: User, sortland: Organisation, hadsel: Organisation
) -> None:
    first = answered(wave, sortland, [1, 1, 1, 1], by=director)
    change_response(response=first, municipality=hadsel, people=2, by=survey_admin)
    again = answered(wave, sortland, [5, 5, 5, 5], people=3, by=director)
    assert (again.pk, again.people, wave.responses.count()) == (first.pk, 3, 1)
    assert (again.municipality, again.municipality_from) == (hadsel, "asked"), "what was corrected by hand stays"
    assert told.answer_of(wave, sortland, director) == again


def test_a_text_that_was_held_back_stays_so_when_the_answer_is_handed_in_again(
    wave: Survey, director: User, survey_admin: User, sortland: Organisation
) -> None:
    held, new = wave.questions.filter(kind="text")
    said = chosen(wave, [1, 1, 1, 1]) | {str(held.pk): "Om en navngitt person.", str(new.pk): "Før."}
    answering.keep(survey=wave, municipality=sortland, said=said, by=director)
    first = answering.hand_in(survey=wave, municipality=sortland, by=director)
    decided = {answer.pk: "held" for answer in first.answers.exclude(text="")}
    text_review.review(survey=wave, decided=decided, by=survey_admin)
    answering.keep(survey=wave, municipality=sortland, said={str(new.pk): "Etter."}, by=director)
    again = answering.hand_in(survey=wave, municipality=sortland, by=director)
    assert dict(again.answers.exclude(text="").values_list("text", "review")) == {
        "Om en navngitt person.": "held", "Etter.": "",
    }  # fmt: skip


def test_a_municipality_has_one_common_draft(wave: Survey, director: User, sortland: Organisation) -> None:
    answering.keep(survey=wave, municipality=sortland, said={}, by=director)
    with pytest.raises(IntegrityError, match="draft_once_for_an_answer"), transaction.atomic():
        ResponseDraft.objects.create(survey=wave, municipality=sortland)


# --- who may, and when -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [("director", 200), ("it_leader", 200), ("contact", 200), ("secretary", 403), ("survey_admin", 403),
     ("auditor", 403), ("outsider", 404)],
)  # fmt: skip
def test_only_the_municipality_s_own_people_answer(
    wave: Survey, who: str, status: int, client: Client, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))
    for name, rest in (("answer_survey", []), ("answer_theme", [1]), ("answer_review", [])):
        assert client.get(here(wave, name, *rest)).status_code == status


def test_nobody_answers_for_the_neighbour(wave: Survey, director: User, client: Client, hadsel: Organisation) -> None:
    client.force_login(director)
    assert client.get(here(wave, number="1866")).status_code == 403
    with pytest.raises(PermissionDenied):
        answering.keep(survey=wave, municipality=hadsel, said={}, by=director)


def test_before_the_first_day_it_is_not_there_and_after_the_last_a_sentence_says_so(
    wave: Survey, director: User, client: Client
) -> None:
    client.force_login(director)
    Survey.objects.filter(pk=wave.pk).update(opens_on=days(1))
    assert client.get(here(wave)).status_code == 404
    Survey.objects.filter(pk=wave.pk).update(opens_on=days(-9), closes_on=days(-1))
    page = client.get(here(wave))
    assert page.status_code == 200
    assert page.context_data["closed"]
    assert client.post(here(wave, "answer_theme", 1), form_of(wave, [1, 1, 1, 1])).status_code == 409
    Survey.objects.filter(pk=wave.pk).update(in_portal=False)
    assert client.get(here(wave)).status_code == 404


def test_a_theme_that_is_not_there_is_not_found(wave: Survey, director: User, client: Client) -> None:
    client.force_login(director)
    assert client.get(here(wave, "answer_theme", 99)).status_code == 404


# --- the start page, and following up ----------------------------------------------------------------------


def test_it_waits_on_the_start_page_until_it_is_handed_in(
    wave: Survey, director: User, secretary: User, survey_admin: User, sortland: Organisation
) -> None:
    url = here(wave)
    assert [task.until for task in waiting_for(director) if task.url == url] == [wave.closes_on]
    assert all(task.url != url for task in waiting_for(secretary))
    # What is answered in the portal is not waited for as a file.
    assert all(task.url != wave.get_absolute_url() for task in waiting_for(survey_admin))
    answered(wave, sortland, [1, 1, 1, 1], by=director)
    assert all(task.url != url for task in waiting_for(director))


def test_the_overview_of_what_waits_asks_as_much_for_three_surveys_as_for_one(
    wave: Survey, director: User, survey_admin: User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(4):
        assert len(told.open_for(director)) == 1
    assert wave.maturity is not None
    for title in ("To", "Tre"):
        wave_of(wave.maturity, by=survey_admin, title=title)
    with django_assert_num_queries(4):
        assert len(told.open_for(director)) == 3


def test_the_one_who_follows_up_sees_who_has_answered_and_reminds_the_rest_once(
    wave: Survey, directors: dict[str, User], survey_admin: User, client: Client
) -> None:
    answered(wave, Organisation.objects.get(name="Sortland"), [1, 1, 1, 1], people=3, by=directors["Sortland"])
    answering.keep(
        survey=wave,
        municipality=Organisation.objects.get(name="Bø"),
        said=chosen(wave, [1, 1, 1, 1]),
        by=directors["Bø"],
    )
    client.force_login(survey_admin)
    path = reverse("survey_standings", args=["vesteralen", wave.slug])
    lines = {str(line.municipality): line.state for line in client.get(path).context_data["lines"]}
    assert (lines["Sortland"], lines["Bø"], lines["Hadsel"]) == ("answered", "begun", "silent")
    assert client.get(path, {"format": "xlsx"}).content.startswith(b"PK")
    press = reverse("survey_remind", args=["vesteralen", wave.slug])
    assert client.post(press).status_code == 302
    asked = Job.objects.filter(kind=reminders.KIND)
    assert asked.count() == 5
    for job in asked:
        assert jobs.run(job.pk).error == ""
    assert sorted(address for message in mail.outbox for address in message.to) == sorted(
        user.email for name, user in directors.items() if name != "Sortland"
    )
    assert "svar-for/1867" in "".join(message.body for message in mail.outbox)
    assert client.post(press).status_code == 409
    client.force_login(directors["Bø"])
    assert client.get(path).status_code == 403


def test_an_answer_that_came_meanwhile_needs_no_reminder(
    wave: Survey, directors: dict[str, User], survey_admin: User, sortland: Organisation
) -> None:
    answering.remind(survey=wave, by=survey_admin)
    answered(wave, sortland, [1, 1, 1, 1], by=directors["Sortland"])
    for job in Job.objects.filter(kind=reminders.KIND):
        jobs.run(job.pk)
    assert directors["Sortland"].email not in [address for message in mail.outbox for address in message.to]
    assert len(mail.outbox) == 5


def test_themes_hold_what_is_asked_together(wave: Survey) -> None:
    assert [(theme.name, theme.asked) for theme in told.themes(wave)] == [("Ledelse", 2), ("Data", 2)]
    assert Question.objects.filter(survey=wave).count() == 6
    assert Response.objects.count() == 0
