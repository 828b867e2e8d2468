"""The whole history of one thing, for whoever may read the page it stands on."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model, UUIDField
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from playwright.sync_api import Browser

from digivesteralen.accounts.models import User
from digivesteralen.audit import history
from digivesteralen.audit.history import Wanted, WholeHistory, event_model
from digivesteralen.audit.log import acting, record
from digivesteralen.audit.models import Act
from digivesteralen.operations.trail import roof
from governance.models import Body, Collaboration
from surveys.models import ResponseDraft, Survey
from tests.browser import faults_of
from tests.governance.meeting_helpers import a_case
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def lived(digi: Collaboration, auditor: User) -> Collaboration:
    """A collaboration that sixty small changes have been made to, by two people, and one look."""
    User.objects.update(language="en")
    other = person("Eva Endre").user
    for number in range(60):
        with acting(by=auditor if number % 2 else other):
            Collaboration.objects.filter(pk=digi.pk).update(purpose=f"Formål {number}")
    record("printed", by=other, on=digi)
    return digi


def _ask(user: User, thing: Any, *, to: str = "", **query: Any) -> Any:
    client = Client()
    client.force_login(user)
    path = to or reverse("collaboration", args=[thing.slug])
    return client.get(path, {"historikk": f"{thing._meta.label_lower}-{thing.pk}", **query})


def test_everything_is_there_in_words_page_by_page(lived: Collaboration, auditor: User) -> None:
    first, last = (_ask(auditor, lived, side=side).content.decode() for side in (1, 2))

    assert "1 to 50 of 62" in first and "51 to 62 of 62" in last
    assert "<del>Formål 58</del> → <ins>Formål 59</ins>" in first
    assert "<del>Formål 0</del> → <ins>Formål 1</ins>" in last and "Eva Endre" in last
    assert "side=2" in first.split("Older")[0] and "Back to the page" in first


def test_the_page_links_to_it(lived: Collaboration, auditor: User) -> None:
    client = Client()
    client.force_login(auditor)

    page = client.get(reverse("collaboration", args=[lived.slug])).content.decode()

    assert f'href="?historikk=governance.collaboration-{lived.pk}"' in page


def test_it_is_narrowed_by_who_what_and_when(lived: Collaboration, auditor: User) -> None:
    assert "1 to 30 of 30" in _ask(auditor, lived, person=auditor.pk).content.decode()
    assert "1 to 1 of 1" in _ask(auditor, lived, kind="acts").content.decode()
    assert "1 to 50 of 62" in _ask(auditor, lived, since="01.01.2020").content.decode()
    nothing = _ask(auditor, lived, until="01.01.2020").content.decode()
    assert "<del>" not in nothing and "Nothing is found" in nothing
    # The portal itself made the collaboration, in this test.
    assert len(WholeHistory(lived, Wanted(person=0))) == 1


def test_what_changed_is_told_from_the_one_before_also_where_others_are_left_out(
    lived: Collaboration, auditor: User
) -> None:
    newest = WholeHistory(lived, Wanted(person=auditor.pk, kind="changes"))[0]

    assert [(change.before, change.after) for change in newest.changes] == [("Formål 58", "Formål 59")]


@pytest.mark.django_db
@pytest.mark.parametrize("model", [m for m in apps.get_models() if event_model(m)], ids=lambda m: m._meta.label)
def test_whatever_columns_a_thing_has_its_history_is_told(model: type[Model]) -> None:
    """Projects and decisions have a column called key, which the first page of history stumbled over."""
    thing = model(pk=uuid4() if isinstance(model._meta.pk, UUIDField) else 987654)
    assert (len(WholeHistory(thing)), WholeHistory(thing)[:5]) == (0, [])


def test_a_page_takes_as_many_questions_however_long_the_history_is(
    lived: Collaboration, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(6):
        assert len(WholeHistory(lived)[:50]) == 50


def test_another_thing_than_the_one_on_the_page_has_no_history_there(lived: Collaboration, auditor: User) -> None:
    """The address names a thing; the page tells of nothing but its own."""
    stranger = Collaboration.objects.create(slug="fremmed", name="Fremmed MERKE")

    answer = _ask(auditor, stranger, to=reverse("collaboration", args=[lived.slug]))

    assert "MERKE" not in answer.content.decode()
    assert _ask(auditor, stranger).status_code == 404


def test_the_auditor_takes_it_out_and_that_is_written_down(
    lived: Collaboration, auditor: User, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """Read piece by piece, however long it is; and by who has just shown who it is."""
    monkeypatch.setattr(history, "PIECE", 7)
    answer = _ask(auditor, lived, format="xlsx")
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = -1
    assert _ask(auditor, lived, format="xlsx").headers["Location"].startswith("/konto/reauthenticate/")

    rows = list(openpyxl.load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert len(rows) == 1 + 62
    assert rows[2][1:] == (auditor.name, "changed", "purpose", "Formål 58", "Formål 59")
    act = Act.objects.get(verb="history_exported")
    assert (act.by, act.object_id) == (auditor, str(lived.pk))


def test_a_case_officer_reads_it_and_takes_nothing_out(lived: Collaboration, contact: User) -> None:
    page = _ask(contact, lived)

    assert page.status_code == 200 and "format=xlsx" not in page.content.decode()
    assert _ask(contact, lived, format="xlsx").status_code == 403
    assert not Act.objects.filter(verb="history_exported").exists()


def test_a_look_at_nothing_is_sent_to_sign_in(lived: Collaboration) -> None:
    answer = Client().get(reverse("collaboration", args=[lived.slug]), {"historikk": "governance.collaboration-1"})

    assert answer.status_code == 302


def test_the_acts_of_a_collaboration_are_read_by_who_oversees_it(lived: Collaboration, auditor: User) -> None:
    """Who, when, what, on what; narrowed, sorted, as a workbook; what is not open to one tells no name."""
    client, eva = Client(), User.objects.get(name="Eva Endre")
    client.force_login(auditor)
    address = reverse("acts", args=[lived.slug])
    record("exported", by=auditor, on=ResponseDraft(pk=7, survey=Survey(collaboration=lived, pk=1)))
    record("signed_in", by=auditor)

    page = client.get(address, {"sort": "by"}).content.decode()
    of_eva = client.get(address, {"person": eva.pk, "verb": "printed"}).content.decode()
    sheet = openpyxl.load_workbook(BytesIO(client.get(address, {"format": "xlsx"}).content)).worksheets[0]

    assert "Eva Endre" in page and f"Collaboration: {lived}" in page
    assert "printed" in of_eva and "<td>exported" not in of_eva
    assert {(row[1], row[2], row[3]) for row in sheet.iter_rows(min_row=2, values_only=True)} == {
        ("Eva Endre", "printed", f"Collaboration: {lived}"),
        (auditor.name, "exported", "Draft of an answer"),
    }
    client.force_login(eva)
    assert client.get(address).status_code == 404


def test_the_whole_history_of_a_collaboration_is_one_workbook(lived: Collaboration, auditor: User) -> None:
    """Every change with before and after, also of what is gone since; and taking it out asks for a fresh sign-in."""
    body = lived.bodies.create(name="Utvalget", slug="utvalget", kind="working", level=9)
    body.name = "Nemnda"
    body.save()
    body.delete()
    client = Client()
    client.force_login(auditor)

    answer = client.get(reverse("collaboration_history", args=[lived.slug]))

    changes, acts = openpyxl.load_workbook(BytesIO(answer.content)).worksheets
    told = [row[1:] for row in changes.iter_rows(min_row=2, values_only=True)]
    assert sum(row[6] == "Formål 0" and row[7] == "Formål 1" for row in told) == 1
    assert [row[2] for row in told if row[3] == "Body"] == ["registered", "changed", "deleted"]
    assert [row[3] for row in acts.iter_rows(min_row=2, values_only=True)] == ["printed", "took out the history"]
    assert Act.objects.of(lived).filter(verb="history_exported", by=auditor).count() == 1
    session = client.session
    session["proved_at"] = 0
    session["account_authentication_methods"] = []
    session.save()
    assert client.get(reverse("collaboration_history", args=[lived.slug])).status_code == 302


def test_many_acts_and_changes_take_as_many_questions_as_few(
    digi: Collaboration, auditor: User, secretary: User, steering: Body
) -> None:
    """On the page, in its workbook and in the whole history: what names are made of is fetched for all at once."""
    client = Client()
    client.force_login(auditor)
    page, whole = reverse("acts", args=[digi.slug]), reverse("collaboration_history", args=[digi.slug])

    def asked(*, cases: int) -> list[int]:
        for number in range(cases):
            record("looked_at_exempt", by=secretary, on=a_case(steering, secretary, f"Sak {number}"))
        found = []
        for address in (page, f"{page}?format=xlsx", whole):
            with CaptureQueriesContext(connection) as questions:
                assert client.get(address).status_code == 200
            found.append(len(questions))
        return found

    asked(cases=1)  # what this takes out is an act as well
    assert asked(cases=3) == asked(cases=9)


@pytest.mark.browser
def test_the_pages_of_history_and_acts_read_well(
    browser: Browser, live_server: Any, transactional_db: None, digi: Collaboration, auditor: User, steering: Body
) -> None:
    for number in range(30):
        with acting(by=auditor):
            Collaboration.objects.filter(pk=digi.pk).update(purpose=f"Formål {number}")
        record("exported", by=auditor, on=digi)
    acts = reverse("acts", args=[digi.slug])
    whole = f"{digi.get_absolute_url()}?historikk=governance.collaboration-{digi.pk}"
    paths = [acts, f"{acts}?page=2", f"{acts}?until=01.01.2020", whole, f"{whole}&side=2", f"{whole}&until=01.01.2020"]
    assert faults_of(browser, live_server, [(auditor, path) for path in paths]) == []


def test_more_than_a_workbook_takes_is_refused_with_what_to_do(
    lived: Collaboration, auditor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roof, "MOST", 1)
    record("exported", by=auditor, on=lived)
    client = Client()
    client.force_login(auditor)
    whole = reverse("collaboration_history", args=[lived.slug])
    asked = [f"{reverse('acts', args=[lived.slug])}?format=xlsx", whole, f"{whole}?since=01.01.2020"]
    answers = [client.get(address) for address in asked] + [_ask(auditor, lived, format="xlsx")]

    for answer in answers:
        assert answer.status_code == 409
        assert "Choose a shorter period" in answer.content.decode()
    assert client.get(f"{whole}?until=01.01.2020").status_code == 200
    assert Act.objects.of(lived).filter(verb="history_exported").count() == 1
