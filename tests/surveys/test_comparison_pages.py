"""The pages that compare: filters, gaps, likeness, quality, measures; by the sharing rule, and with few queries."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from digivesteralen.accounts.access import NotAllowedNow
from governance.models import Region
from surveys import comparison, convergence, measures, quality, resemblance, together
from surveys.actions import convergence as actions
from surveys.actions import inventory
from surveys.models import AreaConvergence, ConvergenceMeasure, Inventory, SharingRule, Supplier, SystemUse
from surveys.models.inventory import Phase
from tests.refusals import the_database_refuses
from tests.surveys.inventory_people import opened

HOME = "/vesteralen/kartlegging/"
SYSTEMS = f"{HOME}systemer/"
SOON = timezone.localdate() + timedelta(days=200)


@pytest.fixture
def lists(digi, areas):
    """Four use Elements in the archive; Bø has said that it has nothing for salaries, where two have something."""
    found = {place.name: inventory.inventory_of(place) for place in digi.members()}
    for name in ("Sortland", "Hadsel", "Andøy", "Øksnes"):
        add(found[name], areas["Sak/arkiv"], "Elements", supplier="Sikri", contract_end=SOON)
    add(found["Sortland"], areas["Lønn/HR"], "Visma HRM", supplier="Visma", end_unknown=True)
    add(found["Hadsel"], areas["Lønn/HR"], "HR Pro", end_unknown=True)
    inventory.answer_area(inventory=found["Bø"], area=areas["Lønn/HR"], answer="none", by=None)
    return found


def add(where, area, product, **more):
    return inventory.add_system(inventory=where, area=area, product=product, by=None, **more)


def shown(client, query):
    return [row.area.name for row in client.get(f"{SYSTEMS}?{query}").context_data["rows"]]


# --- the matrix -------------------------------------------------------------------------------------


def test_the_matrix_is_narrowed_by_what_one_looks_for(client, secretary, lists, bo):
    client.force_login(secretary)

    assert shown(client, "q=sikri") == ["Sak/arkiv"]
    assert shown(client, "bare=felles") == ["Sak/arkiv"]
    assert shown(client, "bare=ulike") == ["Lønn/HR"]
    assert shown(client, "bare=hull") == ["Lønn/HR"]
    assert shown(client, f"bare=hull&kommune={bo.number}") == ["Lønn/HR"]
    assert shown(client, "bare=hull&kommune=1870") == []
    assert shown(client, "maneder=12") == ["Sak/arkiv"]
    assert shown(client, "maneder=6") == []
    assert shown(client, f"leverandor={Supplier.objects.get(name='Visma').pk}") == ["Lønn/HR"]
    assert len(shown(client, "bare=mangler")) == 6
    assert "Lønn/HR" not in shown(client, "bare=mangler&kommune=1870")


@pytest.fixture
def bo(digi):
    return digi.members().get(name="Bø")


def test_a_gap_says_how_many_others_have_a_system_and_no_answer_is_no_gap(lists, digi, bo, areas):
    row = next(row for row in comparison.matrix(comparison.lines(digi.members()), [bo]) if row.area == areas["Lønn/HR"])
    archive = next(
        row for row in comparison.matrix(comparison.lines(digi.members()), [bo]) if row.area == areas["Sak/arkiv"]
    )

    [cell] = row.cells[0]
    assert (cell.is_gap, cell.others) == (True, 2)
    assert archive.cells == [[]]


def test_the_own_municipality_is_the_first_column_and_a_region_narrows_the_rest(client, it_leader, lists, digi):
    client.force_login(it_leader)
    assert client.get(SYSTEMS).context_data["columns"][0].name == "Sortland"

    region = Region.objects.create(name="Ytre")
    region.members.set(digi.members().filter(name__in=["Hadsel", "Andøy"]))
    page = client.get(f"{SYSTEMS}?region={region.pk}").context_data

    assert {place.name for place in page["columns"]} == {"Hadsel", "Andøy"}
    assert page["sentence"] == "I 1 av 2 fagområder bruker minst to kommuner samme system."


def test_the_workbook_has_the_matrix_and_a_list_with_dates_that_are_dates(client, secretary, lists):
    client.force_login(secretary)

    book = load_workbook(BytesIO(client.get(f"{SYSTEMS}?format=xlsx&q=elements").content))

    assert len(book.worksheets) == 2
    header, first, *_rest = book.worksheets[1].iter_rows(values_only=True)
    assert first[header.index("Avtaleutløp")].date() == SOON


# --- who resembles whom -----------------------------------------------------------------------------


def test_likeness_is_counted_where_both_have_answered(lists, digi, sortland, hadsel):
    by_name = {one.place.name: one for one in resemblance.resembling(sortland, list(digi.members()))}

    assert (by_name["Hadsel"].same, by_name["Hadsel"].either, by_name["Hadsel"].areas) == (1, 3, 2)
    assert by_name["Hadsel"].share == Decimal("0.333")
    assert by_name["Andøy"].share == 1
    assert (by_name["Bø"].share, by_name["Bø"].areas) == (0, 1)
    assert by_name["Lødingen"].share is None


def test_two_side_by_side(client, it_leader, lists, areas):
    client.force_login(it_leader)

    page = client.get(f"{SYSTEMS}sammenlign/?a=1870&b=1866")
    verdicts = {row.record.area.name: row.record.verdict for row in page.context_data["table"].rows}
    assert verdicts["Sak/arkiv"] == resemblance.Verdict.SAME
    assert verdicts["Lønn/HR"] == resemblance.Verdict.DIFFERENT
    assert verdicts["Økonomi/regnskap"] == resemblance.Verdict.UNANSWERED

    only = client.get(f"{SYSTEMS}sammenlign/?a=1870&b=1866&bare=ulikt")
    assert [row.record.area.name for row in only.context_data["table"].rows] == ["Lønn/HR"]


def test_without_a_choice_the_own_is_compared_with_the_most_alike(client, it_leader, lists):
    client.force_login(it_leader)

    page = client.get(f"{SYSTEMS}sammenlign/").context_data

    assert page["first"].name == "Sortland"
    assert page["second"].name in ("Andøy", "Øksnes")
    assert client.get(f"{SYSTEMS}sammenlign/?a=1870&b=1870").status_code == 200
    assert client.get(f"{SYSTEMS}sammenlign/?a=tull&b=%7F").status_code == 200


# --- what is gone or only planned --------------------------------------------------------------------


YESTERDAY, TODAY, TOMORROW = -1, 0, 1


def days_from_now(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


@pytest.mark.parametrize(
    ("life", "there"),
    [
        ({}, True),
        ({"introduced_on": YESTERDAY, "live_on": TOMORROW}, True),
        ({"introduced_on": YESTERDAY, "phased_out_on": YESTERDAY, "gone_on": TOMORROW}, True),
        ({"live_on": YESTERDAY, "gone_on": YESTERDAY}, False),
        ({"gone_on": TODAY}, False),
        ({"introduced_on": TOMORROW}, False),
        ({"live_on": TOMORROW}, False),
    ],
)
def test_a_system_counts_from_its_introduction_until_it_is_gone(lists, digi, sortland, hadsel, areas, life, there):
    own = SystemUse.objects.filter(inventory=lists["Sortland"], area=areas["Sak/arkiv"])
    own.update(**{name: days_from_now(days) for name, days in life.items()})
    places = [sortland, hadsel]
    line = next(line for line in comparison.lines(places) if line.area == areas["Sak/arkiv"])
    measured = next(
        one for one in convergence.per_area([sortland.pk, hadsel.pk])["product"] if one.area_id == line.area.pk
    )

    assert (own.get().phase_on(timezone.localdate()) not in (Phase.PLANNED, Phase.GONE)) == there
    assert own.in_use(timezone.localdate()).exists() == there
    assert (line.answered, line.having) == (measured.answered, measured.having) == (2, 1 + there)
    assert resemblance.resembling(sortland, [hadsel])[0].same == there
    assert together.together(digi, places, comparison.lines(places)).system == there
    assert quality.of_municipalities([sortland])[0].systems == 1 + there


def test_a_system_that_was_replaced_lowers_no_likeness_and_one_that_left_nothing_is_a_gap(
    lists, digi, sortland, hadsel, areas
):
    archive = areas["Sak/arkiv"]
    add(lists["Sortland"], archive, "ePhorte", end_unknown=True)
    add(lists["Bø"], archive, "ePhorte", end_unknown=True)
    SystemUse.objects.filter(product__name="ePhorte").update(gone_on=days_from_now(-1))

    [measured] = [one for one in convergence.per_area([sortland.pk, hadsel.pk])["product"] if one.area_id == archive.pk]
    assert measured.index == 1
    lines, bo = comparison.lines(digi.members()), digi.members().get(name="Bø")
    gaps = comparison.narrowed(lines, [], comparison.Wanted(only="hull", place=bo))
    assert archive in [line.area for line in gaps]
    rows = {row.area: row for row in comparison.matrix(lines, [sortland, bo])}
    assert [[cell.name for cell in cells] for cells in rows[archive].cells] == [["Elements"], ["ingen system"]]
    sides = {one.area: one.verdict for one in resemblance.side_by_side(hadsel, bo)}
    assert sides[archive] == resemblance.Verdict.ONE


# --- how good ---------------------------------------------------------------------------------------


def test_quality_is_five_parts_that_count_the_same(lists, sortland):
    SystemUse.objects.filter(inventory=lists["Sortland"], product__name="Visma HRM").update(supplier=None)

    [one] = quality.of_municipalities([sortland])

    assert one.parts == [Decimal("0.333"), Decimal("0.5"), Decimal("0.5"), 0, 0]
    assert one.score == Decimal("0.267")


def test_what_was_submitted_within_a_year_is_confirmed(lists, sortland, it_leader):
    own = Inventory.objects.get(pk=lists["Sortland"].pk)
    inventory.submit(inventory=own, version=own.version, by=it_leader)

    assert quality.of_municipalities([sortland])[0].fresh == 1
    assert quality.of_municipalities([sortland], today=date(2099, 1, 1))[0].fresh == 0


def test_the_table_of_quality_is_by_name_with_the_own_on_top(client, it_leader, lists):
    client.force_login(it_leader)

    rows = client.get(f"{SYSTEMS}kvalitet/").context_data["table"].rows

    assert [row.record.place.name for row in rows] == ["Sortland", "Andøy", "Bø", "Hadsel", "Lødingen", "Øksnes"]


# --- how alike, over time ---------------------------------------------------------------------------


def test_one_sentence_first_and_the_index_behind_it(client, it_leader, lists):
    client.force_login(it_leader)

    page = client.get(f"{SYSTEMS}likhet/")

    assert page.context_data["sentence"] == "I 1 av 2 fagområder bruker minst fire kommuner samme system."
    rows = {row.record.area.name: row.record.index for row in page.context_data["table"].rows}
    assert (rows["Sak/arkiv"].index, rows["Lønn/HR"].index) == (1, 0)
    for query in ("niva=supplier", "niva=family&sort=-convergence", "region=1", "niva=tull", "format=xlsx"):
        assert client.get(f"{SYSTEMS}likhet/?{query}").status_code == 200


def test_same_system_common_contract_and_common_operation_are_three_things(digi, lists, areas):
    places = list(digi.members())

    def counted():
        found = together.together(digi, places, comparison.lines(places))
        return found.system, found.contract, found.operation

    archive = SystemUse.objects.filter(area=areas["Sak/arkiv"])
    archive.filter(inventory=lists["Sortland"]).update(operation="own")
    archive.filter(inventory=lists["Hadsel"]).update(operation="other", operated_by="Sortland kommune")
    assert counted() == (1, 0, 0)

    SharingRule.objects.create(collaboration=digi, operation=True)
    assert counted() == (1, 0, 1)

    held = archive.get(inventory=lists["Andøy"])
    archive.filter(inventory__in=[lists["Øksnes"], lists["Hadsel"]]).update(through=held)
    assert counted() == (1, 1, 1)


def test_a_measure_is_kept_and_never_changed(digi, lists, survey_admin):
    measure = actions.take_measure(collaboration=digi, title="Før", by=survey_admin)

    assert measure.areas.count() == 6 * 3
    kept = measure.areas.get(area__name="Sak/arkiv", level="product")
    assert (kept.answered, kept.having, kept.index, kept.effective) == (4, 4, 1, 1)
    for change in (
        lambda: AreaConvergence.objects.update(index=0),
        lambda: ConvergenceMeasure.objects.update(title="Etter"),
        lambda: AreaConvergence.objects.all().delete(),
    ):
        with the_database_refuses(), transaction.atomic():
            change()


def test_one_measure_a_day_and_none_of_nothing(digi, areas, survey_admin, secretary, client):
    with pytest.raises(NotAllowedNow):
        actions.take_measure(collaboration=digi, title="Tom", by=survey_admin)
    for place in digi.members():
        add(inventory.inventory_of(place), areas["Sak/arkiv"], "Elements", end_unknown=True)
    client.force_login(survey_admin)
    for status in (302, 409):
        assert client.post(f"{SYSTEMS}likhet/maling/", {"title": "Høst"}).status_code == status
    assert "Høst" in client.get(f"{SYSTEMS}likhet/maling/").content.decode()
    client.force_login(secretary)
    may = client.get(f"{SYSTEMS}likhet/maling/").status_code
    assert may == (200 if client.get(f"{SYSTEMS}likhet/").context_data["keeps"] else 403)


def test_from_what_to_what_with_the_coverage_of_both(digi, lists, areas, survey_admin):
    actions.keep(collaboration=digi, title="Før", on=date(2024, 3, 12), by=survey_admin)
    add(lists["Bø"], areas["Lønn/HR"], "HR Pro", end_unknown=True)
    actions.take_measure(collaboration=digi, title="Nå", by=survey_admin)

    points = measures.history(digi, "product")

    assert [(str(point.index), str(point.coverage)) for point in points] == [
        ("0.5000", "0.1944"),  # 1 and 0; 7 of 36 answered
        ("0.6666", "0.1944"),  # 1, and of three with 2 and 1: C = (5/9 − 1/3) / (2/3), kept as 0.3333
    ]
    assert measures.development(points).startswith("Fra 0,50 den 12. mars 2024 (19")
    assert measures.chart(points).table()["rows"][0][1:] == ["0,5", "0,19"]
    assert measures.development(points[:1]) == ""


# --- lists, sharing, speed --------------------------------------------------------------------------


def test_contracts_that_end_are_narrowed_and_come_in_order(client, it_leader, lists, areas):
    add(lists["Lødingen"], areas["Sak/arkiv"], "Public 360", contract_end=SOON - timedelta(days=30))
    client.force_login(it_leader)

    def names(query):
        table = client.get(f"{SYSTEMS}utlop/?{query}").context_data["table"]
        return [row.record.inventory.municipality.name for row in table.rows]

    assert names("")[0] == "Lødingen"
    assert names("maneder=6") == ["Lødingen"]
    assert names("kommune=1866") == ["Hadsel"]
    assert names("q=public") == ["Lødingen"]
    book = opened(client.get(f"{SYSTEMS}utlop/?format=xlsx&q=public").content)
    assert book[1][book[0].index("Avtaleutløp")].date() == SOON - timedelta(days=30)


PATHS = ["", "liste/", "utlop/", "likhet/", "ligner/", "sammenlign/", "kvalitet/"]


@pytest.mark.parametrize("path", PATHS)
def test_prices_and_remarks_stay_at_home_and_outsiders_see_no_page(client, it_leader, outsider, lists, path):
    SystemUse.objects.update(annual_cost=987654, remark="hemmelig", responsible="Hemmelig Person", criticality="high")
    client.force_login(it_leader)
    for query in ("", "?format=xlsx"):
        response = client.get(f"{SYSTEMS}{path}{query}")
        said = str(opened(response.content)) if query else response.content.decode()
        assert response.status_code == 200
        for secret in ("987654", "987 654", "987\u00a0654", "hemmelig", "Hemmelig"):
            assert secret not in said
    client.force_login(outsider)
    assert client.get(f"{SYSTEMS}{path}").status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_no_page_asks_more_when_there_is_more(client, it_leader, lists, areas, path, django_assert_max_num_queries):
    client.force_login(it_leader)
    client.get(SYSTEMS)
    with CaptureQueriesContext(connection) as before:
        client.get(f"{SYSTEMS}{path}")
    for number, where in enumerate(lists.values()):
        for area in (areas["Økonomi/regnskap"], areas["EPJ pleie og omsorg"]):
            add(where, area, f"System {number}", supplier=f"Firma {number}", contract_end=SOON)

    with django_assert_max_num_queries(len(before)):
        client.get(f"{SYSTEMS}{path}")
