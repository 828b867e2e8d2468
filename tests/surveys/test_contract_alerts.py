"""The portal remembers the days of contracts: told in time, once, caught up with, closed when they no longer hold."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.accounts.models import User
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from digivesteralen.start.tasks import waiting_for
from governance.models import Collaboration, Organisation
from surveys.actions import alerts, inventory
from surveys.actions.rows import changed
from surveys.models import Area, ContractAlert, Inventory, SystemUse
from surveys.tasks import contract_alerts
from tests.surveys.inventory_people import opened


def on(day: str) -> Any:
    return time_machine.travel(f"{day} 06:45+01:00", tick=False)


def told() -> list[tuple[str, date, int]]:
    return [(one.kind, one.due_on, one.days) for one in ContractAlert.objects.open()]


@pytest.fixture
def use(digi: Collaboration, ours: Inventory, areas: dict[str, Area]) -> SystemUse:
    """Ends 31 December 2027, renews itself by a year, three months' notice: the last day is 30 September 2027."""
    made = inventory.add_system(
        inventory=ours, area=areas["Sak/arkiv"], product="Elements", contract_end=date(2027, 12, 31), by=None
    )
    SystemUse.objects.filter(pk=made.pk).update(notice_months=3, renews_months=12)
    return made


def test_the_day_for_notice_is_told_180_90_and_30_days_before_and_then_the_renewal(use: SystemUse) -> None:
    # 30 September less 180 days is 3 April, less 90 is 2 July, less 30 is 31 August; the renewal, 31 December, less
    # 180 is 4 July and less 60 is 1 November.
    notice, renewal = ("notice", date(2027, 9, 30)), ("renewal", date(2027, 12, 31))
    for day, expected in (
        ("2027-04-02", []),
        ("2027-04-03", [(*notice, 180)]),
        ("2027-07-02", [(*notice, 90)]),
        ("2027-07-04", [(*notice, 90), (*renewal, 180)]),
        ("2027-08-31", [(*notice, 30), (*renewal, 180)]),
        ("2027-10-01", [(*renewal, 180)]),
        ("2027-11-01", [(*renewal, 60)]),
    ):
        with on(day):
            for _twice in range(2):
                alerts.raise_alerts()
            assert (day, told()) == (day, expected)


def test_what_a_stopped_portal_missed_is_told_once_and_at_the_nearest_distance(use: SystemUse) -> None:
    with on("2027-09-15"):
        contract_alerts()
        assert told() == [("notice", date(2027, 9, 30), 30), ("renewal", date(2027, 12, 31), 180)]
        assert ContractAlert.objects.count() == 2


def test_a_contract_that_ends_by_itself_is_told_of_its_end_and_a_running_one_of_nothing(use: SystemUse) -> None:
    SystemUse.objects.filter(pk=use.pk).update(renews_months=None)
    with on("2027-12-05"):
        alerts.raise_alerts()
        assert told() == [("end", date(2027, 12, 31), 30)]
        SystemUse.objects.filter(pk=use.pk).update(contract_end=None, end_running=True)
        alerts.raise_alerts()
        assert told() == []


def test_a_contract_whose_binding_is_over_is_not_told_of_a_new_day_every_morning(use: SystemUse) -> None:
    # Three months' notice whenever one likes: the earliest day out moves with today, and is nobody's deadline.
    over = {"renews_months": None, "contract_end": date(2029, 12, 31), "binding_until": date(2026, 12, 31)}
    SystemUse.objects.filter(pk=use.pk).update(**over)
    for day in ("2027-04-10", "2027-04-11", "2027-04-12"):
        with on(day):
            contract_alerts()
    assert not ContractAlert.objects.exists()
    assert not Job.objects.filter(kind=alerts.KIND).exists()


def test_when_it_is_too_late_for_the_nearest_renewal_the_next_one_is_told(use: SystemUse) -> None:
    # Renews every three months with six months' notice: for 31 December 2027 it had to be said by 30 June, for
    # 31 March 2028 by 30 September 2027.
    SystemUse.objects.filter(pk=use.pk).update(renews_months=3, notice_months=6)
    for day in ("2027-09-14", "2027-09-15"):
        with on(day):
            alerts.raise_alerts()
            assert told() == [("notice", date(2027, 9, 30), 30), ("renewal", date(2027, 12, 31), 180)]


