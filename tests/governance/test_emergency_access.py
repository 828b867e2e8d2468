"""Who runs the installation sees nothing but by emergency access, for half an hour, told to others (§7 rule 3)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, holders, holds
from digivesteralen.accounts.models import User
from digivesteralen.audit.models import Act
from digivesteralen.documents.models import Job
from digivesteralen.documents.running import perform
from governance import who_sees
from governance.actions.emergency import end_access, open_access
from governance.emergency import LOOKED, SEE, told
from governance.models import Body, Case, Collaboration, EmergencyAccess, Person
from tests.governance.meeting_helpers import a_case, called
from tests.refusals import the_database_refuses

REASON = "En import henger, og loggen sier ikke hvorfor."
HOME = "/vesteralen/"


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


@pytest.fixture
def opened(digi: Collaboration, sysadmin: Any, secretary: Any) -> EmergencyAccess:
    return open_access(collaboration=digi, reason=REASON, by=sysadmin)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_without_it_nothing_is_seen_and_with_it_what_is_open(
    digi: Collaboration, sysadmin: Any, secretary: Any
) -> None:
    drift = signed_in(sysadmin)
    before = drift.get(HOME).status_code
    answer = drift.post("/konto/nodtilgang/", {"collaboration": digi.pk, "reason": REASON})

    assert (before, answer.status_code, answer.headers["Location"]) == (404, 302, HOME)
    assert drift.get(HOME).status_code == 200


def test_it_is_over_after_half_an_hour_to_the_second(
    opened: EmergencyAccess, sysadmin: Any, at: Callable[[datetime], None]
) -> None:
    drift = signed_in(sysadmin)
    at(opened.opened_at + timedelta(minutes=30) - timedelta(seconds=1))
    before = drift.get(HOME).status_code
    at(opened.opened_at + timedelta(minutes=30))

    assert (before, drift.get(HOME).status_code) == (200, 404)


def test_it_can_be_ended_before_time(opened: EmergencyAccess, sysadmin: Any) -> None:
    drift = signed_in(sysadmin)
    drift.post(f"/konto/nodtilgang/{opened.pk}/avslutt/")

    assert drift.get(HOME).status_code == 404
    with pytest.raises(NotAllowedNow):
        end_access(access=opened, by=sysadmin)


def test_nothing_exempt_is_seen_and_nothing_is_changed(
    opened: EmergencyAccess, sysadmin: Any, secretary: Any, steering: Body, directors: Any, digi: Collaboration
) -> None:
    secret = a_case(steering, secretary, "Tilbud", exempt=True, legal_ground="offentleglova § 23")
    called(steering, secretary, secret, a_case(steering, secretary, "Åpen sak"))
    a_case(steering, secretary, "Et utkast")
    drift = signed_in(sysadmin)

    assert [case.title for case in Case.objects.visible_to(sysadmin)] == ["Åpen sak"]
    assert drift.get(f"{HOME}rediger/").status_code == 403
    for page in ("portefolje/filter/ny/", "forslag/nytt/", "rediger/", "nodtilgang/"):
        assert drift.post(HOME + page, {"name": "x", "query": "state=idea"}).status_code == 403
    assert not digi.saved_filters.exists()


def test_the_secretariat_the_auditor_and_the_chair_hear_of_it(
    digi: Collaboration, sysadmin: Any, secretary: Any, auditor: Any, directors: dict[str, Any], steering: Body
) -> None:
    steering.seats.filter(represents__name="Hadsel").update(is_chair=True)
    open_access(collaboration=digi, reason=REASON, by=sysadmin)
    perform(Job.objects.get(kind="governance.emergency_access").pk, beating=False)

    assert {letter.to[0] for letter in mail.outbox} == {
        secretary.email, auditor.email, directors["Hadsel"].email
    }  # fmt: skip
    assert all(REASON in letter.body and "/vesteralen/nodtilgang/" in letter.body for letter in mail.outbox)


def test_what_was_looked_at_stands_for_the_secretariat_and_the_auditor(
    opened: EmergencyAccess, sysadmin: Any, secretary: Any, auditor: Any, director: Any
) -> None:
    signed_in(sysadmin).get(f"{HOME}medlemmer/")

    for who in (secretary, auditor):
        page = signed_in(who).get(f"{HOME}nodtilgang/").content.decode()
        assert REASON in page and f"{HOME}medlemmer/" in page.partition("<details")[2]
    assert signed_in(director).get(f"{HOME}nodtilgang/").status_code == 403


def test_who_sees_this_names_the_one_who_looks(opened: EmergencyAccess, digi: Collaboration, sysadmin: Any) -> None:
    assert sysadmin.name in who_sees.of_collaboration(digi)[0].names


def test_another_collaboration_stays_shut(opened: EmergencyAccess, sysadmin: Any, outsider: Any) -> None:
    assert signed_in(sysadmin).get("/annet-sted/").status_code == 404


def test_only_those_who_run_the_installation_and_never_without_a_reason(
    digi: Collaboration, sysadmin: Any, secretary: Any, director: Any
) -> None:
    for user in (secretary, director):
        with pytest.raises(PermissionDenied):
            open_access(collaboration=digi, reason=REASON, by=user)
        assert signed_in(user).get("/konto/nodtilgang/").status_code == 404
    with pytest.raises(NotAllowedNow):
        open_access(collaboration=digi, reason="fordi", by=sysadmin)
    assert signed_in(sysadmin).post("/konto/nodtilgang/", {"collaboration": digi.pk, "reason": "x"}).status_code == 200
    assert not EmergencyAccess.objects.exists()


def test_the_row_lasts_no_longer_and_is_never_rewritten(opened: EmergencyAccess, sysadmin: Any) -> None:
    rows = EmergencyAccess.objects.filter(pk=opened.pk)
    for wrong in (
        lambda: rows.update(until=opened.until + timedelta(days=1)),
        lambda: rows.update(reason="Noe helt annet enn det som ble skrevet."),
        lambda: rows.delete(),
        lambda: EmergencyAccess.objects.create(
            collaboration=opened.collaboration, opened_by=sysadmin, reason=REASON,
            until=timezone.now() + timedelta(hours=2),
        ),
    ):  # fmt: skip
        with the_database_refuses(), transaction.atomic():
            wrong()


def test_it_ends_when_somebody_no_longer_runs_the_installation(
    opened: EmergencyAccess, sysadmin: Any, digi: Collaboration
) -> None:
    drift = signed_in(sysadmin)
    before = drift.get(HOME).status_code
    assert sysadmin.pk in seen_by(digi)
    User.objects.filter(pk=sysadmin.pk).update(is_staff=False)
    sysadmin.refresh_from_db()

    assert (before, drift.get(HOME).status_code) == (200, 404)
    assert not holds(sysadmin, SEE, digi)
    assert sysadmin not in holders(SEE, digi)
    assert sysadmin.pk not in seen_by(digi), "«Hvem ser dette» names nobody who does not get in"


def seen_by(digi: Collaboration) -> set[int | None]:
    return {user for line in who_sees.of_collaboration(digi) for user in line.users}


def test_where_none_of_the_three_has_an_address_everybody_hears_and_where_nobody_has_it_stays_shut(
    digi: Collaboration, sysadmin: Any, secretary: Any, directors: dict[str, Any]
) -> None:
    Person.objects.filter(user=secretary).update(email="")
    assert directors["Hadsel"].email in told(digi)
    Person.objects.update(email="")

    with pytest.raises(NotAllowedNow):
        open_access(collaboration=digi, reason=REASON, by=sysadmin)
    assert not EmergencyAccess.objects.exists()


def test_an_export_is_told_from_a_look_and_own_pages_and_keys_are_not_kept(
    opened: EmergencyAccess, sysadmin: Any
) -> None:
    drift = signed_in(sysadmin)
    for path in ("/konto/nodtilgang/", f"{HOME}organisasjoner/?format=xlsx", f"{HOME}medlemmer/?q=Ola+Nordmann"):
        assert drift.get(path).status_code == 200, path

    assert [act.detail["path"] for act in Act.objects.filter(verb=LOOKED).order_by("pk")] == [
        f"{HOME}organisasjoner/?format=xlsx", f"{HOME}medlemmer/",
    ]  # fmt: skip


def test_whoever_has_it_is_told_once_and_the_others_whose_it_is(
    opened: EmergencyAccess, sysadmin: Any, secretary: Any
) -> None:
    assert signed_in(sysadmin).get(HOME).content.decode().count("ds-alert") == 1
    assert sysadmin.name in signed_in(secretary).get(HOME).content.decode()
