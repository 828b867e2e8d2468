"""Attachments: in their order, exempt each by itself, and frozen when the case has gone out (rules 7 and 8)."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.documents import access
from digivesteralen.documents.uploads import Upload
from governance.actions import attachments, cases, forwarding
from governance.models import Body, Case, CaseAttachment, Collaboration
from tests.governance.meeting_helpers import a_case, called, held
from tests.refusals import the_database_refuses

pytestmark = pytest.mark.django_db
GROUND = "offentleglova § 23 første ledd"
FILE = Upload(b"%PDF-1.7 tilbud", "tilbud.pdf", "application/pdf")


def attached(case: Case, by: Any, title: str = "Tilbud", **marks: Any) -> CaseAttachment:
    return attachments.attach(case=case, title=title, upload=FILE, by=by, **marks)


def status(client: Client, attachment: CaseAttachment) -> int:
    response: Any = client.get(attachment.get_absolute_url())
    assert response.status_code == 404 or response.getvalue() == FILE.content
    return int(response.status_code)


def titles(case: Case) -> list[str]:
    return list(case.attachments.order_by("position").values_list("title", flat=True))


def test_files_are_put_in_moved_and_taken_out(client: Client, steering: Body, secretary: Any) -> None:
    case = a_case(steering, secretary)
    client.force_login(secretary)
    for title in ("Første", "Andre"):
        told = {"title": title, "file": SimpleUploadedFile("a.pdf", FILE.content)}
        assert client.post(f"/vesteralen/saker/{case.pk}/vedlegg/", told).status_code == 302
    second = case.attachments.get(title="Andre")
    assert client.post(f"/vesteralen/vedlegg/{second.pk}/opp/").status_code == 302
    assert titles(case) == ["Andre", "Første"]
    page = client.get(case.get_absolute_url()).content.decode()
    assert "1. Andre" in page and "2. Første" in page
    told = {"title": "Annen", "version": CaseAttachment.objects.get(pk=second.pk).version}
    assert client.post(f"/vesteralen/vedlegg/{second.pk}/rediger/", told).status_code == 302
    assert client.post(f"/vesteralen/vedlegg/{second.pk}/fjern/").status_code == 302
    assert titles(case) == ["Første"]
    second.document.refresh_from_db()
    assert second.document.erased_at is not None


def test_a_file_of_another_kind_is_refused(client: Client, steering: Body, secretary: Any) -> None:
    case = a_case(steering, secretary)
    client.force_login(secretary)
    told = {"title": "Program", "file": SimpleUploadedFile("a.exe", b"MZ")}
    assert client.post(f"/vesteralen/saker/{case.pk}/vedlegg/", told).context_data["form"].errors["file"]


def test_an_exempt_attachment_is_read_by_those_who_read_what_is_exempt(
    client: Client, steering: Body, secretary: Any, director: Any, it_leader: Any, outsider: Any
) -> None:
    case = a_case(steering, secretary)
    secret = attached(case, secretary, "Tilbud fra Leverandør", exempt=True, legal_ground=GROUND)
    plain = attached(case, secretary, "Kart")
    client.force_login(director)
    assert status(client, plain) == 404, "not sent yet"
    called(steering, secretary, case)
    case.refresh_from_db()
    for reader, seen in ((secretary, 200), (director, 200), (it_leader, 404), (outsider, 404)):
        client.force_login(reader)
        assert status(client, secret) == seen
        assert status(client, plain) == (404 if reader == outsider else 200)
        assert access.may_see(reader, secret.document) is (seen == 200)
    client.force_login(it_leader)
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Kart" in page and "Leverandør" not in page and GROUND in page
    assert secret.document.title != "Tilbud fra Leverandør"


def test_what_has_gone_out_stands_but_its_exemption_can_end(
    client: Client, steering: Body, secretary: Any, directors: Any
) -> None:
    case = a_case(steering, secretary)
    one = attached(case, secretary, exempt=True, legal_ground=GROUND)
    called(steering, secretary, case)
    for act in (
        lambda: attached(case, secretary),
        lambda: attachments.detach(attachment=one, by=secretary),
        lambda: attachments.move_up(attachment=one, by=secretary),
        lambda: attachments.change_attachment(attachment=one, title="Noe annet", by=secretary),
    ):
        with pytest.raises(NotAllowedNow):
            act()
    client.force_login(secretary)
    told = {"version": one.version}
    assert client.post(f"/vesteralen/vedlegg/{one.pk}/rediger/", told).status_code == 302
    one.refresh_from_db()
    assert (one.is_exempt, one.title) == (False, "Tilbud")


@pytest.mark.parametrize("change", [{"title": "Annet"}, {"position": 9}, None])
def test_the_database_keeps_the_attachments_of_a_sent_case(
    steering: Body, secretary: Any, directors: Any, change: dict[str, Any] | None
) -> None:
    case = a_case(steering, secretary)
    one = attached(case, secretary)
    called(steering, secretary, case)
    rows = CaseAttachment.objects.filter(pk=one.pk)
    with the_database_refuses("gone out"), transaction.atomic():
        rows.update(**change) if change else rows._raw_delete("default")
    with the_database_refuses("gone out"), transaction.atomic():
        CaseAttachment.objects.create(case=case, document=one.document, position=2, title="Sent")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(exempt=True)


def test_attachments_follow_a_case_that_goes_on(
    steering: Body, secretary: Any, directors: Any, digi: Collaboration
) -> None:
    case = a_case(steering, secretary)
    attached(case, secretary, "Kart")
    secret = attached(case, secretary, "Tilbud", exempt=True, legal_ground=GROUND)
    held(steering, secretary, case)
    council = Body.objects.create(collaboration=digi, kind="working", name="Fagrådet", slug="fagradet", level=1)
    there = forwarding.forward_case(case=case, body=council, by=secretary).received_as
    assert there is not None and titles(there) == ["Kart", "Tilbud"]
    copied = there.attachments.get(title="Tilbud")
    assert copied.is_exempt and copied.document == secret.document
    attachments.detach(attachment=copied, by=secretary)
    secret.document.refresh_from_db()
    assert secret.document.erased_at is None, "the first case still has it"


def test_only_those_who_prepare_touch_them_and_not_two_at_once(
    client: Client, steering: Body, secretary: Any, director: Any
) -> None:
    case = a_case(steering, secretary)
    one = attached(case, secretary)
    with pytest.raises(PermissionDenied):
        attached(case, director)
    attachments.change_attachment(attachment=one, version=one.version, title="Ny", by=secretary)
    with pytest.raises(Stale):
        attachments.change_attachment(attachment=one, version=one.version, title="Nyere", by=secretary)


def test_kinds_of_cases_have_their_word_in_einnsyn(steering: Body, secretary: Any) -> None:
    assert {Case(kind=kind).kind_in_einnsyn for kind in Case.Kind.values} == {
        "politisk", "godkjenning", "orientering", "referat", "annet",
    }  # fmt: skip
    case = cases.make_case(body=steering, title="Brev", kind=Case.Kind.REFERRAL, by=secretary)
    assert case.usual_outcome == "noted"
