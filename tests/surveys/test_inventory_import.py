"""A stranger's spreadsheet comes in: looked over first, written once, taken back (S12)."""

import threading
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from digivesteralen.accounts.access import NotAllowedNow
from surveys.actions import imports, inventory
from surveys.actions.import_erasing import erase
from surveys.models import ImportJob, Inventory, Product, SystemUse
from tests.surveys.inventory_people import FILES, HEADER, faults, looked_over, sheet

ROW = ["Sak/arkiv", "ACOS WebSak", "Acos AS", "31.12.2027"]


@pytest.fixture
def preview(digi, sortland, areas, it_leader):
    """Sortland's IT leader has looked a sheet over."""
    return lambda *rows, header=None: looked_over(
        sheet(*rows, header=header), by=it_leader, collaboration=digi, municipality=sortland
    )


def test_nothing_is_written_before_somebody_says_yes(preview):
    job = preview(ROW)

    assert job.counts == {"new": 1, "changed": 0, "unchanged": 0, "errors": 0}
    assert not SystemUse.objects.exists()


def test_the_it_leaders_sheet_becomes_the_municipalitys_list(preview, it_leader, sortland):
    imports.apply(job=preview(ROW), by=it_leader)

    use = SystemUse.objects.counted().get()
    assert (use.inventory.municipality, use.product.name, use.supplier.name) == (sortland, "ACOS WebSak", "Acos AS")
    assert (use.contract_end, use.end_unknown) == (date(2027, 12, 31), False)


def test_the_same_file_twice_changes_nothing(preview, it_leader):
    imports.apply(job=preview(ROW), by=it_leader)
    before = list(SystemUse.objects.values())

    again = preview(ROW)

    assert again.counts == {"new": 0, "changed": 0, "unchanged": 1, "errors": 0}
    assert not again.can_be_applied
    assert list(SystemUse.objects.values()) == before


def test_pressing_the_button_twice_writes_once(preview, it_leader):
    job = preview(ROW)
    imports.apply(job=job, by=it_leader)
    imports.apply(job=job, by=it_leader)

    assert SystemUse.objects.count() == 1


def test_another_spelling_is_the_same_system(preview, it_leader):
    imports.apply(job=preview(ROW), by=it_leader)

    job = preview(["Sak og arkiv", " acos  Websak\u00a0", "ACOS", "2027-12-31"])

    assert job.counts["unchanged"] == 1


def test_a_blank_cell_says_nothing_and_erases_nothing(preview, it_leader):
    imports.apply(job=preview(ROW), by=it_leader)

    job = preview(["Sak/arkiv", "ACOS WebSak", None, None])

    assert job.counts["unchanged"] == 1


def test_a_changed_row_shows_what_stood_there(preview, it_leader):
    imports.apply(job=preview(ROW), by=it_leader)
    job = preview(["Sak/arkiv", "ACOS WebSak", "Acos AS", "30.06.2029"])

    row = job.rows.get()
    assert (row.verdict, row.before["contract_end"]) == ("changed", "2027-12-31")
    imports.apply(job=job, by=it_leader)
    use = SystemUse.objects.get()
    assert (use.contract_end, use.version) == (date(2029, 6, 30), 2)


def test_undo_puts_back_exactly_what_stood_there(preview, it_leader):
    imports.apply(job=preview(ROW), by=it_leader)
    before = SystemUse.objects.values("pk", "contract_end", "supplier", "end_unknown").get()
    job = preview(["Sak/arkiv", "ACOS WebSak", "Sikri", "løpende"], ["Lønn/HR", "Nytt system", "", "vet ikke"])
    imports.apply(job=job, by=it_leader)
    assert SystemUse.objects.count() == 2

    job = imports.undo(job=job, by=it_leader)

    assert job.state == "undone"
    assert SystemUse.objects.values("pk", "contract_end", "supplier", "end_unknown").get() == before
    assert not Product.objects.filter(name="Nytt system").exists()


def test_undo_is_refused_when_somebody_has_touched_a_row_since(preview, it_leader, areas):
    job = imports.apply(job=preview(ROW), by=it_leader)
    use = SystemUse.objects.get()
    inventory.change_system(
        use=use, version=use.version, area=areas["Sak/arkiv"], product="ACOS WebSak", end_unknown=True, by=it_leader
    )

    with pytest.raises(NotAllowedNow):
        imports.undo(job=job, by=it_leader)
    assert SystemUse.objects.count() == 1