def test_a_renewal_is_told_also_where_nobody_knows_the_notice(use: SystemUse) -> None:
    SystemUse.objects.filter(pk=use.pk).update(notice_months=None)
    with on("2027-09-15"):
        alerts.raise_alerts()
        assert told() == [("renewal", date(2027, 12, 31), 180)]


def test_an_alert_that_no_longer_holds_is_closed_as_soon_as_the_contract_is_changed(
    use: SystemUse, ours: Inventory
) -> None:
    with on("2027-09-15"):
        alerts.raise_alerts()
        SystemUse.objects.filter(pk=use.pk).update(contract_end=date(2030, 12, 31))
        changed(ours)
        assert told() == []
        assert ContractAlert.objects.exclude(closed_on=None).count() == 2
        SystemUse.objects.filter(pk=use.pk).update(contract_end=date(2027, 12, 31))
        changed(ours)
        alerts.raise_alerts()
        assert len(told()) == 2


def test_the_it_leader_gets_one_email_a_day_and_it_names_what_still_holds(
    use: SystemUse, it_leader: User, ours: Inventory, areas: dict[str, Area]
) -> None:
    with on("2027-09-15"):
        contract_alerts()
        contract_alerts()
        [job] = Job.objects.filter(kind=alerts.KIND)
        assert jobs.run(job.pk).state == "done"
        [message] = mail.outbox
        assert message.to == [it_leader.email]
        assert "Elements" in message.body
        assert reverse("contract_alerts", args=["1870"]) in message.body
        inventory.add_system(
            inventory=ours, area=areas["Lønn/HR"], product="ACOS WebSak", contract_end=date(2027, 10, 1), by=None
        )
        contract_alerts()
        assert Job.objects.filter(kind=alerts.KIND).count() == 1
    with on("2027-09-16"):
        contract_alerts()
        second = Job.objects.filter(kind=alerts.KIND).latest("asked_at")
        alerts.handle(alert=ContractAlert.objects.get(due_on=date(2027, 10, 1)), by=it_leader)
        jobs.run(second.pk)
        assert len(mail.outbox) == 1  # it was dealt with before the e-mail went


def test_what_is_dealt_with_is_not_told_again_for_that_day(
    use: SystemUse, it_leader: User, client: Client, secretary: User, hadsels_it_leader: User
) -> None:
    with on("2027-04-10"):
        contract_alerts()
        [alert] = ContractAlert.objects.all()
        [task] = [one for one in waiting_for(it_leader) if one.url == reverse("contract_alerts", args=["1870"])]
        assert task.until == date(2027, 9, 30)
        for user in (secretary, hadsels_it_leader):
            with pytest.raises(PermissionDenied):
                alerts.handle(alert=alert, by=user)
        client.force_login(it_leader)
        page = reverse("contract_alerts", args=["1870"])
        mark = reverse("contract_alert_handle", args=["1870", alert.pk])
        assert mark in client.get(page).content.decode()
        assert client.post(mark, {"note": "Sagt opp"}).status_code == 302
        assert client.post(mark, {"note": "Igjen"}).status_code == 409
        assert "Sagt opp" in client.get(f"{page}?vis=alle").content.decode()
        header, row = opened(client.get(f"{page}?vis=alle&format=xlsx").content)
        assert row[0].date() == date(2027, 9, 30)
        assert len(header) == len(row)
        with pytest.raises(NotAllowedNow):
            alerts.handle(alert=alert, by=it_leader)
    with on("2027-09-20"):
        alerts.raise_alerts()
        assert [kind for kind, _day, _days in told()] == ["renewal"]


def test_the_others_and_the_secretariat_see_no_alert(
    use: SystemUse, secretary: User, hadsels_it_leader: User, client: Client, sortland: Organisation
) -> None:
    with on("2027-04-10"):
        alerts.raise_alerts()
        for user, status in ((secretary, 403), (hadsels_it_leader, 403)):
            client.force_login(user)
            assert client.get(reverse("contract_alerts", args=["1870"])).status_code == status
            assert not ContractAlert.objects.visible_to(user).exists()


def test_what_an_it_collaboration_runs_is_told_to_it_alone(use: SystemUse, hadsels: Inventory) -> None:
    copy = SystemUse.objects.get(pk=use.pk)
    copy.pk, copy.inventory, copy.through_id = None, hadsels, use.pk
    copy.save(force_insert=True)
    with on("2027-04-10"):
        alerts.raise_alerts()
        assert [one.use_id for one in ContractAlert.objects.all()] == [use.pk]
