"""The catalogue of systems and suppliers: read by members, kept by who may, one entry for each system."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from digivesteralen.accounts.access import NotAllowedNow, Stale
from governance.models import Organisation
from surveys import doubles, naming
from surveys.actions import catalogue, imports, merging
from surveys.models import Alias, ImportName, Product, Supplier, SystemUse
from tests.surveys.inventory_people import looked_over, opened, sheet

ROW = ["Sak/arkiv", "Elements", "Sikri", "31.12.2027"]

FACTS = {
    "supplier": "", "family": "", "area": None, "kind": "system", "module_of": None, "successor": None,
    "supported_until": None,
}  # fmt: skip


@pytest.fixture
def elements(areas):
    return Product.objects.get(name="Elements")


@pytest.fixture
def change(digi, survey_admin, elements):
    def changed(by=survey_admin, version=None, **facts):
        said = FACTS | {"name": "Elements"} | facts
        return catalogue.change_product(product=elements, collaboration=digi, version=version, by=by, **said)

    return changed


def at(name, digi, *more):
    return reverse(name, args=[digi.slug, *more])


def test_members_find_a_system_by_any_of_its_names(client, director, digi, elements, ours, areas, survey_admin):
    catalogue.confirm_alias(product=elements, name="ePhorte", kind="former", by=survey_admin)
    SystemUse.objects.create(inventory=ours, area=areas["Sak/arkiv"], product=elements, end_unknown=True)
    client.force_login(director)

    table = client.get(at("products", digi) + "?q=ephorte").context_data["table"]

    assert [(row.record.name, row.record.users, row.record.names) for row in table.rows] == [("Elements", 1, 1)]


@pytest.mark.parametrize(("only", "names"), [("ja", ["Elements"]), ("nei", ["ACOS WebSak"]), ("uten", [])])
def test_the_list_is_narrowed(client, director, digi, elements, ours, areas, only, names):
    SystemUse.objects.create(inventory=ours, area=areas["Sak/arkiv"], product=elements, end_unknown=True)
    client.force_login(director)

    table = client.get(at("products", digi) + f"?bruk={only}").context_data["table"]

    assert [row.record.name for row in table.rows] == names


def test_the_list_goes_into_excel(client, director, digi, elements):
    client.force_login(director)

    rows = opened(client.get(at("products", digi) + "?format=xlsx").content)

    assert [row[0] for row in rows[1:]] == ["ACOS WebSak", "Elements"]
    assert rows[1][4] == 0


def test_the_list_takes_as_many_queries_for_many_as_for_few(
    client, director, digi, areas, django_assert_max_num_queries
):
    client.force_login(director)
    client.get(at("products", digi))
    for number in range(30):
        catalogue.define_product(name=f"System{number}", supplier=f"Hus{number}")

    with django_assert_max_num_queries(30):
        client.get(at("products", digi))


def test_a_systems_page_tells_its_names_and_who_uses_it(client, director, digi, elements, ours, areas, survey_admin):
    catalogue.confirm_alias(product=elements, name="ePhorte", kind="former", by=survey_admin)
    SystemUse.objects.create(
        inventory=ours, area=areas["Sak/arkiv"], product=elements, end_unknown=True, annual_cost=98765
    )
    client.force_login(director)

    page = client.get(at("product", digi, elements.pk)).content.decode()

    assert "ePhorte" in page
    assert survey_admin.name in page
    assert "Sortland" in page
    assert "98765" not in page.replace("\u00a0", ""), "what it costs is nobody else's"


def test_a_double_leads_to_the_one_that_is_kept(client, director, digi, elements, survey_admin):
    gone = catalogue.define_product(name="Elementz")
    merging.merge(gone=gone, kept=elements, collaboration=digi, by=survey_admin)
    client.force_login(director)

    assert client.get(at("product", digi, gone.pk)).url == at("product", digi, elements.pk)


def test_with_a_new_name_the_old_one_still_means_the_system(change, elements):
    change(name="Elements Sky")

    elements.refresh_from_db()
    assert naming.known(["ELEMENTS", "elements sky"]) == {"elements": elements, "elements sky": elements}
    assert elements.aliases.get().kind == Alias.Kind.FORMER


def test_with_its_former_name_again_the_system_has_no_alias_of_its_own_name(change, elements):
    change(name="Elements Sky")
    change(name="Elements")

    assert list(elements.aliases.values_list("name", flat=True)) == ["Elements Sky"]


def test_a_name_means_one_system(change, digi, survey_admin, elements):
    with pytest.raises(NotAllowedNow):
        change(name="ACOS Websak")
    with pytest.raises(NotAllowedNow):
        catalogue.add_product(collaboration=digi, by=survey_admin, **FACTS | {"name": "elements AS"})
    with pytest.raises(NotAllowedNow):
        catalogue.add_alias(
            product=elements, collaboration=digi, name="ACOS WebSak", kind="short", by=survey_admin
        )  # fmt: skip


def test_supplier_and_family_are_made_when_they_are_first_named(change, elements):
    change(supplier="Sikri AS", family="Elements-familien")

    elements.refresh_from_db()
    assert (elements.supplier.name, elements.family.name) == ("Sikri", "Elements-familien")


def test_a_system_is_no_module_of_itself_by_way_of_others(change, elements, digi, survey_admin):
    part = catalogue.add_product(
        collaboration=digi, by=survey_admin, **FACTS | {"name": "Elements Møte", "module_of": elements}
    )

    with pytest.raises(NotAllowedNow):
        change(module_of=part)


def test_two_who_change_at_once_are_told(change, elements):
    change(version=elements.version)
    with pytest.raises(Stale):
        change(version=elements.version)


def test_only_who_manages_surveys_changes_the_catalogue(change, it_leader, client, digi, elements):
    with pytest.raises(PermissionDenied):
        change(by=it_leader)
    client.force_login(it_leader)
    for name in ("product_change", "product_merge"):
        assert client.get(at(name, digi, elements.pk)).status_code == 403
    assert client.get(at("doubles", digi)).status_code == 403


def test_the_administrator_makes_and_changes_a_system_in_the_browser(client, survey_admin, digi, areas):
    client.force_login(survey_admin)
    said = {"name": "Framsikt", "supplier": "Framsikt AS", "family": "", "kind": "system", "module_of": "Elements"}

    made = client.post(at("product_new", digi), said)
    product = Product.objects.get(name="Framsikt")
    assert made.url == at("product", digi, product.pk)
    assert product.module_of.name == "Elements"

    wrong = client.post(at("product_change", digi, product.pk), said | {"version": 1, "successor": "Finnes ikke"})
    assert "Finnes ikke" in str(wrong.context_data["form"].errors)
    client.post(at("product_change", digi, product.pk), said | {"version": 1, "name": "Framsikt 2", "module_of": ""})
    product.refresh_from_db()
    assert (product.name, product.module_of, product.version) == ("Framsikt 2", None, 2)


def test_the_administrator_adds_and_removes_a_name(client, survey_admin, digi, elements, sortland):
    client.force_login(survey_admin)

    client.post(
        at("alias_add", digi, elements.pk), {"name": "Arkivet", "kind": "spelling", "municipality": sortland.pk}
    )
    alias = elements.aliases.get()
    assert (alias.name, alias.municipality, alias.confirmed_by) == ("Arkivet", sortland, survey_admin)

    client.post(at("alias_remove", digi, elements.pk), {"navn": alias.pk})
    assert not elements.aliases.exists()


def test_a_supplier_that_was_taken_over_points_to_the_new_one(client, survey_admin, digi, areas):
    evry, new = (catalogue.define_supplier(name=name) for name in ("Evry", "Tietoevry"))
    client.force_login(survey_admin)

    client.post(
        at("supplier_change", digi, evry.pk),
        {"version": 1, "name": "Evry", "organisation_number": "123 456 789", "website": "", "successor": new.pk},
    )

    evry.refresh_from_db()
    assert (evry.successor, evry.organisation_number) == (new, "123456789")
    page = client.get(at("supplier", digi, evry.pk)).content.decode()
    assert at("supplier", digi, new.pk) in page
    assert [row.record.name for row in client.get(at("suppliers", digi) + "?q=evry").context_data["table"].rows] == [
        "Evry",
        "Tietoevry",
    ]


def test_a_take_over_leads_not_in_a_ring(digi, survey_admin, areas):
    one = catalogue.define_supplier(name="En")
    other = Supplier.objects.create(name="To", key="to", successor=one)

    with pytest.raises(NotAllowedNow):
        catalogue.change_supplier(supplier=one, collaboration=digi, name="En", successor=other, by=survey_admin)


# --- possible doubles -----------------------------------------------------------------------------------


def test_pairs_that_look_alike_are_asked_about_once(client, survey_admin, digi, areas):
    one, other = (catalogue.define_product(name=name) for name in ("KommTek", "Komtek"))
    assert [(pair.one, pair.other) for pair in doubles.pairs()] == [(other, one)]
    client.force_login(survey_admin)
    assert client.get(at("doubles", digi)).status_code == 200

    client.post(at("doubles", digi), {"ett": one.pk, "annet": other.pk, "svar": "ulike"})

    assert doubles.pairs() == []


def test_a_pair_that_is_the_same_is_merged_and_can_be_undone(client, survey_admin, digi, areas):
    one, other = (catalogue.define_product(name=name) for name in ("KommTek", "Komtek"))
    client.force_login(survey_admin)

    client.post(at("doubles", digi), {"ett": one.pk, "annet": other.pk, "svar": "samme"})

    assert naming.known(["komtek"]) == {"komtek": one}
    assert doubles.pairs() == []
    client.post(at("merge_undo", digi, other.pk))
    assert naming.known(["komtek"]) == {"komtek": other}


def test_a_module_and_a_successor_are_no_doubles(areas):
    one = catalogue.define_product(name="KommTek")
    Product.objects.create(name="Komtek", key="komtek", module_of=one)

    assert doubles.pairs() == []


def test_a_supplier_is_not_revisible_to_nothing_but_signs(client, survey_admin, digi, areas):
    evry = catalogue.define_supplier(name="Evry")
    client.force_login(survey_admin)

    response = client.post(
        at("supplier_change", digi, evry.pk), {"version": 1, "name": "®", "organisation_number": "", "website": ""}
    )

    assert list(response.context_data["form"].errors) == ["name"]
    assert Supplier.objects.get(pk=evry.pk).name == "Evry"


def test_of_two_who_add_the_same_system_at_once_the_later_is_told(digi, survey_admin, areas, monkeypatch):
    free = catalogue._free

    def free_a_moment_ago(name):
        free(name)
        if not Product.objects.filter(name="Gerica").exists():
            Product.objects.create(name="Gerica", key="gerica")

    monkeypatch.setattr(catalogue, "_free", free_a_moment_ago)

    with pytest.raises(NotAllowedNow, match="Gerica"):
        catalogue.add_product(collaboration=digi, by=survey_admin, **FACTS, name="Gerica")


def test_names_of_others_and_what_their_files_are_called_are_not_told(client, survey_admin, digi, elements, sortland):
    ours = Organisation.objects.create(kind="municipality", name="Annetsted", number="5599")
    told = {"product": elements, "by": survey_admin}
    catalogue.confirm_alias(name="Deres eget", municipality=ours, source="deres.xlsx", **told)
    catalogue.confirm_alias(name="Felles navn", source="fremmed.xlsx", **told)
    catalogue.confirm_alias(name="Vårt eget", municipality=sortland, source="sortland.xlsx", **told)
    client.force_login(survey_admin)

    shown = client.get(at("product", digi, elements.pk))

    page = shown.content.decode()
    assert [(one.name, one.ours) for one in shown.context_data["aliases"]] == [
        ("Felles navn", False),
        ("Vårt eget", True),
    ]
    assert "sortland.xlsx" in page
    assert not any(word in page for word in ("Deres eget", "Annetsted", "deres.xlsx", "fremmed.xlsx"))
    assert client.post(
        at("alias_remove", digi, elements.pk), {"navn": Alias.objects.get(name="Deres eget").pk}
    ).status_code == 409  # fmt: skip
    row = next(iter(client.get(at("products", digi) + "?q=Elements").context_data["table"].rows))
    assert row.record.names == 2


def test_undoing_an_import_leaves_a_system_that_something_else_stands_on(digi, sortland, areas, it_leader, elements):
    rows = [["Lønn/HR", name, "", "vet ikke"] for name in ("Xylofon", "Quantum", "Fjellrev")]
    job = looked_over(sheet(*rows), by=it_leader, collaboration=digi, municipality=sortland)
    imports.apply(job=job, by=it_leader)
    module, successor, free = (Product.objects.get(name=row[1]) for row in rows)
    Product.objects.filter(pk=elements.pk).update(module_of=module)
    other = looked_over(sheet(ROW), by=it_leader, collaboration=digi, municipality=sortland)
    ImportName.objects.create(
        job=other, key="qvantum", name="Qvantum", cell="A1", rows=1, decision="same", product=successor
    )

    imports.undo(job=job, by=it_leader)

    assert set(Product.objects.filter(pk__in=[module.pk, successor.pk, free.pk])) == {module, successor}
