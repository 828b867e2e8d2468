"""The pages of «Kartlegging»: who sees what, and nothing leaks (rule 9)."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from digivesteralen.documents import jobs
from surveys.actions import inventory
from surveys.models import ImportJob, SystemUse
from tests.surveys.inventory_people import opened, sheet

OWN = "/kommune/1870/systemer/"
HOME = "/vesteralen/kartlegging/"


@pytest.fixture
def filled(ours, hadsels, areas):
    soon = timezone.localdate() + timedelta(days=200)
    for where in (ours, hadsels):
        inventory.add_system(
            inventory=where, area=areas["Sak/arkiv"], product="Elements", contract_end=soon, annual_cost=987654,
            remark="hemmelig merknad", planned_replacement="hemmelig bytte", by=None,
        )  # fmt: skip
    return ours


def form(area, **more):
    return {"area": area.pk, "product": "Elements", "supplier": "Sikri", "contract_end": "31.12.2027"} | more


def test_the_it_leader_registers_a_system(client, it_leader, sortland, areas):
    client.force_login(it_leader)

    response = client.post(f"{OWN}nytt/", form(areas["Sak/arkiv"]))

    assert response.status_code == 302
    assert SystemUse.objects.get().inventory.municipality == sortland


def test_neither_a_day_nor_do_not_know_is_a_fault_that_keeps_the_rest(client, it_leader, areas):
    client.force_login(it_leader)

    response = client.post(f"{OWN}nytt/", form(areas["Sak/arkiv"], contract_end=""))

    assert response.status_code == 200
    assert list(response.context_data["form"].errors) == ["contract_end"]
    assert "Sikri" in response.content.decode()


def test_removed_with_undo(client, it_leader, filled):
    client.force_login(it_leader)
    use = filled.uses.get()

    page = client.post(f"{OWN}{use.pk}/fjern/", {"version": use.version}, follow=True)
    assert f"{OWN}{use.pk}/angre/" in page.content.decode()
    client.post(f"{OWN}{use.pk}/angre/")

    assert filled.uses.get().pk == use.pk


def test_a_system_that_somebody_has_corrected_meanwhile_is_not_removed(client, it_leader, filled):
    client.force_login(it_leader)
    use = filled.uses.get()
    client.get(f"{OWN}{use.pk}/")
    filled.uses.update(version=use.version + 1)

    assert client.post(f"{OWN}{use.pk}/fjern/", {"version": use.version}).status_code == 409
    assert filled.uses.exists()


def test_same_as_hadsel_by_one_press(client, it_leader, ours, hadsels, areas):
    theirs = inventory.add_system(
        inventory=hadsels, area=areas["Lønn/HR"], product="Visma HRM", end_unknown=True, by=None
    )
    client.force_login(it_leader)
    assert "Visma HRM" in client.get(f"{OWN}ubesvart/").content.decode()

    client.post(f"{OWN}samme-som/{theirs.pk}/")

    assert ours.uses.get().product.name == "Visma HRM"


def test_the_receipt_says_what_ends_and_who_has_the_same(client, it_leader, filled, hadsels_it_leader):
    client.force_login(it_leader)
    filled.refresh_from_db()

    page = client.post(f"{OWN}lever/", {"version": filled.version}, follow=True)

    text = page.content.decode()
    assert page.redirect_chain[-1][0] == f"{OWN}kvittering/"
    assert page.context_data["ending"] == 1
    assert "Hadsel" in text
    assert hadsels_it_leader.email in text


@pytest.mark.parametrize("path", ["", "systemer/", "systemer/liste/", "systemer/utlop/", "import/"])
def test_everybody_in_the_collaboration_sees_the_shared_pages_and_outsiders_nothing(
    client, filled, it_leader, secretary, survey_admin, director, auditor, outsider, path
):
    for who in (it_leader, secretary, survey_admin, director, auditor):
        client.force_login(who)
        assert client.get(HOME + path).status_code == 200
    client.force_login(outsider)
    assert client.get(HOME + path).status_code == 404


@pytest.mark.parametrize("path", ["systemer/", "systemer/liste/", "systemer/utlop/"])
@pytest.mark.parametrize("query", ["", "?format=xlsx"])
def test_costs_and_remarks_never_leave_the_municipality(client, filled, hadsels_it_leader, path, query):
    client.force_login(hadsels_it_leader)

    response = client.get(HOME + path + query)

    said = str(opened(response.content)) if query else response.content.decode()
    assert "Elements" in said
    for secret in ("987654", "987 654", "987\u00a0654", "hemmelig"):
        assert secret not in said


def test_the_own_pages_are_for_the_own_people(
    client, filled, hadsels_it_leader, secretary, survey_admin, outsider, director
):
    use = filled.uses.get()
    for who in (hadsels_it_leader, secretary, survey_admin):
        client.force_login(who)
        assert client.get(OWN).status_code == 403
        assert client.get(f"{OWN}{use.pk}/").status_code == 403
        assert client.post(f"{OWN}{use.pk}/fjern/").status_code == 403
    client.force_login(outsider)
    assert client.get(OWN).status_code == 404
    client.force_login(director)
    assert client.get(OWN).status_code == 200
    assert client.post(f"{OWN}nytt/").status_code == 403
    assert filled.uses.count() == 1


def test_not_answered_and_no_system_are_two_things(client, it_leader, ours, areas):
    inventory.answer_area(inventory=ours, area=areas["Sak/arkiv"], answer="none", by=it_leader)
    client.force_login(it_leader)

    response = client.get(f"{HOME}systemer/?q=")

    row = next(row for row in response.context_data["rows"] if row.area == areas["Sak/arkiv"])
    names = [place.name for place in response.context_data["columns"]]
    assert [cell.name for cell in row.cells[names.index("Sortland")]] == ["ingen system"]
    assert row.cells[names.index("Hadsel")] == []


def test_the_queries_of_the_matrix_do_not_grow(client, it_leader, filled, areas, django_assert_max_num_queries):
    client.force_login(it_leader)
    client.get(f"{HOME}systemer/")
    for number in range(30):
        inventory.add_system(
            inventory=filled, area=areas["Lønn/HR"], product=f"System {number}", end_unknown=True, by=it_leader
        )

    with django_assert_max_num_queries(40):
        client.get(f"{HOME}systemer/")


def step(client, content, *, at=f"{OWN}import/", **more):
    """Upload a file, let the worker read it, and go to the page of the import."""
    file = SimpleUploadedFile("systemer.xlsx", content)
    response = client.post(at, {"file": file, **more})
    assert response.status_code == 302, response.context_data["form"].errors
    job = ImportJob.objects.newest_first().first()
    jobs.run(job.work_id)
    return response.url


def connected(client, url):
    page = client.get(url)
    columns = {name: field.value() or "" for name, field in ((f.name, f) for f in page.context_data["form"])}
    client.post(f"{url}kolonner/", columns)
    jobs.run(ImportJob.objects.newest_first().first().work_id)
    return client.get(url)


def written(client, url, job):
    """Say yes, and let the worker write."""
    client.post(f"{url}bruk/", {"version": job.version})
    job.refresh_from_db()
    jobs.run(job.work_id)


def test_four_steps_from_file_to_receipt_and_back(client, it_leader, areas, ours):
    client.force_login(it_leader)
    url = step(client, sheet(["Sak/arkiv", "Elements", "Sikri", "31.12.2027"], ["Romfart", "X", "", "vet ikke"]))

    page = connected(client, url)
    job = page.context_data["import"]
    assert job.counts == {"new": 1, "changed": 0, "unchanged": 0, "errors": 1}
    assert "A3" in page.content.decode()
    faulty = opened(client.get(f"{url}feil/").content)
    assert faulty[1][:2] == ["Romfart", "X"]
    assert faulty[1][-5:-3] == ["Systemer", 3]
    assert faulty[1][-3].startswith("A Fagområde")
    assert faulty[1][-2].startswith("Romfart")
    assert "A3" in faulty[1][-1]

    written(client, url, job)
    assert ours.uses.count() == 1
    client.post(f"{url}angre/")
    assert ours.uses.count() == 0


def test_somebody_elses_upload_is_not_there(client, it_leader, survey_admin, secretary, areas):
    client.force_login(it_leader)
    url = step(client, sheet(["Sak/arkiv", "Elements", "", "vet ikke"]))

    for who in (survey_admin, secretary):
        client.force_login(who)
        assert client.get(url).status_code == 404
        assert client.post(f"{url}bruk/").status_code == 404


def test_the_administrators_upload_waits_for_the_it_leader(client, survey_admin, it_leader, areas, ours):
    client.force_login(survey_admin)
    url = step(client, sheet(["Sak/arkiv", "Elements", "", "vet ikke"]), at=f"{HOME}import/ny/", municipality="1870")
    job = connected(client, url).context_data["import"]
    written(client, url, job)

    client.force_login(it_leader)
    assert "Elements" in client.get(f"{OWN}bekreft/").content.decode()
    client.post(f"{OWN}bekreft/", {"confirm": "1"})
    assert ours.uses.counted().count() == 1


def test_a_wrong_type_an_empty_and_a_huge_file_are_refused_with_a_sentence(client, it_leader, areas):
    client.force_login(it_leader)
    huge = BytesIO(b"x")
    huge.seek(11_000_000)
    huge.write(b"x")
    for name, content in (("a.pdf", b"%PDF"), ("a.xlsx", b""), ("a.xlsx", huge.getvalue())):
        response = client.post(f"{OWN}import/", {"file": SimpleUploadedFile(name, content)})
        assert response.status_code == 200
        assert response.context_data["form"].errors["file"]
    assert not ImportJob.objects.exists()


def test_the_secretariat_registers_one_meeting_for_several(
    client, secretary, it_leader, filled, hadsels, hadsels_it_leader
):
    for own, who in ((filled, it_leader), (hadsels, hadsels_it_leader)):
        own.refresh_from_db()
        inventory.submit(inventory=own, version=own.version, by=who)
    client.force_login(secretary)

    client.post(
        f"{HOME}systemer/gjennomgang/",
        {
            "kind": "reviewed",
            "inventories": [filled.pk, hadsels.pk],
            "on": "01.02.2026",
            "meeting_name": "Arbeidsgruppen",
            "present": "Alle",
        },
    )

    filled.refresh_from_db()
    hadsels.refresh_from_db()
    assert (filled.state, hadsels.state) == ("reviewed", "reviewed")


def test_an_address_that_somebody_has_written_anew_is_no_fault_of_the_page(client, it_leader, filled):
    client.force_login(it_leader)

    assert client.get(f"{OWN}?fjernet=tull").status_code == 200
    assert client.post(f"{OWN}lever/", {"version": "tull"}).status_code == 409
    assert client.post(f"{OWN}lever/", {"version": "9" * 5000}).status_code == 409


def test_made_up_systems_say_so_in_both_workbooks(client, it_leader, filled):
    filled.uses.update(example=True)
    client.force_login(it_leader)

    for address in (f"{OWN}?format=xlsx", f"{HOME}systemer/liste/?format=xlsx", f"{OWN}?format=xlsx&hva=alt"):
        rows = opened(client.get(address).content)
        assert any("Eksempel" in str(cell) for row in rows[1:] for cell in row), address
