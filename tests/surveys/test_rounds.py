"""The yearly round: confirm or correct line by line, deliver; the secretariat sees and reminds (surveys.md 8.4)."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.documents import jobs
from digivesteralen.start.tasks import waiting_for
from surveys import rounds as reading
from surveys.actions import inventory, looking_over, rounds
from surveys.models import Confirmation, ServiceArea

OWN = "/kommune/1870/systemer/"
ALL = "/vesteralen/kartlegging/runder/"


@pytest.fixture
def filled(ours, areas):
    for area, product in (("Sak/arkiv", "Elements"), ("Lønn/HR", "Visma HRM"), ("Skoleadministrasjon", "Vigilo")):
        inventory.add_system(inventory=ours, area=areas[area], product=product, end_unknown=True, by=None)
    return ours


@pytest.fixture
def runde(digi, secretary):
    return rounds.open_round(
        collaboration=digi, title="Systemer 2026", answer_by=timezone.localdate() + timedelta(days=30), by=secretary
    )


def figures(runde, own):
    return [(group.group.name, group.done, group.total, group.state) for group in reading.groups(runde, own)]


def test_the_it_leader_finds_the_round_and_confirms_line_by_line(client, it_leader, filled, runde):
    task = next(task for task in waiting_for(it_leader) if "Systemer 2026" in task.title)
    assert task.until == runde.answer_by
    client.force_login(it_leader)
    page = client.get(task.url)
    assert page.context_data["shown"].group.name == "Fellesadministrasjon og støtte"
    first = page.context_data["next"]

    page = client.post(f"{OWN}runde/{runde.pk}/linje/{first}/", follow=True)

    assert Confirmation.objects.get().outcome == "same"
    assert page.context_data["next"] not in (first, None)
    assert figures(runde, filled)[0] == ("Fellesadministrasjon og støtte", 1, 3, "begun")


def test_all_in_a_group_are_confirmed_by_one_press_and_twice_is_once(client, it_leader, filled, runde):
    client.force_login(it_leader)
    group = ServiceArea.objects.get(name="Fellesadministrasjon og støtte")

    for _time in range(2):
        client.post(f"{OWN}runde/{runde.pk}/gruppe/{group.pk}/")

    assert Confirmation.objects.count() == 2
    assert figures(runde, filled)[0] == ("Fellesadministrasjon og støtte", 2, 3, "begun")


def test_what_is_corrected_and_what_is_answered_count_as_looked_over(client, it_leader, filled, areas, runde):
    use = filled.uses.get(area=areas["Sak/arkiv"])
    client.force_login(it_leader)
    data = {"area": use.area_id, "product": "Elements", "contract_end": "31.12.2028", "version": use.version}

    answer = client.post(f"{OWN}{use.pk}/?runde={runde.pk}&gruppe={use.area.service_area_id}", data)
    client.post(f"{OWN}fagomrade/{areas['Økonomi/regnskap'].pk}/", {"answer": "none"})
    looking_over.confirm(round=runde, use=filled.uses.get(area=areas["Lønn/HR"]), by=it_leader)

    assert answer.url.startswith(f"{OWN}runde/{runde.pk}/")
    assert Confirmation.objects.get(use=use).outcome == "corrected"
    assert figures(runde, filled)[0] == ("Fellesadministrasjon og støtte", 3, 3, "done")
    assert figures(runde, filled)[2][3] == "not started"


def test_the_neighbours_systems_are_proposed_in_the_areas_that_remain(client, it_leader, filled, hadsels, areas, runde):
    theirs = inventory.add_system(
        inventory=hadsels, area=areas["Økonomi/regnskap"], product="Visma Enterprise", end_unknown=True, by=None
    )
    client.force_login(it_leader)
    page = client.get(f"{OWN}runde/{runde.pk}/")
    assert f"{OWN}samme-som/{theirs.pk}/" in page.content.decode()

    answer = client.post(f"{OWN}samme-som/{theirs.pk}/", {"tilbake": page.context_data["here"]})

    assert answer.url == page.context_data["here"]
    assert filled.uses.get(area=areas["Økonomi/regnskap"]).same_as == theirs


def test_the_way_back_leads_nowhere_else(client, it_leader, filled, areas, runde):
    client.force_login(it_leader)
    path = f"{OWN}fagomrade/{areas['Økonomi/regnskap'].pk}/"

    for strange in ("https://annetsted.example/", "//annetsted.example/", "/kommune/1866/systemer/"):
        assert client.post(path, {"answer": "none", "tilbake": strange}).url == f"{OWN}ubesvart/"


def test_delivering_tells_what_is_left_and_ends_the_task(client, it_leader, filled, runde):
    client.force_login(it_leader)
    page = client.get(f"{OWN}lever/")
    assert [count for _round, count in page.context_data["left"]] == [6]

    client.post(f"{OWN}lever/", {"version": filled.version})

    assert not [task for task in waiting_for(it_leader) if "Systemer 2026" in task.title]
    standing = {one.municipality.name: one for one in reading.progress(runde)}
    assert standing["Sortland"].delivered
    assert not standing["Hadsel"].delivered


def test_a_list_that_was_submitted_before_is_opened_first(client, it_leader, filled, digi, secretary):
    inventory.submit(inventory=filled, version=None, by=it_leader)
    filled.__class__.objects.filter(pk=filled.pk).update(submitted_at=timezone.now() - timedelta(days=300))
    runde = rounds.open_round(collaboration=digi, title="Systemer 2026", answer_by=timezone.localdate(), by=secretary)
    use = filled.uses.first()
    client.force_login(it_leader)

    assert client.post(f"{OWN}runde/{runde.pk}/linje/{use.pk}/").status_code == 409
    filled.refresh_from_db()
    here = f"{OWN}runde/{runde.pk}/"
    back = client.post(f"{OWN}apne/", {"version": filled.version, "tilbake": here})
    assert back.url == here
    assert client.post(f"{OWN}runde/{runde.pk}/linje/{use.pk}/").status_code == 302


def test_nobody_but_the_own_it_leader_confirms(client, filled, runde, hadsels_it_leader, secretary, director, outsider):
    use = filled.uses.first()
    for who in (hadsels_it_leader, secretary, director):
        with pytest.raises(PermissionDenied):
            looking_over.confirm(round=runde, use=use, by=who)
        client.force_login(who)
        assert client.post(f"{OWN}runde/{runde.pk}/linje/{use.pk}/").status_code == 403
    client.force_login(outsider)
    assert client.post(f"{OWN}runde/{runde.pk}/linje/{use.pk}/").status_code == 404
    assert not Confirmation.objects.exists()


def test_one_round_at_a_time_and_only_the_secretariat_opens_it(client, digi, secretary, it_leader, survey_admin, runde):
    for who in (it_leader, survey_admin):
        with pytest.raises(PermissionDenied):
            rounds.open_round(collaboration=digi, title="En til", answer_by=timezone.localdate(), by=who)
        client.force_login(who)
        assert client.get(f"{ALL}ny/").status_code == 403
        assert client.get(f"{ALL}{runde.pk}/").status_code == 200
    client.force_login(secretary)
    data = {"title": "En til", "opens_on": "01.01.2026", "answer_by": "31.12.2026"}
    assert client.post(f"{ALL}ny/", data).status_code == 409
    wrong = client.post(f"{ALL}ny/", data | {"answer_by": "01.12.2025"})
    assert "01.12.2025" in str(wrong.context_data["form"].errors["answer_by"])


def test_closing_is_asked_for_once_more(client, secretary, filled, runde):
    client.force_login(secretary)
    page = f"{ALL}{runde.pk}/lukk/"

    assert client.get(page).status_code == 200
    assert type(runde).objects.get().closed_on is None
    assert client.post(page, {"version": runde.version}).status_code == 302
    assert type(runde).objects.get().closed_on is not None


def test_closing_ends_the_round_and_nothing_is_confirmed_after_it(client, it_leader, secretary, filled, runde):
    with pytest.raises(Stale):
        rounds.close_round(round=runde, version=99, by=secretary)
    rounds.close_round(round=runde, version=runde.version, by=secretary)

    with pytest.raises(NotAllowedNow, match="avsluttet|lukket"):
        looking_over.confirm(round=runde, use=filled.uses.first(), by=it_leader)
    with pytest.raises(NotAllowedNow):
        rounds.remind(round=runde, by=secretary)
    assert not [task for task in waiting_for(it_leader) if "Systemer 2026" in task.title]


def test_a_round_of_a_coming_day_asks_nobody_yet(digi, secretary, it_leader, filled):
    tomorrow = timezone.localdate() + timedelta(days=1)
    runde = rounds.open_round(collaboration=digi, title="Neste", opens_on=tomorrow, answer_by=tomorrow, by=secretary)

    assert not [task for task in waiting_for(it_leader) if "Neste" in task.title]
    with pytest.raises(NotAllowedNow):
        looking_over.confirm(round=runde, use=filled.uses.first(), by=it_leader)


def test_the_reminder_goes_to_those_that_lack_once_a_day(secretary, it_leader, hadsels_it_leader, filled, runde):
    inventory.submit(inventory=filled, version=None, by=it_leader)

    sent = rounds.remind(round=runde, by=secretary)
    for job in sent:
        jobs.run(job.pk)

    assert [message.to for message in mail.outbox] == [[hadsels_it_leader.email]]
    assert "Systemer 2026" in mail.outbox[0].body
    assert f"/kommune/1866/systemer/runde/{runde.pk}/" in mail.outbox[0].body
    with pytest.raises(NotAllowedNow):
        rounds.remind(round=runde, by=secretary)


def test_who_delivers_before_the_mail_is_sent_gets_none(secretary, it_leader, filled, runde):
    (job,) = rounds.remind(round=runde, by=secretary)
    inventory.submit(inventory=filled, version=None, by=it_leader)

    jobs.run(job.pk)

    assert mail.outbox == []


def test_the_progress_of_all_is_read_with_the_same_few_queries(
    django_assert_num_queries, runde, filled, hadsels, areas
):
    with django_assert_num_queries(4):
        reading.progress(runde)
    for number in range(5):
        inventory.add_system(
            inventory=hadsels, area=areas["Lønn/HR"], product=f"System {number}", end_unknown=True, by=None
        )
    with django_assert_num_queries(4):
        reading.progress(runde)


def test_two_submissions_are_compared(client, it_leader, filled, areas):
    inventory.submit(inventory=filled, version=None, by=it_leader)
    inventory.reopen(inventory=filled, version=None, by=it_leader)
    archive = filled.uses.get(area=areas["Sak/arkiv"])
    inventory.change_system(
        use=archive, version=None, area=archive.area, product="Elements", contract_end=date(2028, 6, 30), by=it_leader
    )
    inventory.remove_system(use=filled.uses.get(area=areas["Lønn/HR"]), by=it_leader)
    inventory.add_system(
        inventory=filled, area=areas["Barnehage/kulturskole"], product="Vigilo", end_unknown=True, by=it_leader
    )
    inventory.submit(inventory=filled, version=None, by=it_leader)
    client.force_login(it_leader)

    difference = client.get(f"{OWN}leveringer/").context_data["difference"]

    assert difference.came == [("Barnehage/kulturskole", "Vigilo")]
    assert difference.went == [("Lønn/HR", "Visma HRM")]
    (changed,) = difference.changed
    assert changed.key == ("Sak/arkiv", "Elements")
    assert "30.06.2028" in [after for _column, _before, after in changed.values]


def test_the_submissions_are_the_own_peoples_alone(client, filled, it_leader, hadsels_it_leader, secretary):
    client.force_login(it_leader)
    assert client.get(f"{OWN}leveringer/?fra=tull&til=99999999999999999999").status_code == 200
    for who in (hadsels_it_leader, secretary):
        client.force_login(who)
        assert client.get(f"{OWN}leveringer/").status_code == 403
        assert client.get(f"{OWN}som-andre/").status_code == 403
