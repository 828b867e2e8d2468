"""What a stranger's sheet may hold and do: odd numbers, two files at once, what a municipality keeps to itself."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from digivesteralen.accounts.access import NotAllowedNow
from surveys.actions import imports, inventory
from surveys.inventory_tables import RowTable
from surveys.models import SystemUse
from tests.surveys.inventory_people import HEADER, faults, looked_over, sheet

WITH_COST = [*HEADER, "Kostnad per år"]
ROW = ["Sak/arkiv", "ACOS WebSak", "Acos AS", "31.12.2027"]


@pytest.fixture
def preview(digi, sortland, areas, it_leader):
    return lambda *rows, header=None: looked_over(
        sheet(*rows, header=header), by=it_leader, collaboration=digi, municipality=sortland
    )


@pytest.mark.parametrize("cost", ["9" * 40, "10000000000", "-1"])
def test_a_cost_beyond_all_measure_is_a_fault_of_its_cell(preview, cost):
    job = preview([*ROW, cost], header=WITH_COST)

    assert job.state == "previewed"
    assert [cell for cell, _sentence in faults(job)] == ["E2"]


def test_a_duration_in_a_cell_is_kept_in_words(preview):
    job = preview([*ROW, timedelta(hours=30)], header=WITH_COST)

    assert [cell for cell, _sentence in faults(job)] == ["E2"]


def test_a_contract_that_is_terminated_neither_runs_on_nor_renews_itself(preview, ours, areas, it_leader):
    running = inventory.add_system(
        inventory=ours, area=areas["Sak/arkiv"], product="Elements", end_running=True, by=it_leader
    )
    header = [*HEADER, "Kontrakten opsagt", "Fornyes automatisk"]
    rows = (
        ["Sak/arkiv", "Elements", "", "", "ja", ""],
        ["Lønn/HR", "Visma HRM", "", "løpende", "04.05.2026", ""],
        ["Økonomi/regnskap", "Agresso", "", "31.12.2028", "ja", "1 år"],
        ["Barnehage/kulturskole", "Vigilo", "", "løpende", "nei", ""],
    )
    imports.apply(job=preview(*rows, header=header), by=it_leader)

    stands = {
        use.product.name: (use.end_running, use.end_unknown, use.renews_months)
        for use in SystemUse.objects.select_related("product")
    }
    assert stands == {
        "Elements": (False, True, None), "Visma HRM": (False, True, None), "Agresso": (False, False, None),
        "Vigilo": (True, False, None),
    }  # fmt: skip
    running.refresh_from_db()
    assert running.remark == "Avtalen er sagt opp."
    assert preview(*rows, header=header).counts["unchanged"] == len(rows)


def test_of_two_files_for_an_inventory_nobody_has_begun_one_is_written(
    transactional_db, digi, sortland, areas, it_leader
):
    jobs = [
        looked_over(sheet(ROW), by=it_leader, name=name, collaboration=digi, municipality=sortland)
        for name in ("a.xlsx", "b.xlsx")
    ]
    ended = []

    def press(job):
        try:
            ended.append(imports.apply(job=job, by=it_leader).state)
        except NotAllowedNow:
            ended.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ended) == ["applied", "refused"]
    assert SystemUse.objects.count() == 1


def test_a_look_at_the_own_page_is_no_change(preview, sortland, it_leader):
    job = preview(ROW)
    inventory.inventory_of(sortland)

    assert imports.apply(job=job, by=it_leader).state == "applied"


class TestThePreviewOnBehalf:
    """Who uploads for a municipality sees there what it shares, and nothing else (rule 9)."""

    @pytest.fixture
    def remarks(self, ours, areas, digi, sortland, it_leader, survey_admin):
        inventory.add_system(
            inventory=ours, area=areas["Sak/arkiv"], product="ACOS WebSak", supplier="Sikri", end_unknown=True,
            annual_cost=Decimal(987654), by=it_leader,
        )  # fmt: skip

        def shown(by, **more):
            job = looked_over(
                sheet([*ROW, "1"], header=WITH_COST), by=by, collaboration=digi, municipality=sortland, **more
            )
            return RowTable(job.rows.all()).render_messages(job.rows.get())

        return {"own": shown(it_leader), "on behalf": shown(survey_admin, on_behalf=True)}

    def test_the_own_people_see_the_former_price(self, remarks):
        assert "987654" in remarks["own"]

    def test_the_administrator_does_not(self, remarks):
        assert "987654" not in remarks["on behalf"]
        assert "Sikri → Acos AS" in remarks["on behalf"]