def test_no_system_and_not_relevant_are_answers_and_an_empty_cell_is_none(preview, it_leader):
    job = preview(
        ["Sak/arkiv", "ingen", "", ""], ["Lønn/HR", "Ikke aktuelt", "", ""], ["Skoleadministrasjon", None, "", ""]
    )
    imports.apply(job=job, by=it_leader)

    answers = dict(SystemUse.objects.values_list("area__name", "answer"))
    assert answers == {"Sak/arkiv": "none", "Lønn/HR": "irrelevant"}


def test_a_system_in_the_file_overtakes_no_system_and_undo_brings_it_back(preview, it_leader, ours, areas):
    inventory.answer_area(inventory=ours, area=areas["Sak/arkiv"], answer="none", by=it_leader)
    job = imports.apply(job=preview(ROW), by=it_leader)
    assert list(SystemUse.objects.values_list("answer", flat=True)) == ["system"]

    imports.undo(job=job, by=it_leader)

    assert list(SystemUse.objects.values_list("answer", flat=True)) == ["none"]


def test_undo_does_not_bring_back_no_system_where_a_system_was_added_since(preview, it_leader, ours, areas):
    inventory.answer_area(inventory=ours, area=areas["Sak/arkiv"], answer="none", by=it_leader)
    job = imports.apply(job=preview(ROW), by=it_leader)
    inventory.add_system(inventory=ours, area=areas["Sak/arkiv"], product="Elements", end_unknown=True, by=it_leader)

    imports.undo(job=job, by=it_leader)

    assert [use.product.name for use in SystemUse.objects.all()] == ["Elements"]


def test_undo_is_refused_when_an_imported_answer_was_given_anew_since(preview, it_leader, ours, areas):
    job = imports.apply(job=preview(["Sak/arkiv", "ingen", "", ""]), by=it_leader)
    inventory.answer_area(inventory=ours, area=areas["Sak/arkiv"], answer="irrelevant", by=it_leader)

    with pytest.raises(NotAllowedNow):
        imports.undo(job=job, by=it_leader)
    assert SystemUse.objects.get().answer == "irrelevant"


def test_the_same_answer_twice_is_no_change(preview, it_leader, ours, areas):
    job = imports.apply(job=preview(["Sak/arkiv", "ingen", "", ""]), by=it_leader)
    inventory.answer_area(inventory=ours, area=areas["Sak/arkiv"], answer="none", by=it_leader)

    imports.undo(job=job, by=it_leader)

    assert not SystemUse.objects.exists()


def test_an_import_is_not_undone_in_an_inventory_that_is_submitted(preview, it_leader, ours):
    job = imports.apply(job=preview(ROW), by=it_leader)
    ours.refresh_from_db()
    inventory.submit(inventory=ours, version=ours.version, by=it_leader)

    with pytest.raises(NotAllowedNow, match="levert|submitted"):
        imports.undo(job=job, by=it_leader)
    assert SystemUse.objects.exists()


def test_two_who_apply_at_once_write_once(transactional_db, preview, it_leader):
    job = preview(ROW)
    failed = []

    def press():
        try:
            imports.apply(job=job, by=it_leader)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert SystemUse.objects.count() == 1


def test_what_changed_since_the_preview_must_be_looked_over_again(preview, it_leader, ours, areas):
    job = preview(ROW)
    inventory.add_system(inventory=ours, area=areas["Lønn/HR"], product="Visma", end_unknown=True, by=it_leader)

    with pytest.raises(NotAllowedNow):
        imports.apply(job=job, by=it_leader)
    assert SystemUse.objects.count() == 1

    imports.apply(job=imports.check_now(job), by=it_leader)
    assert SystemUse.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "cell", "said"),
    [
        (["Sak/arkiv", "WebSak", "", "snart"], "D2", "vet ikke"),
        (["Sak/arkiv", "WebSak", "", "12/31/2026"], "D2", "vet ikke"),
        (["Romfart", "WebSak", "", "vet ikke"], "A2", "fagområde"),
        (["Sak/arkivet", "WebSak", "", "vet ikke"], "A2", "«Sak/arkiv»"),
        ([None, "WebSak", "", "vet ikke"], "A2", "fagområde"),
        (["Sak/arkiv", "-", "", "vet ikke"], "B2", "ingen"),
        (["Sak/arkiv", "samme som Hadsel", "", "vet ikke"], "B2", "Hadsel"),
        (["Sak/arkiv", "Elements; ePhorte", "", "vet ikke"], "B2", "én rad"),
    ],
)
def test_each_fault_names_its_cell_and_the_cure(preview, row, cell, said):
    job = preview(row)

    assert job.counts["errors"] == 1
    [(where, sentence)] = faults(job)
    assert where == cell
    assert said.casefold() in sentence.casefold()


