"""Digital maturity: a model of one's own, the survey made of it, what its answers say, and how it has changed."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from digivesteralen.documents import files, jobs
from digivesteralen.documents.models import Job
from governance.models import Collaboration, Organisation, Region
from surveys import maturity_card, maturity_figures, respondents
from surveys.actions import maturity
from surveys.actions.surveys import change_survey, define_question, define_survey
from surveys.maturity_results import compare, earlier_waves, read, same_questions
from surveys.models import Answer, Dimension, MaturityModel, Question, Response, SameQuestion, Survey
from tests.surveys.maturity_people import answered, chosen, days, small_model, statements_of, wave_of

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def model(digi: Collaboration, survey_admin: User) -> MaturityModel:
    return small_model(digi, by=survey_admin)


@pytest.fixture
def wave(model: MaturityModel, survey_admin: User) -> Survey:
    return wave_of(model, by=survey_admin)


def place(name: str) -> Organisation:
    return Organisation.objects.get(name=name)


# --- models -------------------------------------------------------------------------------------------


def test_the_neutral_model_becomes_the_collaboration_s_own(digi: Collaboration, survey_admin: User) -> None:
    model = maturity.begin_with_template(collaboration=digi, by=survey_admin)
    counts = [one.statements.count() for one in model.dimensions.all()]
    assert len(counts) == 6
    assert all(4 <= count <= 5 for count in counts)
    assert (model.collaboration, model.slug, model.scale_min, model.scale_max) == (digi, "digital-modenhet", 1, 5)
    again = maturity.begin_with_template(collaboration=digi, by=survey_admin)
    assert again.slug == "digital-modenhet-2"


def test_a_copy_is_free_while_the_first_stays(model: MaturityModel, digi: Collaboration, survey_admin: User) -> None:
    copy = maturity.copy_model(source=model, collaboration=digi, name="Vår egen", by=survey_admin)
    dimension = copy.dimensions.get(name="Data")
    assert [(one.text, one.reversed) for one in dimension.statements.all()] == [
        ("Vi har oversikt.", False), ("Vi taster på nytt.", True),
    ]  # fmt: skip
    maturity.change_dimension(
        dimension=dimension, name="Data og arkiv", statements=["Alt er arkivert."], by=survey_admin
    )
    assert model.dimensions.filter(name="Data").exists()


def test_a_template_for_everybody_is_copied_and_never_changed(digi: Collaboration, survey_admin: User) -> None:
    shared = MaturityModel.objects.create(slug="felles", name="Felles")
    with pytest.raises(NotAllowedNow, match="mal for alle"):
        maturity.define_dimension(model=shared, name="Ny", statements=["En."], by=survey_admin)
    assert maturity.copy_model(source=shared, collaboration=digi, name="Vår", by=survey_admin).collaboration == digi


def test_another_collaboration_s_model_is_not_copied(model: MaturityModel, outsider: User) -> None:
    elsewhere = Collaboration.objects.get(slug="annet-sted")
    with pytest.raises(NotAllowedNow, match="annet samarbeid"):
        maturity.copy_model(source=model, collaboration=elsewhere, name="Tatt", by=outsider)


def test_what_nobody_was_asked_may_change_and_what_was_asked_stays(wave: Survey, survey_admin: User) -> None:
    dimension = Dimension.objects.get(name="Ledelse")
    with pytest.raises(NotAllowedNow, match="Mål er satt"):
        maturity.change_dimension(
            dimension=dimension, name="Ledelse", statements=["Ledelsen følger opp.", "Andre mål."], by=survey_admin
        )
    with pytest.raises(NotAllowedNow, match="Modenhet i år"):
        maturity.remove_dimension(dimension=dimension, by=survey_admin)
    changed = maturity.change_dimension(
        dimension=dimension, name="Styring", statements=["Ny først.", "Mål er satt.", "Ledelsen følger opp."],
        by=survey_admin,
    )  # fmt: skip
    assert [one.text for one in changed.statements.all()] == ["Ny først.", "Mål er satt.", "Ledelsen følger opp."]
    assert wave.questions.filter(dimension=dimension, statement__isnull=False).count() == 2


def test_dimensions_are_moved_and_unused_ones_removed(model: MaturityModel, survey_admin: User) -> None:
    first, second = model.dimensions.all()
    maturity.move_dimension(dimension=second, up=True, by=survey_admin)
    maturity.move_dimension(dimension=second, up=True, by=survey_admin)
    assert list(model.dimensions.all()) == [second, first]
    maturity.remove_dimension(dimension=second, by=survey_admin)
    assert list(model.dimensions.all()) == [first]


def test_two_who_change_a_model_at_once_do_not_overwrite_each_other(model: MaturityModel, survey_admin: User) -> None:
    seen = MaturityModel.objects.get(pk=model.pk).version
    maturity.change_model(model=model, version=seen, name="Først", by=survey_admin)
    with pytest.raises(Stale):
        maturity.change_model(model=model, version=seen, name="Sist", by=survey_admin)


def test_only_those_who_manage_surveys_make_models(digi: Collaboration, director: User) -> None:
    with pytest.raises(PermissionDenied):
        maturity.begin_with_template(collaboration=digi, by=director)


def test_a_scale_never_goes_down_and_a_question_of_a_dimension_has_one(model: MaturityModel, wave: Survey) -> None:
    with pytest.raises(IntegrityError, match="maturity_scale_goes_up"), transaction.atomic():
        MaturityModel.objects.filter(pk=model.pk).update(scale_max=1)
    with pytest.raises(IntegrityError, match="question_of_a_dimension_can_be_scored"), transaction.atomic():
        statements_of(wave)  # they are there
        wave.questions.filter(dimension__isnull=False).update(scale_min=None, scale_max=None)


# --- the survey made of a model ---------------------------------------------------------------------------


def test_a_survey_asks_every_statement_theme_by_theme(wave: Survey) -> None:
    asked = [(one.group, one.text, one.kind) for one in wave.questions.all()]
    assert asked == [
        ("Ledelse", "Ledelsen følger opp.", "single"), ("Ledelse", "Mål er satt.", "single"),
        ("Ledelse", "Kommentar til «Ledelse»", "text"), ("Data", "Vi har oversikt.", "single"),
        ("Data", "Vi taster på nytt.", "single"), ("Data", "Kommentar til «Data»", "text"),
    ]  # fmt: skip
    options = statements_of(wave)[0].options.all()
    assert [(one.text, one.score) for one in options][:2] == [("1 – Nei", 1), ("2", 2)]
    assert [(one.text, one.score) for one in options][4:] == [("5 – Ja", 5), ("Vet ikke / ikke relevant", None)]
    assert wave.in_portal and wave.maturity is not None and wave.series is not None


def test_a_long_scale_is_answered_with_a_number(digi: Collaboration, survey_admin: User) -> None:
    model = small_model(digi, by=survey_admin, name="Prosent", scale_min=D(0), scale_max=D(100))
    survey = wave_of(model, by=survey_admin)
    assert {one.kind for one in statements_of(survey)} == {"scale"}


def test_an_empty_model_asks_nothing(digi: Collaboration, survey_admin: User) -> None:
    model = maturity.define_model(collaboration=digi, name="Tom", by=survey_admin)
    with pytest.raises(NotAllowedNow, match="ingen påstander"):
        wave_of(model, by=survey_admin)


# --- what the answers say -------------------------------------------------------------------------------


def test_a_hand_computed_wave(wave: Survey, directors: dict[str, User]) -> None:
    """Ledelse: Sortland (4, 5) is 0,875; Bø (2, vet ikke) is 0,25: half is enough. The mean is 0,5625, 3,25 of 1–5.

    Data: Sortland (3, 2 turned) is (0,5 + 0,75) / 2 = 0,625; Bø said «vet ikke» to both and is missing.
    """
    answered(wave, place("Sortland"), [4, 5, 3, 2], people=3, by=directors["Sortland"])
    answered(wave, place("Bø"), [2, None, None, None], by=directors["Bø"])
    found = read(wave)
    first, second = found.dimensions
    scores = {(str(one), dimension.name): found.scores.get((one.pk, dimension.pk)) for one in found.places
              for dimension in found.dimensions}  # fmt: skip
    assert scores["Sortland", "Ledelse"].mean == D("0.875")
    assert (scores["Sortland", "Ledelse"].answers, scores["Sortland", "Ledelse"].people) == (1, 3)
    assert scores["Bø", "Ledelse"].mean == D("0.25")
    assert scores["Sortland", "Data"].mean == D("0.625")
    assert scores["Bø", "Data"] is None
    assert scores["Hadsel", "Ledelse"] is None
    region = found.regions[first.pk]
    assert region is not None
    assert (region.mean, region.municipalities, region.people) == (D("0.5625"), 2, 4)
    assert read(wave, by_people=True).regions[first.pk].mean == (D("0.875") * 3 + D("0.25")) / 4
    assert maturity_figures.words(found, region.mean) == "3,3"
    assert found.regions[second.pk].municipalities == 1


def test_the_municipalities_weigh_the_same_and_the_page_says_so(
    wave: Survey, directors: dict[str, User], client: Client
) -> None:
    answered(wave, place("Sortland"), [5, 5, 5, 1], people=9, by=directors["Sortland"])
    answered(wave, place("Bø"), [1, 1, 1, 5], by=directors["Bø"])
    client.force_login(directors["Bø"])
    plain = client.get(reverse("maturity", args=["vesteralen"])).content.decode()
    assert "hver teller likt" in plain or "each counts the same" in plain
    weighted = client.get(reverse("maturity", args=["vesteralen"]), {"vekt": "personer"})
    assert weighted.context_data["whole"].cells[0].words == "4,6"
    assert "each counts the same" not in weighted.content.decode()


def test_regions_stand_as_rows_of_their_own(wave: Survey, directors: dict[str, User], client: Client) -> None:
    region = Region.objects.create(name="Indre")
    region.members.set([place("Sortland"), place("Bø")])
    answered(wave, place("Sortland"), [5, 5, 5, 1], by=directors["Sortland"])
    answered(wave, place("Hadsel"), [1, 1, 1, 5], by=directors["Hadsel"])
    client.force_login(directors["Bø"])
    row = client.get(reverse("maturity", args=["vesteralen"])).context_data["regions"][0]
    assert (row.name, row.cells[0].words) == ("Indre", "5,0")


def test_spread_and_the_gap_between_small_and_large_are_sentences(wave: Survey, directors: dict[str, User]) -> None:
    """Six answer 1…5 on Ledelse: the two smallest (Lødingen 1, Bø 2) have 1,5 there, the two largest 5 and 4."""
    steps = {"Lødingen": 1, "Bø": 2, "Øksnes": 3, "Andøy": 3, "Hadsel": 4, "Sortland": 5}
    for name, step in steps.items():
        answered(wave, place(name), [step, step, step, 6 - step], by=directors[name])
    found = read(wave)
    gap = found.gap()
    assert gap is not None
    assert (gap.smallest, gap.largest, gap.each) == (D("0.125"), D("0.875"), 2)
    spread = maturity_figures.spreads(found)[0]
    # Means 0, ¼, ½, ½, ¾, 1 about ½: variance (¼ + 1/16 + 0 + 0 + 1/16 + ¼) / 6 = 0,104; deviation 0,323 · 4 = 1,3.
    assert spread.deviation == "1,3"
    assert (spread.lowest, spread.highest, spread.sizes) == ("1,0 (Lødingen)", "5,0 (Sortland)", "+3,0")
    assert "3,0" in maturity_figures.gap_sentence(found)


def test_a_small_group_s_opinion_is_for_the_secretariat_and_cannot_be_worked_out(
    model: MaturityModel, survey_admin: User, six: list[Organisation], digi: Collaboration
) -> None:
    survey = wave_of(model, by=survey_admin, personal_opinion=True)
    opinions(survey, {"Sortland": (5, [5, 5, 5, 5]), "Bø": (3, [1, 1, 1, 1]), "Hadsel": (2, [1, 1, 1, 1])})
    shown, everything = read(survey), read(survey, everything=True)
    dimension = shown.dimensions[0]
    assert (place("Bø").pk, dimension.pk) not in shown.scores
    assert shown.regions[dimension.pk].mean == 1
    assert everything.regions[dimension.pk].mean == D("1") / 3
    assert (shown.hidden, everything.hidden) == (2, 0)
    assert maturity_card.card(survey, place("Bø")) is None
    assert maturity_card.card(survey, place("Bø"), everything=True) is not None


def opinions(survey: Survey, given: dict[str, tuple[int, list[int | None]]]) -> None:
    """So many from each municipality, all with the same steps; None is not answered at all."""
    questions = statements_of(survey)
    for name, (count, steps) in given.items():
        for _each in range(count):
            response = Response.objects.create(
                survey=survey, external_id=f"{name}-{survey.responses.count()}", municipality=place(name),
                municipality_from="asked",
            )  # fmt: skip
            for question, step in zip(questions, steps, strict=True):
                for option in [one for one in question.options.all() if step and one.score == step]:
                    Answer.objects.create(response=response, question=question, option=option)


def test_the_municipality_that_would_give_a_small_one_away_is_hidden_here_as_beside_the_results(
    model: MaturityModel, survey_admin: User, six: list[Organisation]
) -> None:
    survey = wave_of(model, by=survey_admin, personal_opinion=True)
    opinions(survey, {name: (count, [3, 3, 3, 3]) for name, count in (("Bø", 2), ("Sortland", 6), ("Hadsel", 6))})
    hidden = {group.name for group in respondents.municipalities(survey, everything=False) if group.hidden}
    found = read(survey)
    assert hidden == {"Bø", "Hadsel"}
    assert set(found.counts) == {place("Sortland").pk}
    assert {key[0] for key in found.scores} == {place("Sortland").pk}


def test_a_dimension_that_few_have_answered_is_hidden_though_many_answered_the_survey(
    model: MaturityModel, survey_admin: User, six: list[Organisation], director: User, client: Client
) -> None:
    survey = wave_of(model, by=survey_admin, personal_opinion=True)
    opinions(survey, {"Sortland": (7, [3, 3, 2, 2]), "Bø": (6, [2, 2, 2, 2])})
    few, some = statements_of(survey)[2:], list(survey.responses.filter(municipality__name="Sortland")[:4])
    Answer.objects.filter(response__in=some, question__in=few).delete()
    found = read(survey)
    lead, data = found.dimensions
    assert (place("Sortland").pk, lead.pk) in found.scores
    assert {key for key in found.scores if key[1] == data.pk} == set(), "the other would give it away"
    assert not {key for key in found.of_items if key[1] in {question.pk for question in few}}
    assert len(read(survey, everything=True).scores) == 4
    card = maturity_card.card(survey, place("Sortland"))
    assert card is not None
    assert {item.dimension for item, _words in [*card.highest, *card.lowest]} == {lead.pk}
    client.force_login(director)
    book = load_workbook(
        io.BytesIO(client.get(reverse("maturity", args=["vesteralen"]), {"format": "xlsx"}).getvalue())  # type: ignore[attr-defined]
    )
    rows = [row for row in book.worksheets[0].values if row[1] == "Sortland"]
    assert [(row[3], row[4]) for row in rows] == [("Ledelse", 3), ("Data", None)]
    assert "Single figures" in maturity_figures.base(found) or "Enkelttall" in maturity_figures.base(found)


def test_whom_people_answer_for_cannot_be_changed_when_somebody_has_answered(
    model: MaturityModel, survey_admin: User, six: list[Organisation]
) -> None:
    survey = wave_of(model, by=survey_admin, personal_opinion=True)
    survey = change_survey(survey=survey, personal_opinion=False, by=survey_admin)
    survey = change_survey(survey=survey, personal_opinion=True, by=survey_admin)
    opinions(survey, {"Bø": (1, [3, 3, 3, 3])})
    with pytest.raises(NotAllowedNow):
        change_survey(survey=survey, personal_opinion=False, by=survey_admin)
    assert change_survey(survey=survey, personal_opinion=True, title="Nytt navn", by=survey_admin).title == "Nytt navn"


# --- two waves ------------------------------------------------------------------------------------------


def test_waves_of_one_model_are_compared_and_new_statements_are_left_out(
    model: MaturityModel, wave: Survey, survey_admin: User, directors: dict[str, User]
) -> None:
    answered(wave, place("Sortland"), [3, 3, 3, 3], by=directors["Sortland"])
    Survey.objects.filter(pk=wave.pk).update(opens_on=days(-400), closes_on=days(-390))
    maturity.change_dimension(
        dimension=model.dimensions.get(name="Ledelse"), name="Ledelse",
        statements=["Ledelsen følger opp.", "Mål er satt.", "Helt nytt."], by=survey_admin,
    )  # fmt: skip
    maturity.define_dimension(model=model, name="Samarbeid", statements=["Vi kjøper sammen."], by=survey_admin)
    later = wave_of(model, by=survey_admin, title="Modenhet neste år")
    answered(later, place("Sortland"), [4, 4, 1, 5, 1, 5], by=directors["Sortland"], people=2)
    answered(later, place("Bø"), [2, 2, 1, 3, 3, 5], by=directors["Bø"])
    earlier = earlier_waves(later)
    assert [one.title for one in earlier] == ["Modenhet i år"]
    found = compare(read(later), earlier[0])
    lead, data, together = found.changes
    assert (lead.shared, lead.asked) == (2, 3)
    # Sortland 0,75 and Bø 0,25 are 0,5 on what both asked; Sortland had 0,5 before.
    assert (lead.before.mean, lead.after.mean, lead.difference) == (D("0.5"), D("0.5"), 0)
    assert found.of_place(place("Sortland"), lead.dimension) == D("0.25")
    assert [one.name for one in found.not_comparable] == ["Samarbeid"]
    assert found.base_changed
    assert [str(one) for one in found.came] == ["Bø"]
    assert "2 of 3" in maturity_figures.moved(found)[0].remark or "2 av 3" in maturity_figures.moved(found)[0].remark


def imported_wave(digi: Collaboration, title: str, opens: int, secretary: User) -> Survey:
    survey = define_survey(collaboration=digi, title=title, opens_on=days(opens), closes_on=days(opens + 5))
    words = ["Helt enig", "Enig", "Verken eller", "Uenig", "Helt uenig", "Vet ikke"]
    define_question(
        survey=survey, text=f"Ledelsen er med ({title})", kind="single", options=[{"text": word} for word in words],
        by=secretary,
    )  # fmt: skip
    return survey


def test_imported_questions_are_compared_only_when_a_person_has_linked_them(
    digi: Collaboration, model: MaturityModel, survey_admin: User
) -> None:
    dimension = model.dimensions.get(name="Ledelse")
    surveys = [imported_wave(digi, title, opens, survey_admin) for title, opens in (("2024", -700), ("2026", -20))]
    for survey, words in zip(surveys, ("Uenig", "Enig"), strict=True):
        question = survey.questions.get()
        scores = dict(zip(question.options.values_list("pk", flat=True), [*map(D, (5, 4, 3, 2, 1)), None], strict=True))
        maturity.connect_questions(
            survey=survey, model=model, by=survey_admin,
            connections={question.pk: {"dimension": dimension, "scale_min": D(1), "scale_max": D(5),
                                       "reversed": False, "scores": scores}},
        )  # fmt: skip
        response = Response.objects.create(
            survey=survey, external_id="1", municipality=place("Bø"), municipality_from="asked"
        )
        Answer.objects.create(response=response, question=question, option=question.options.get(text=words))
    first, second = (Survey.objects.get(pk=survey.pk) for survey in surveys)
    Survey.objects.filter(pk__in=[first.pk, second.pk]).update(personal_opinion=False)
    assert same_questions(second, first) == {}
    assert compare(read(second), first).comparable == []
    SameQuestion.objects.create(question=second.questions.get(), same_as=first.questions.get(), by=survey_admin)
    [change] = compare(read(second, everything=True), first, everything=True).comparable
    assert (change.before.mean, change.after.mean, change.difference) == (D("0.25"), D("0.75"), D("0.5"))


# --- connecting what was imported --------------------------------------------------------------------------


def test_the_words_propose_scores_and_the_person_confirms(
    digi: Collaboration, model: MaturityModel, survey_admin: User, client: Client
) -> None:
    survey = imported_wave(digi, "Forms", -20, survey_admin)
    question = survey.questions.get()
    client.force_login(survey_admin)
    path = reverse("survey_connect", args=["vesteralen", survey.slug])
    form = client.get(path).context_data["form"]
    proposed = [form[f"q{question.pk}_o{option.pk}"].initial for option in question.options.all()]
    assert proposed == [5, 4, 3, 2, 1, None]
    assert not survey.questions.filter(options__score__isnull=False).exists()
    data = {name: "" if form[name].initial in (None, False) else form[name].initial for name in form.fields}
    data[f"q{question.pk}_dimension"] = model.dimensions.get(name="Data").pk
    answer = client.post(path, data)
    assert answer.status_code == 302
    question.refresh_from_db()
    assert question.dimension.name == "Data"
    assert (question.scale_min, question.scale_max) == (1, 5)
    assert question.options.get(text="Vet ikke").score is None
    assert Survey.objects.get(pk=survey.pk).maturity == model


def test_a_score_outside_the_scale_is_told_at_its_field(
    digi: Collaboration, model: MaturityModel, survey_admin: User, client: Client
) -> None:
    survey = imported_wave(digi, "Forms", -20, survey_admin)
    question = survey.questions.get()
    client.force_login(survey_admin)
    path = reverse("survey_connect", args=["vesteralen", survey.slug])
    form = client.get(path).context_data["form"]
    data = {name: "" if form[name].initial in (None, False) else form[name].initial for name in form.fields}
    first = question.options.all()[0].pk
    data |= {f"q{question.pk}_dimension": model.dimensions.get(name="Data").pk, f"q{question.pk}_o{first}": "7"}
    answer = client.post(path, data)
    assert answer.status_code == 200
    assert f"q{question.pk}_o{first}" in answer.context_data["form"].errors


# --- the pages ------------------------------------------------------------------------------------------


def test_the_heat_map_has_a_number_in_each_cell_and_leaves_as_a_workbook(
    wave: Survey, directors: dict[str, User], client: Client
) -> None:
    answered(wave, place("Sortland"), [4, 5, 3, 2], people=3, by=directors["Sortland"])
    client.force_login(directors["Bø"])
    page = client.get(reverse("maturity", args=["vesteralen"]))
    cells = {row.name: [cell.words for cell in row.cells] for row in page.context_data["rows"]}
    assert cells["Sortland"] == ["4,5", "3,5"]
    assert cells["Hadsel"] == ["mangler", "mangler"] or cells["Hadsel"] == ["missing", "missing"]
    book = load_workbook(io.BytesIO(client.get(reverse("maturity", args=["vesteralen"]), {"format": "xlsx"}).content))
    rows = [row for row in book.worksheets[0].iter_rows(min_row=2, values_only=True) if row[1] == "Sortland"]
    assert rows[0][2:7] == (10514, "Ledelse", 4.5, 1, 3)


def test_the_page_takes_as_many_queries_for_six_as_for_one(
    wave: Survey, directors: dict[str, User], client: Client, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client.force_login(directors["Bø"])
    path = reverse("maturity", args=["vesteralen"])
    counts = []
    for names in (["Sortland"], ["Bø", "Hadsel", "Andøy", "Øksnes", "Lødingen"]):
        for name in names:
            answered(wave, place(name), [4, 5, 3, 2], by=directors[name])
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(path)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_before_anybody_has_answered_the_page_says_what_comes(
    digi: Collaboration, director: User, survey_admin: User, client: Client
) -> None:
    for who, leads_on in ((director, False), (survey_admin, True)):
        client.force_login(who)
        page = client.get(reverse("maturity", args=["vesteralen"])).content.decode()
        assert (reverse("maturity_models", args=["vesteralen"]) in page) is leads_on


def test_the_score_card_shows_own_beside_the_others(wave: Survey, directors: dict[str, User], client: Client) -> None:
    answered(wave, place("Sortland"), [4, 5, 3, 2], people=3, by=directors["Sortland"])
    answered(wave, place("Bø"), [2, 1, 1, 5], by=directors["Bø"])
    client.force_login(directors["Bø"])
    card = client.get(reverse("score_card", args=["1870"])).context_data["card"]
    line = card.lines[0]
    assert (line.own, line.mean, line.difference, line.change) == ("4,5", "3,0", "+1,5", "–")
    assert [item.text for item, _words in card.highest] == ["Mål er satt.", "Ledelsen følger opp."]
    assert [words for _item, words in card.lowest] == ["3,0", "4,0"]
    missing = client.get(reverse("score_card", args=["1866"]))
    assert missing.status_code == 200
    assert missing.context_data["card"] is None


def test_the_score_card_leaves_as_a_pdf(wave: Survey, directors: dict[str, User], client: Client) -> None:
    answered(wave, place("Sortland"), [4, 5, 3, 2], people=3, by=directors["Sortland"])
    client.force_login(directors["Sortland"])
    asked = client.post(reverse("score_card_pdf", args=["1870"]), {"undersokelse": wave.slug})
    assert asked.status_code == 302
    done = jobs.run(Job.objects.get(kind=maturity_card.KIND).pk)
    assert done.error == ""
    assert files.content(done.document).startswith(b"%PDF")
    assert client.post(reverse("score_card_pdf", args=["1866"]), {"undersokelse": wave.slug}).status_code == 409


def test_the_pages_of_a_model_are_walked_from_the_neutral_one_to_a_survey(
    digi: Collaboration, survey_admin: User, client: Client
) -> None:
    client.force_login(survey_admin)
    assert client.get(reverse("maturity_models", args=["vesteralen"])).status_code == 200
    client.post(reverse("maturity_begin", args=["vesteralen"]))
    model = MaturityModel.objects.get()
    here = ["vesteralen", model.slug]
    data = {"name": "Åpenhet", "statements": "Vi deler data.\nVi publiserer kode.", "version": model.version}
    assert client.post(reverse("dimension_new", args=here), data).status_code == 302
    late = client.post(reverse("dimension_new", args=here), data | {"name": "For sent"})
    assert late.status_code == 409
    twice = client.post(
        reverse("dimension_new", args=here),
        {"name": "Ny", "statements": "Likt.\nlikt", "version": MaturityModel.objects.get().version},
    )
    assert "statements" in twice.context_data["form"].errors
    made = client.post(
        reverse("maturity_survey", args=here),
        {"title": "Modenhet", "opens_on": days(0).isoformat(), "closes_on": days(9).isoformat(), "who": "municipality"},
    )
    assert made.status_code == 302
    survey = Survey.objects.get()
    assert survey.questions.filter(statement__isnull=False).count() == 28
    assert client.get(reverse("maturity_model", args=here)).status_code == 200


def test_a_survey_keeps_what_it_asked_when_it_is_renamed(wave: Survey, survey_admin: User) -> None:
    change_survey(survey=wave, title="Nytt navn", by=survey_admin)
    assert Question.objects.filter(survey=wave, dimension__isnull=False).count() == 4
    assert chosen(wave, [1, 1, 1, 1])
