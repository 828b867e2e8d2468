"""What is written in the form of a case is not lost, and two who write in one case both see both texts."""

from http import HTTPStatus
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client

from governance.actions import case_drafts, cases
from governance.models import Body, Case, CaseDraft
from tests.governance.meeting_helpers import a_case
from tests.people import appoint, person

pytestmark = pytest.mark.django_db


def form_of(case: Case, **texts: Any) -> dict[str, Any]:
    told = {"kind": case.kind, "title": case.title, "information": case.information, "proposal": case.proposal}
    return {**told, "version": case.version, **texts}


def edit(client: Client, case: Case, told: dict[str, Any], where: str = "rediger/") -> Any:
    return client.post(f"/vesteralen/saker/{case.pk}/{where}", told)


def test_a_draft_is_kept_brought_back_and_gone_when_the_case_is_saved(
    client: Client, steering: Body, secretary: Any
) -> None:
    case = a_case(steering, secretary)
    client.force_login(secretary)
    assert "kl." in edit(client, case, form_of(case, title="Halvferdig"), "kladd/").json()["at"]
    case.refresh_from_db()
    assert case.title == "Felles innlogging", "the case itself is as it was"
    page = client.get(f"/vesteralen/saker/{case.pk}/rediger/")
    assert page.context_data["form"]["title"].value() == "Halvferdig"
    assert edit(client, case, form_of(case, title="Ferdig")).status_code == 302
    assert not CaseDraft.objects.exists() and Case.objects.get().title == "Ferdig"


def test_a_new_case_has_its_draft_too_and_it_can_be_thrown_away(client: Client, steering: Body, secretary: Any) -> None:
    client.force_login(secretary)
    assert client.post("/vesteralen/saker/ny/kladd/", {"title": "En idé", "body": steering.pk}).status_code == 200
    assert client.get("/vesteralen/saker/ny/").context_data["form"]["title"].value() == "En idé"
    assert client.post("/vesteralen/saker/ny/kladd/forkast/").status_code == 302
    assert client.get("/vesteralen/saker/ny/").context_data["form"]["title"].value() != "En idé"


def test_a_draft_is_ones_own(client: Client, steering: Body, secretary: Any, director: Any) -> None:
    case = a_case(steering, secretary)
    other = person("Ola Sekretær")
    appoint(other, "secretariat", steering.collaboration)
    case_drafts.keep_draft(
        collaboration=steering.collaboration, case=case, texts={"title": "Mitt"}, based_on=1, by=secretary
    )
    client.force_login(other.user)
    page = client.get(f"/vesteralen/saker/{case.pk}/rediger/")
    assert page.status_code == 200 and "Mitt" not in page.content.decode()
    with pytest.raises(PermissionDenied):
        case_drafts.keep_draft(collaboration=steering.collaboration, case=case, texts={}, based_on=1, by=director)
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseDraft.objects.create(user=secretary, collaboration=steering.collaboration, case=case)


def test_the_second_who_saves_sees_both_texts_and_chooses_for_each_field(
    client: Client, steering: Body, secretary: Any
) -> None:
    case = a_case(steering, secretary, information="<p>Som det var</p>")
    first = form_of(case, title="Min tittel", information="<p>Mitt <strong>avsnitt</strong></p>", assessment="Min")
    cases.change_case(case=case, title="Andres tittel", information="Andres avsnitt", by=secretary)
    client.force_login(secretary)
    page = edit(client, case, first)
    assert page.status_code == HTTPStatus.CONFLICT
    shown = page.content.decode()
    for text in ("Min tittel", "Andres tittel", "<strong>avsnitt</strong>", "Andres avsnitt"):
        assert text in shown, text
    assert [one.name for one in page.context_data["differences"]] == ["title", "information", "assessment"]
    case.refresh_from_db()
    assert 'name="choose_"' in shown
    none = edit(client, case, {**first, "version": case.version, "choose_": "asked"})
    assert none.status_code == HTTPStatus.CONFLICT and "Velg en av de to" in none.content.decode()
    case.refresh_from_db()
    assert case.title == "Andres tittel", "nothing is saved over by one who chose nothing"
    chosen = {**first, "version": case.version, "choose_title": "theirs", "choose_information": "mine"}
    again = edit(client, case, chosen)
    assert again.status_code == HTTPStatus.CONFLICT, "one field is not chosen yet"
    assert edit(client, case, {**chosen, "choose_assessment": "mine"}).status_code == 302
    case.refresh_from_db()
    told = (case.title, case.information, case.assessment)
    assert told == ("Andres tittel", "<p>Mitt <strong>avsnitt</strong></p>", "Min")


def test_one_who_saves_what_stands_there_already_is_not_asked(client: Client, steering: Body, secretary: Any) -> None:
    case = a_case(steering, secretary)
    told = form_of(case, title="Ny")
    cases.change_case(case=case, title="Ny", by=secretary)
    client.force_login(secretary)
    assert edit(client, case, told).status_code == 302
    case.refresh_from_db()
    assert (case.title, case.information) == ("Ny", told["information"])