def test_the_same_system_twice_in_the_file_is_a_fault(preview):
    job = preview(ROW, ["Sak/arkiv", "Acos Websak", "", "vet ikke"])

    assert job.counts == {"new": 1, "changed": 0, "unchanged": 0, "errors": 1}
    assert faults(job)[0][0] == "B3"


def test_all_missing_columns_are_named_at_once(digi, sortland, areas, it_leader):
    content = sheet(["Acos AS", "WebSak"], header=["Leverandør", "System"])
    job = imports.read_now(
        imports.keep(
            kind="inventory",
            content=content,
            file_name="x.xlsx",
            collaboration=digi,
            municipality=sortland,
            by=it_leader,
        )
    )

    assert [column.name for column in imports.missing_columns(job, job.mapping["columns"])] == ["area", "contract_end"]


def test_a_row_for_another_municipality_stops_the_whole_file(client, preview, it_leader):
    """T17: refused by name, nothing written; not by the button, which is gone, nor by who sends the form anyway."""
    job = preview(["Bø", *ROW], ["Sortland", "Lønn/HR", "Visma", "", "vet ikke"], header=["Kommune", *HEADER])

    [(cell, sentence)] = faults(job)
    assert cell == "A2"
    assert "Bø" in sentence
    client.force_login(it_leader)
    page = client.get(job.get_absolute_url()).content.decode()
    assert "Importen gjelder Sortland, men filen har rader for Bø (A2)." in page
    assert "/bruk/" not in page
    assert client.post(f"{job.get_absolute_url()}bruk/", {"version": job.version}).status_code == 409
    with pytest.raises(NotAllowedNow, match="Bø"):
        imports.apply(job=job, by=it_leader)
    assert (SystemUse.objects.count(), ImportJob.objects.get().state) == (0, "previewed")


def test_an_unknown_municipality_is_told_the_members(preview):
    job = preview(["Bodø", *ROW], header=["Kommune", *HEADER])

    [(cell, sentence)] = faults(job)
    assert cell == "A2"
    assert "Andøy" in sentence


def test_a_file_without_a_table_of_systems_is_refused(digi, sortland, areas, it_leader):
    job = looked_over(
        sheet(["melk", 3], header=["Vare", "Antall"]), by=it_leader, collaboration=digi, municipality=sortland
    )

    assert job.state == "refused"
    assert job.error


def test_a_submitted_inventory_takes_no_file(preview, it_leader, ours, areas):
    inventory.add_system(inventory=ours, area=areas["Lønn/HR"], product="Visma", end_unknown=True, by=it_leader)
    ours.refresh_from_db()
    inventory.submit(inventory=ours, version=ours.version, by=it_leader)

    job = preview(ROW)

    assert job.error
    with pytest.raises(NotAllowedNow):
        imports.apply(job=job, by=it_leader)


def test_a_strangers_long_sheet_is_understood(digi, sortland, areas, it_leader):
    content = (FILES / "inventory-long.xlsx").read_bytes()
    job = looked_over(content, by=it_leader, collaboration=digi, municipality=sortland)

    assert (job.sheet, job.counts["new"], job.counts["errors"]) == ("Systemer", 6, 0)
    imports.apply(job=job, by=it_leader)
    websak = SystemUse.objects.get(product__name="ACOS WebSak")
    assert (websak.annual_cost, websak.release, websak.operation) == (300000, "9.2", "supplier")
    assert SystemUse.objects.get(area__name="Lønn/HR").end_running


