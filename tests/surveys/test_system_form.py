"""The form of a system: four answers first, the rest in groups, faults told at their field (S7, L13)."""

from datetime import date

import pytest

from surveys.actions import catalogue, inventory
from surveys.actions.sharing import set_sharing
from surveys.models import Integration, NationalSolution, Phase, Product, SystemUse

OWN = "/kommune/1870/systemer/"


@pytest.fixture
def solution(db):
    return NationalSolution.objects.create(slug="digipost", name="Digipost", owner="Posten", category="Post")


def said(area, **more):
    return {"area": area.pk, "product": "Elements", "supplier": "Sikri", "contract_end": "31.12.2027"} | more


def text_of(response):
    return response.content.decode()


def test_the_four_answers_stand_first_and_the_groups_are_folded(client, it_leader, areas, solution):
    client.force_login(it_leader)

    form = client.get(f"{OWN}nytt/").context_data["form"]

    (_heading, first), *rest = form.open_groups()
    assert [field.name for field in first] == ["area", "product", "supplier", "contract_end", "end_unknown"]
    assert rest == []
    groups = [(str(heading), is_open) for heading, _fields, is_open in form.folded_groups()]
    assert len(groups) == 5
    assert not any(is_open for _heading, is_open in groups)


def test_everything_that_may_be_said_is_kept(client, it_leader, ours, areas, solution):
    client.force_login(it_leader)
    more = {
        "contract_type": "ssa_sky", "concluded_on": "01.01.2024", "binding_until": "31.12.2026", "notice_months": "6",
        "notice_to": "quarter", "options": "2", "option_months": "12", "renews_months": "12",
        "annual_cost": "120 000,50",
        "function": "Arkivkjerne", "release": "5.2", "hosting": "cloud", "operation": "supplier", "owner": "Arkivleder",
        "responsible": "IT og arkiv", "users": "1 200", "criticality": "high", "availability": "always",
        "personal_data": "sensitive", "dpia": "done", "processing_agreement": "done", "archive_duty": "yes",
        "introduced_on": "01.01.2024", "live_on": "01.06.2024", "business_fit": "4", "technical_fit": "3",
        "replacement_year": "2029", "planned_replacement": "felles anskaffelse", "remark": "ok",
        f"solution_{solution.pk}": "on",
    }  # fmt: skip

    assert client.post(f"{OWN}nytt/", said(areas["Sak/arkiv"], **more)).status_code == 302

    use = ours.uses.get()
    assert (use.notice_months, use.options, use.users, use.availability) == (6, 2, 1200, "always")
    assert use.phase_on(date(2024, 3, 1)) == Phase.INTRODUCED
    assert Integration.objects.get(use=use).state == "on"
    page = client.get(f"{OWN}{use.pk}/")
    assert all(is_open for _h, _f, is_open in page.context_data["form"].folded_groups())


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("concluded_on", "32.13.2026", "32.13.2026"),
        ("binding_until", "01.01.2029", "01.01.2029"),
        ("notice_months", "mange", "mange"),
        ("notice_months", "61", "60"),
        ("users", "-3", "-3"),
        ("business_fit", "6", "5"),
        ("replacement_year", "29", "2000"),
        ("annual_cost", "-1", "0"),
        ("annual_cost", "99999999999999", ""),
        ("renews_months", "0", "120"),
        ("contract_type", "tull", "tull"),
    ],
)
def test_a_fault_opens_its_group_and_names_field_and_value(client, it_leader, areas, field, value, told):
    client.force_login(it_leader)

    response = client.post(f"{OWN}nytt/", said(areas["Sak/arkiv"], **{field: value}))

    assert response.status_code == 200
    form = response.context_data["form"]
    wrong = next(iter(form.errors))
    assert told in str(form.errors[wrong])
    assert wrong in (field, "contract_end")
    assert not SystemUse.objects.exists()
    if wrong == field:
        opened = [fields for _heading, fields, is_open in form.folded_groups() if is_open]
        assert field in [each.name for fields in opened for each in fields]


def test_options_without_a_length_and_a_life_in_the_wrong_order_are_told_and_not_saved(client, it_leader, areas):
    client.force_login(it_leader)

    options = client.post(f"{OWN}nytt/", said(areas["Sak/arkiv"], options="2"))
    life = client.post(f"{OWN}nytt/", said(areas["Sak/arkiv"], live_on="01.01.2025", gone_on="01.01.2024"))

    assert list(options.context_data["form"].errors) == ["option_months"]
    assert list(life.context_data["form"].errors) == ["gone_on"]
    assert not SystemUse.objects.exists()


def test_two_kinds_of_end_are_one_too_many(client, it_leader, areas):
    client.force_login(it_leader)

    response = client.post(f"{OWN}nytt/", said(areas["Sak/arkiv"], end_running="on"))

    assert list(response.context_data["form"].errors) == ["contract_end"]


def test_a_name_that_resembles_a_known_system_is_asked_about_once(client, it_leader, ours, areas):
    client.force_login(it_leader)
    data = said(areas["Sak/arkiv"], product="Acos Websak Fokus", supplier="")

    asked = client.post(f"{OWN}nytt/", data)
    assert [one.name for one in asked.context_data["alike"]] == ["ACOS WebSak"]
    assert not ours.uses.exists()
    client.post(f"{OWN}nytt/", data | {"mente": "ACOS WebSak"})

    assert ours.uses.get().product.name == "ACOS WebSak"
    assert not Product.objects.filter(name="Acos Websak Fokus").exists()


