"""The step «Names» of an import: a person says which system a name is, and what was said is remembered."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from digivesteralen.accounts.access import NotAllowedNow, Stale
from surveys import naming
from surveys.actions import catalogue, names
from surveys.models import ImportJob, ImportName, NameRejection, Product, SystemUse
from tests.surveys.inventory_people import looked_over, sheet


@pytest.fixture
def compilo(db):
    return catalogue.define_product(name="Compilo", supplier="Compilo AS")


@pytest.fixture
def job(digi, sortland, it_leader, compilo, areas):
    """A file that was looked over: «Compello» looks like a known system, «Zyx» like none."""
    named = [
        ("Sak/arkiv", "Compello"),
        ("Lønn/HR", "COMPELLO"),
        ("Barnehage/kulturskole", "Compello"),
        ("Lønn/HR", "Zyx"),
    ]
    rows = [[area, name, "", "vet ikke"] for area, name in named]
    return looked_over(sheet(*rows), by=it_leader, collaboration=digi, municipality=sortland)


@pytest.fixture
def url(job):
    return reverse("import_names", args=[job.collaboration.slug, job.pk])


def decisions(job):
    return {one.key: (one.decision, one.product) for one in job.names.select_related("product")}


def test_the_page_shows_what_the_file_says_and_what_it_looks_like(client, it_leader, url, digi, areas, hadsels):
    SystemUse.objects.create(
        inventory=hadsels, area=areas["Lønn/HR"], product=Product.objects.get(name="Compilo"), end_unknown=True
    )
    client.force_login(it_leader)

    page = client.get(url).content.decode()

    assert "Compello" in page
    assert "B2" in page
    assert "Compilo" in page
    assert "Hadsel" in page
    assert ">Zyx<" not in page, "what looks like nothing is not asked about"


def test_an_answer_is_kept_at_once_and_the_file_is_checked_once_more(client, it_leader, url, job, compilo):
    client.force_login(it_leader)
    name = job.names.undecided().get()

    answer = client.post(url, {"version": job.version, "navn": name.pk, f"valg_{name.pk}": f"same:{compilo.pk}"})

    assert answer.url == job.get_absolute_url()
    assert decisions(job)["compello"] == ("same", compilo)
    assert ImportJob.objects.get(pk=job.pk).work.kind == "surveys.import_check"
    assert not Product.objects.filter(name="Compello").exists()


def test_a_name_can_be_another_system_of_the_catalogue(client, it_leader, url, job):
    client.force_login(it_leader)
    name, elements = job.names.undecided().get(), Product.objects.get(name="Elements")

    client.post(
        url,
        {"version": job.version, "navn": name.pk, f"valg_{name.pk}": "other", f"annet_{name.pk}": " ELEMENTS"},
    )

    assert decisions(job)["compello"] == ("same", elements)


def test_a_name_that_the_catalogue_lacks_is_told_so(client, it_leader, url, job):
    client.force_login(it_leader)
    name = job.names.undecided().get()

    page = client.post(
        url, {"version": job.version, "navn": name.pk, f"valg_{name.pk}": "other", f"annet_{name.pk}": "Elefant"}
    )

    assert "Elefant" in page.content.decode()
    assert page.context_data["form"].errors
    assert decisions(job)["compello"] == ("", None)


def test_two_answers_to_one_name_are_not_kept(client, it_leader, url, job):
    client.force_login(it_leader)
    name = job.names.undecided().get()

    page = client.post(
        url, {"version": job.version, "navn": name.pk, f"valg_{name.pk}": "new", f"annet_{name.pk}": "Elements"}
    )

    assert page.context_data["form"].errors
    assert decisions(job)["compello"] == ("", None)


def test_the_rest_may_wait(client, it_leader, url, job):
    client.force_login(it_leader)

    client.post(url, {"version": job.version, "resten": "later"})

    assert decisions(job)["compello"] == ("later", None)
    assert not NameRejection.objects.exists()


def test_a_no_is_remembered_and_may_be_taken_back(job, it_leader, compilo):
    names.decide(job=job, said={"compello": ("new", None)}, by=it_leader)
    assert naming.resembling("Compello") == []
    assert NameRejection.objects.get().by == it_leader

    names.decide(job=job, said={"compello": ("same", compilo)}, by=it_leader)

    assert not NameRejection.objects.exists()
    assert naming.candidates(["compello"])["compello"][0].product == compilo


def test_to_wait_says_no_to_nothing(job, it_leader):
    names.decide(job=job, said={"compello": ("later", None)}, by=it_leader)

    assert not NameRejection.objects.exists()


def test_the_command_line_makes_the_rest_new_without_a_no(job):
    rest = names.decide_rest(job=job, decision="new", by=None)

    assert [one.name for one in rest] == ["Compello"]
    assert decisions(job)["compello"] == ("new", None)
    assert not NameRejection.objects.exists()
    naming.gather(job, {"compello": ("Compello", "B2", 3)})
    assert decisions(job)["compello"] == ("new", None), "a new check does not ask again"


def test_only_who_may_import_decides(job, director, url, client):
    with pytest.raises(PermissionDenied):
        names.decide(job=job, said={"compello": ("new", None)}, by=director)
    client.force_login(director)
    assert client.get(url).status_code == 404


def test_what_was_checked_anew_meanwhile_is_not_decided_by_an_old_page(job, it_leader):
    with pytest.raises(Stale):
        names.decide(job=job, said={"compello": ("new", None)}, version=job.version + 1, by=it_leader)
    with pytest.raises(NotAllowedNow):
        names.decide(job=job, said={"gone": ("new", None)}, by=it_leader)


def test_when_it_is_done_nothing_more_is_decided(job, it_leader):
    ImportJob.objects.filter(pk=job.pk).update(state="cancelled")

    with pytest.raises(NotAllowedNow):
        names.decide(job=job, said={"compello": ("new", None)}, by=it_leader)


def test_many_names_come_in_pages_with_as_many_queries_as_few(
    client, it_leader, job, url, django_assert_max_num_queries
):
    client.force_login(it_leader)
    ImportName.objects.bulk_create(
        [ImportName(job=job, key=f"compilo {n}", name=f"Compilo {n}", cell=f"B{n}", rows=1) for n in range(40)]
    )

    with django_assert_max_num_queries(40):
        page = client.get(url + "?page=2")

    assert len(page.context_data["form"].names) == 15
    assert page.context_data["undecided"] == 41