class TestOnBehalf:
    """An administrator uploads for a municipality: it counts when the municipality has confirmed it (rule 9)."""

    @pytest.fixture
    def uploaded(self, digi, sortland, areas, survey_admin):
        def upload(*rows, header=None):
            job = looked_over(
                sheet(*rows, header=header), by=survey_admin, collaboration=digi, municipality=sortland, on_behalf=True
            )
            return imports.apply(job=job, by=survey_admin) if job.can_be_applied else job

        return upload

    def test_it_counts_for_nothing_yet(self, uploaded, digi):
        uploaded(ROW)

        assert SystemUse.objects.awaiting().count() == 1
        assert not SystemUse.objects.of(digi).counted().exists()

    def test_the_it_leader_confirms_and_then_it_counts(self, uploaded, digi, ours, it_leader):
        uploaded(ROW)
        inventory.confirm_upload(inventory=ours, by=it_leader)

        assert SystemUse.objects.of(digi).counted().get().product.name == "ACOS WebSak"

    def test_what_the_municipality_said_stands_until_it_confirms(self, uploaded, ours, areas, it_leader):
        inventory.add_system(
            inventory=ours, area=areas["Sak/arkiv"], product="ACOS WebSak", contract_end=date(2026, 5, 1), by=it_leader
        )
        uploaded(ROW)
        assert SystemUse.objects.counted().get().contract_end == date(2026, 5, 1)

        inventory.confirm_upload(inventory=ours, by=it_leader)

        assert SystemUse.objects.get().contract_end == date(2027, 12, 31)

    def test_what_the_municipality_corrected_after_the_upload_stands_when_it_confirms(
        self, uploaded, ours, areas, it_leader
    ):
        said = {"area": areas["Sak/arkiv"], "product": "ACOS WebSak", "supplier": "Acos AS", "end_unknown": True}
        use = inventory.add_system(inventory=ours, release="9.1", **said, by=it_leader)
        uploaded(ROW)
        inventory.change_system(use=use, version=use.version, release="9.2", users=40, **said, by=it_leader)

        inventory.confirm_upload(inventory=ours, by=it_leader)

        use = SystemUse.objects.get()
        assert (use.contract_end, use.release, use.users) == (date(2027, 12, 31), "9.2", 40)

    def test_two_uploads_one_after_the_other_are_confirmed_with_what_both_said(self, uploaded, ours, areas, it_leader):
        inventory.add_system(
            inventory=ours, area=areas["Sak/arkiv"], product="ACOS WebSak", contract_end=date(2026, 5, 1), by=it_leader
        )
        uploaded(ROW)
        uploaded(["Sak/arkiv", "ACOS WebSak", "Sikri", None])

        inventory.confirm_upload(inventory=ours, by=it_leader)

        use = SystemUse.objects.get()
        assert (use.contract_end, use.supplier.name) == (date(2027, 12, 31), "Sikri")

    def test_when_the_cells_are_erased_only_what_the_municipality_has_not_said_is_filled_in(
        self, uploaded, ours, areas, it_leader, survey_admin
    ):
        said = {"area": areas["Sak/arkiv"], "product": "ACOS WebSak", "contract_end": date(2026, 5, 1)}
        inventory.add_system(inventory=ours, **said, by=it_leader)
        erase(job=uploaded([*ROW, 40], header=[*HEADER, "Antall brukere"]), by=survey_admin)

        inventory.confirm_upload(inventory=ours, by=it_leader)

        use = SystemUse.objects.get()
        assert (use.contract_end, use.users) == (date(2026, 5, 1), 40)

    def test_an_upload_that_no_longer_fits_what_the_municipality_says_is_told_why(
        self, uploaded, ours, areas, it_leader
    ):
        said = {"area": areas["Sak/arkiv"], "product": "ACOS WebSak", "by": it_leader}
        use = inventory.add_system(inventory=ours, end_unknown=True, **said)
        uploaded([*ROW[:3], None, "31.12.2028"], header=[*HEADER, "Bundet til"])
        inventory.change_system(use=use, version=use.version, contract_end=date(2027, 1, 1), **said)

        with pytest.raises(NotAllowedNow, match="ACOS WebSak"):
            inventory.confirm_upload(inventory=ours, by=it_leader)
        assert SystemUse.objects.awaiting().count() == 1

    def test_that_others_may_see_the_cost_is_never_said_on_behalf(self, uploaded, ours, it_leader):
        job = uploaded([*ROW, 90000, "ja"], header=[*HEADER, "Årlig kostnad", "Deles kostnaden"])
        inventory.confirm_upload(inventory=ours, by=it_leader)

        use = SystemUse.objects.get()
        assert (use.annual_cost, use.shares_cost) == (90000, False)
        assert [one["column"] for one in job.rows.get().messages] == ["De andre kan se kostnaden"]

    def test_every_field_that_changes_is_listed_before_anybody_confirms(self, client, uploaded, ours, areas, it_leader):
        inventory.add_system(
            inventory=ours, area=areas["Sak/arkiv"], product="ACOS WebSak", supplier="Acos AS", end_unknown=True,
            users=30, by=it_leader,
        )  # fmt: skip
        header = [*HEADER, "Antall brukere", "Årlig kostnad"]
        uploaded([*ROW, 40, 90000], ["Lønn/HR", "Visma", "", "vet ikke", 12, None], header=header)
        client.force_login(it_leader)

        page = client.get("/kommune/1870/systemer/bekreft/")

        told = [[(one.before, one.after) for one in changes] for _use, _before, changes in page.context_data["rows"]]
        assert told[0][:2] == [("vet ikke", "31.12.2027"), ("ingenting", "90\u00a0000\u00a0kr")]
        assert told[0][2:] == [("30", "40")]
        assert [after for _before, after in told[1]] == ["vet ikke", "12"]
        assert "30 → 40" in page.content.decode()

    def test_the_it_leader_may_discard_it(self, uploaded, ours, it_leader):
        uploaded(ROW)
        inventory.discard_upload(inventory=ours, by=it_leader)

        assert not SystemUse.objects.exists()

    def test_uploading_twice_changes_nothing(self, uploaded, ours, it_leader):
        uploaded(ROW)
        assert uploaded(ROW).counts == {"new": 0, "changed": 0, "unchanged": 1, "errors": 0}

        inventory.confirm_upload(inventory=ours, by=it_leader)
        assert uploaded(ROW).counts == {"new": 0, "changed": 0, "unchanged": 1, "errors": 0}

    def test_what_is_confirmed_can_no_longer_be_undone_by_the_administrator(
        self, uploaded, ours, it_leader, survey_admin
    ):
        job = uploaded(ROW)
        inventory.confirm_upload(inventory=ours, by=it_leader)

        with pytest.raises(NotAllowedNow):
            imports.undo(job=job, by=survey_admin)
        assert SystemUse.objects.counted().count() == 1

    def test_nobody_else_may_upload_for_a_municipality(self, digi, sortland, areas, secretary, hadsels_it_leader):
        for who in (secretary, hadsels_it_leader):
            for on_behalf in (True, False):
                job = looked_over(sheet(ROW), by=who, collaboration=digi, municipality=sortland, on_behalf=on_behalf)
                with pytest.raises(PermissionDenied):
                    imports.apply(job=job, by=who)
        assert not SystemUse.objects.exists()