def test_the_it_leader_may_say_that_it_is_another_system(client, it_leader, ours, areas):
    client.force_login(it_leader)
    data = said(areas["Sak/arkiv"], product="Acos Websak Fokus")

    client.post(f"{OWN}nytt/", data | {"mente": "Acos Websak Fokus"})

    assert ours.uses.get().product.name == "Acos Websak Fokus"


def test_the_cost_can_be_shared_only_where_the_agreement_says_so(client, it_leader, secretary, digi, areas, ours):
    client.force_login(it_leader)
    assert "shares_cost" not in client.get(f"{OWN}nytt/").context_data["form"].fields
    client.post(f"{OWN}nytt/", said(areas["Sak/arkiv"], annual_cost="100", shares_cost="on"))
    assert ours.uses.get().shares_cost is False

    agreement = digi.agreements.create(title="Avtale", slug="avtale")
    set_sharing(collaboration=digi, agreement=agreement, costs=True, by=secretary)

    form = client.get(f"{OWN}{ours.uses.get().pk}/").context_data["form"]
    assert form["shares_cost"].value() is False


def test_somebody_who_saved_first_is_not_overwritten(client, it_leader, ours, areas):
    use = inventory.add_system(inventory=ours, area=areas["Sak/arkiv"], product="Elements", end_unknown=True, by=None)
    client.force_login(it_leader)
    data = said(areas["Sak/arkiv"], version=use.version, release="1")
    assert client.post(f"{OWN}{use.pk}/", data).status_code == 302

    assert client.post(f"{OWN}{use.pk}/", data | {"release": "2"}).status_code == 409
    use.refresh_from_db()
    assert use.release == "1"


def test_the_page_shows_the_groups_in_which_something_stands_and_no_other(client, director, ours, areas):
    use = inventory.add_system(
        inventory=ours, area=areas["Sak/arkiv"], product="Elements", end_unknown=True, hosting="cloud", by=None
    )
    client.force_login(director)

    page = client.get(f"{OWN}{use.pk}/")

    ((_heading, facts),) = page.context_data["groups"]
    assert [str(value) for _label, value in facts] == [str(SystemUse.Hosting.CLOUD.label)]


def test_a_removed_system_comes_back_with_its_integrations(client, it_leader, ours, areas, solution):
    use = inventory.add_system(
        inventory=ours, area=areas["Sak/arkiv"], product="Elements", end_unknown=True,
        integrations={solution.pk: "ready"}, by=None,
    )  # fmt: skip
    inventory.remove_system(use=use, by=it_leader)

    inventory.restore_system(inventory=ours, pk=use.pk, by=it_leader)

    assert Integration.objects.get().use_id == use.pk


def test_no_system_not_relevant_and_not_answered_stay_three_things(ours, areas, it_leader):
    inventory.answer_area(inventory=ours, area=areas["Sak/arkiv"], answer="none", by=it_leader)
    inventory.answer_area(inventory=ours, area=areas["Lønn/HR"], answer="irrelevant", by=it_leader)

    assert dict(ours.uses.values_list("area__name", "answer")) == {"Sak/arkiv": "none", "Lønn/HR": "irrelevant"}


def test_same_as_is_a_link_on_both_sides_until_another_system_is_chosen(
    client, it_leader, hadsels_it_leader, ours, hadsels, areas
):
    theirs = inventory.add_system(
        inventory=hadsels, area=areas["Sak/arkiv"], product="Elements", end_unknown=True, by=None
    )
    client.force_login(it_leader)
    client.post(f"{OWN}samme-som/{theirs.pk}/")
    use = ours.uses.get()

    assert use.same_as == theirs
    assert "Hadsel" in text_of(client.get(f"{OWN}{use.pk}/"))
    client.force_login(hadsels_it_leader)
    assert "Sortland" in text_of(client.get(f"/kommune/1866/systemer/{theirs.pk}/"))

    inventory.change_system(
        use=use, version=use.version, area=use.area, product="ACOS WebSak", end_unknown=True, by=it_leader
    )
    use.refresh_from_db()
    assert use.same_as is None


def test_a_name_of_nothing_but_signs_is_a_fault_at_its_field(client, it_leader, areas):
    client.force_login(it_leader)

    response = client.post(f"{OWN}nytt/", said(areas["Sak/arkiv"], product="®"))

    assert list(response.context_data["form"].errors) == ["product"]
    assert not SystemUse.objects.exists()


def test_what_the_municipality_calls_a_system_is_that_system(client, it_leader, sortland, ours, areas):
    elements = Product.objects.get(name="Elements")
    catalogue.confirm_alias(product=elements, name="Arkivet vårt", municipality=sortland, by=it_leader)
    client.force_login(it_leader)

    client.post(f"{OWN}nytt/", said(areas["Sak/arkiv"], product="Arkivet vårt"))

    assert ours.uses.get().product == elements
    assert not Product.objects.filter(name="Arkivet vårt").exists()
