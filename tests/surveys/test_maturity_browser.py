"""A municipality answers in a browser: what is written is kept by itself and handed in; and what the waves show."""

import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from digivesteralen.accounts.models import User
from governance.models import Collaboration, Organisation
from surveys.models import ResponseDraft, Survey
from tests.browser import SPILLS, faults_of, violations, window
from tests.surveys.maturity_people import answered, days, small_model, wave_of

pytestmark = pytest.mark.django_db(transaction=True)


def is_whole(page: Page, complaints: list[str]) -> None:
    assert page.evaluate(SPILLS) <= 0, page.url
    assert violations(page) == [], page.url
    assert complaints == [], page.url


@pytest.fixture
def waves(digi: Collaboration, survey_admin: User, directors: dict[str, User]) -> tuple[Survey, Survey]:
    """One wave that five have answered, and one that is open."""
    model = small_model(digi, by=survey_admin)
    steps = {"Bø": 2, "Øksnes": 3, "Andøy": 3, "Hadsel": 4, "Sortland": 5}
    first = wave_of(model, by=survey_admin, title="Modenhet i fjor")
    for name, step in steps.items():
        place = Organisation.objects.get(name=name)
        answered(first, place, [step, 3, step, 6 - step], people=step, by=directors[name])
    Survey.objects.filter(pk=first.pk).update(opens_on=days(-400), closes_on=days(-380))
    second = wave_of(model, by=survey_admin)
    for name, step in steps.items():
        if name != "Sortland":
            place = Organisation.objects.get(name=name)
            answered(second, place, [min(step + 1, 5), 3, step, None], people=step, by=directors[name])
    return first, second


@pytest.mark.parametrize("width", [1280, 390])
def test_a_municipality_answers_and_nothing_is_lost(
    browser: Browser, live_server: Any, director: User, waves: tuple[Survey, Survey], width: int
) -> None:
    survey = waves[1]
    here = ["vesteralen", survey.slug, "1870"]
    page, complaints = window(browser, live_server, director, reverse("answer_survey", args=here), width=width)
    is_whole(page, complaints)
    page.get_by_role("link", name="Begynn").click()
    page.get_by_role("group", name="Ledelsen følger opp.").get_by_label("5 – Ja").check()
    expect(page.get_by_text(re.compile(r"Kladd lagret kl\."))).to_be_visible()
    assert ResponseDraft.objects.filter(survey=survey, municipality__number="1870").exists()
    page.get_by_role("group", name="Mål er satt.").get_by_label("2", exact=True).check()
    is_whole(page, complaints)
    page.get_by_role("button", name="Neste tema").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Data")
    page.get_by_role("group", name="Vi har oversikt.").get_by_label(re.compile("Vet ikke")).check()
    page.get_by_role("button", name="Se over svarene").click()
    expect(page.get_by_text("Vi taster på nytt.").first).to_be_visible()
    is_whole(page, complaints)
    page.get_by_label("Hvor mange personer står bak svaret?").fill("3")
    page.get_by_role("button", name="Lever svaret").click()
    expect(page.get_by_text("Svaret er levert")).to_be_visible()
    is_whole(page, complaints)
    assert survey.responses.get(municipality__number="1870").people == 3


def test_what_the_waves_say_is_whole_and_accessible(
    browser: Browser, live_server: Any, director: User, survey_admin: User, waves: tuple[Survey, Survey]
) -> None:
    first, second = waves
    model = first.maturity
    assert model is not None
    dimension = model.dimensions.earliest("pk")
    seen = [
        (director, reverse("maturity", args=["vesteralen"])),
        (director, f"{reverse('score_card', args=['1867'])}?undersokelse={second.slug}"),
        (survey_admin, reverse("maturity_models", args=["vesteralen"])),
        (survey_admin, reverse("maturity_model", args=["vesteralen", model.slug])),
        (survey_admin, reverse("dimension", args=["vesteralen", model.slug, dimension.pk])),
        (survey_admin, reverse("maturity_survey", args=["vesteralen", model.slug])),
        (survey_admin, reverse("survey_connect", args=["vesteralen", first.slug])),
        (survey_admin, reverse("survey_standings", args=["vesteralen", second.slug])),
    ]
    assert faults_of(browser, live_server, seen, unfolded=False) == []