class TestTheWideSheet:
    """One row for each area and one column for each municipality."""

    @pytest.fixture
    def wide(self, digi, areas, survey_admin):
        content = (FILES / "inventory-wide.xlsx").read_bytes()
        return looked_over(
            content, by=survey_admin, name="inventory-wide.xlsx", collaboration=digi, on_behalf=True, wide=True
        )

    def test_a_cell_with_two_systems_becomes_two_rows_that_keep_the_cell(self, wide):
        assert wide.layout == ImportJob.Layout.WIDE
        assert wide.counts == {"new": 25, "changed": 0, "unchanged": 6, "errors": 0}
        two = [row for row in wide.rows.in_order() if "F3" in row.raw]
        assert [row.values["product"] for row in two] == ["Elements", "Public 360°"]
        assert {row.raw["F3"] for row in two} == {"Elements / Public 360°"}
        assert all(row.messages[0]["cell"] == "F3" for row in two)

    def test_a_second_look_makes_no_more_rows_of_it(self, wide):
        assert imports.check_now(wide).counts["new"] == 25
        assert wide.rows.count() == 31

    def test_each_municipality_gets_its_own_column(self, wide, survey_admin):
        imports.apply(job=wide, by=survey_admin)

        hadsel = dict(
            SystemUse.objects.filter(inventory__municipality__name="Hadsel").values_list("area__name", "product__name")
        )
        assert hadsel == {
            "Sak/arkiv": "Elements", "Økonomi/regnskap": "Visma Enterprise", "Barnehage/kulturskole": None,
            "Skoleadministrasjon": "Visma InSchool",
        }  # fmt: skip
        like = SystemUse.objects.get(inventory__municipality__name="Hadsel", area__name="Skoleadministrasjon")
        assert like.same_as.inventory.municipality.name == "Andøy"
        assert not SystemUse.objects.counted().exists()
        assert Inventory.objects.count() == 6

    def test_for_one_municipality_only_its_own_column_goes_in(self, digi, sortland, areas, it_leader):
        content = (FILES / "inventory-wide.xlsx").read_bytes()
        job = looked_over(content, by=it_leader, collaboration=digi, municipality=sortland)

        told = " ".join(one["sentence"] for row in job.rows.in_order() for one in row.messages)
        assert all(name in told for name in ("Andøy", "Bø", "Hadsel", "Lødingen", "Øksnes"))
        assert (job.counts["new"], job.counts["errors"]) == (5, 0)
