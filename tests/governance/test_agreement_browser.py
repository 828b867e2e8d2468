"""Agreements in a browser: the list, a task body with its checklist, a comparison and the form, whole at two widths."""

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser

from digivesteralen.accounts.models import User
from governance.actions import adoptions, agreement_texts, agreement_versions, agreements, legal_forms
from governance.models import Agreement, AgreementSection, Collaboration, Organisation
from tests.browser import faults_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filled(digi: Collaboration, secretary: User, directors: dict[str, User]) -> list[str]:
    """A plain agreement in force with a second version, a task body under way, and an assessment that waits."""
    both = list(Organisation.objects.filter(name__in=["Bø", "Sortland"]))
    period = {"period_from": date(2026, 1, 1), "period_to": date(2029, 12, 31)}
    made = agreements.create_agreement(
        collaboration=digi, title="Samarbeidsavtale", parties=both, by=secretary, **period
    )
    texts = {kind: f"Om {label}." for kind, label in AgreementSection.Kind.choices}
    agreements.write_agreement(agreement=made, sections=texts, by=secretary, **period)
    for place in both:
        agreements.write_value(agreement=made, organisation=place, value="Kommunen får mer for mindre.", by=secretary)
    agreements.send_agreement(agreement=Agreement.objects.get(pk=made.pk), sent_on=date(2026, 1, 10), by=secretary)
    for answer in made.adoptions.select_related("organisation"):
        adoptions.register_adoption(
            adoption=answer, state="adopted", decided_by="Kommunestyret", decided_on=date(2026, 2, 1),
            case_number="5/26", by=directors[answer.organisation.name],
        )  # fmt: skip
    standing = Agreement.objects.whole().get(pk=made.pk)
    second = agreement_versions.new_version(
        agreement=standing, what_changed="Finansieringen", why="Ny nøkkel", by=secretary
    )
    money = second.sections.get(kind="financing")
    text = "Om finansiering, etter folketall."
    agreement_texts.write_clause(agreement=second, clause=money, heading="Finansiering", text=text, by=secretary)
    body = agreements.create_agreement(
        collaboration=digi, title="Felles arkiv", form="ko", entity_name="Vesterålen arkiv KO", by=secretary
    )
    agreement_texts.write_clause(agreement=body, heading="Navn", text="Navnet er gitt.", meets=["name"], by=secretary)
    agreement_texts.write_obligation(agreement=body, text="Velge to medlemmer", due="hvert valg", by=secretary)
    legal_forms.raise_review(collaboration=digi, trigger="authority", note="Felles vedtak", by=secretary)
    where = [one.get_absolute_url() for one in (standing, second, body)]
    return [
        "/vesteralen/avtaler/", *where, f"{where[1]}sammenlign/1/", f"{where[1]}skriv/", f"{where[2]}klausul/",
        f"{where[0]}part/{both[0].pk}/gar-ut/", "/vesteralen/organisasjonsform/",
        "/vesteralen/organisasjonsform/endre/", "/vesteralen/",
    ]  # fmt: skip


def test_every_page_is_whole_and_accessible(
    browser: Browser, live_server: Any, secretary: User, filled: list[str]
) -> None:
    assert faults_of(browser, live_server, [(secretary, path) for path in filled]) == []
