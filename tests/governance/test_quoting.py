"""A decision made before is quoted in a new case, and its extract laid among the papers (D14)."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from digivesteralen.documents import files, jobs
from digivesteralen.ui import richtext
from governance import extract
from governance.actions import adoptions
from governance.models import Adoption, Body, Case, Collaboration
from tests.governance.meeting_helpers import a_case, called, held, the_item

pytestmark = pytest.mark.django_db


def quote_url(case: Case, of: str, pk: int) -> str:
    return f"/vesteralen/saker/{case.pk}/siter/{of}/{pk}/"


def test_what_the_body_decided_is_found_quoted_and_laid_to_the_case(
    client: Client, steering: Body, directors: Any, secretary: Any
) -> None:
    item = the_item(held(steering, secretary, a_case(steering, secretary, "Felles innlogging")))
    made = extract.order(item, public=True, by=secretary)
    assert jobs.run(made.pk).state == "done"
    case = a_case(steering, secretary, "Videre drift", information="Først dette.")
    client.force_login(secretary)
    page = client.get(f"/vesteralen/saker/{case.pk}/tidligere-vedtak/?q=innlogging")
    assert quote_url(case, "organ", item.pk) in page.content.decode()
    assert "Styringsgruppen støtter forslaget." in client.get(quote_url(case, "organ", item.pk)).content.decode()
    told = {"version": case.version, "with_extract": "on"}
    assert client.post(quote_url(case, "organ", item.pk), told).status_code == 302
    case.refresh_from_db()
    said = richtext.plain(case.information)
    assert said.startswith("Først dette.") and item.case.number in said and "Styringsgruppen støtter forslaget." in said
    attached = case.attachments.get().document
    original = extract.of_case([item], reads_all=False)[0]
    assert attached.pk != original.pk and files.content(attached) == files.content(original)


def test_a_municipalitys_own_words_are_quoted_as_text(
    client: Client, digi: Collaboration, steering: Body, secretary: Any, director: Any, sortland: Any
) -> None:
    adoption = adoptions.open_adoption(collaboration=digi, organisation=sortland, matter="Ny skyavtale", by=secretary)
    adoptions.register_adoption(
        adoption=adoption, state=Adoption.State.ADOPTED, decided_by="Kommunestyret", decided_on=date(2026, 3, 31),
        case_number="9/26", text="<b>Sortland</b> slutter seg til.", by=director,
    )  # fmt: skip
    case = a_case(steering, secretary)
    client.force_login(secretary)
    page = client.get(f"/vesteralen/saker/{case.pk}/tidligere-vedtak/?of=kommune&q=skyavtale")
    assert quote_url(case, "kommune", adoption.pk) in page.content.decode()
    assert client.post(quote_url(case, "kommune", adoption.pk), {"version": case.version}).status_code == 302
    case.refresh_from_db()
    assert "9/26" in case.information and "&lt;b&gt;Sortland&lt;/b&gt; slutter seg til." in case.information
    assert not case.attachments.exists()
    twice = client.post(quote_url(case, "kommune", adoption.pk), {"version": case.version})
    assert twice.status_code == 409


def test_what_is_exempt_is_neither_found_nor_quoted(
    client: Client, steering: Body, directors: Any, secretary: Any
) -> None:
    secret = a_case(
        steering, secretary, "Innbrudd i nettet", exempt=True, legal_ground="offentleglova § 24 tredje ledd"
    )
    item = the_item(held(steering, secretary, secret))
    case = a_case(steering, secretary)
    client.force_login(secretary)
    page = client.get(f"/vesteralen/saker/{case.pk}/tidligere-vedtak/").content.decode()
    assert "Innbrudd" not in page
    assert client.get(quote_url(case, "organ", item.pk)).status_code == 404


def test_a_case_that_has_gone_out_takes_no_quotes(
    client: Client, steering: Body, directors: Any, secretary: Any
) -> None:
    item = the_item(held(steering, secretary))
    sent = a_case(steering, secretary, "Sendt")
    called(steering, secretary, sent)
    client.force_login(secretary)
    assert client.post(quote_url(sent, "organ", item.pk), {"version": sent.version}).status_code == 409
