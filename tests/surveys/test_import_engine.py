"""What every import has in common: written once, known again, kept for a year, and explained where it is partial."""

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.audit.retention import Unfinished
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Document, Job
from digivesteralen.spreadsheets import writing
from governance.models import Collaboration
from surveys.actions import import_erasing, import_writing, imports, inventory
from surveys.error_file import error_sheet
from surveys.models import ImportJob, ImportRow, MappingProfile, SystemUse
from tests.addresses.urlconf import ADDRESSES
from tests.surveys import survey_people
from tests.surveys.inventory_people import HEADER, faults, looked_over, sheet

ROW = ["Sak/arkiv", "ACOS WebSak", "Acos AS", "31.12.2027"]
OTHER = ["Lønn/HR", "Visma", "Visma", "vet ikke"]
FAULTY = ["Romfart", "Elements", "Sikri", "vet ikke"]
PAGE = "/vesteralen/kartlegging/import/"


@pytest.fixture
def upload(digi, sortland, areas, it_leader):
    """Sortland's IT leader uploads a sheet, and a worker has read it."""

    def upload(*rows: list[Any], header: list[str] | None = None, name: str = "systemer.xlsx") -> ImportJob:
        content = sheet(*rows, header=header)
        return imports.read_now(
            imports.keep(
                kind="inventory", content=content, file_name=name, collaboration=digi, municipality=sortland,
                by=it_leader,
            )
        )  # fmt: skip

    return upload


@pytest.fixture
def preview(digi, sortland, areas, it_leader):
    return lambda *rows, header=None, name="systemer.xlsx": looked_over(
        sheet(*rows, header=header), by=it_leader, name=name, collaboration=digi, municipality=sortland
    )


class TestWriting:
    """Yes is said once, and a worker writes."""

    def test_two_presses_are_one_work_and_one_effect(self, preview, it_leader):
        job = preview(ROW)

        first = imports.ask_to_apply(job=job, version=job.version, by=it_leader)
        second = imports.ask_to_apply(job=job, version=job.version, by=it_leader)

        assert first.work_id == second.work_id
        jobs.run(first.work_id)
        third = imports.ask_to_apply(job=job, version=job.version, by=it_leader)
        assert third.state == "applied"
        assert SystemUse.objects.count() == 1
        assert Job.objects.filter(kind="surveys.import_apply").count() == 1

    def test_what_another_window_has_changed_is_not_written_by_this_one(self, preview, it_leader):
        job = preview(ROW)

        with pytest.raises(Stale):
            imports.ask_to_apply(job=job, version=job.version - 1, by=it_leader)
        assert ImportJob.objects.get().state == "previewed"

    def test_while_it_is_being_written_nobody_else_writes_it(self, preview, it_leader):
        job = preview(ROW)
        imports.ask_to_apply(job=job, version=job.version, by=it_leader)

        with pytest.raises(NotAllowedNow):
            imports.apply(job=job, by=it_leader)

    def test_when_the_data_has_changed_it_goes_back_with_the_sentence(self, preview, it_leader, ours, areas):
        job = preview(ROW)
        inventory.add_system(inventory=ours, area=areas["Lønn/HR"], product="Visma", end_unknown=True, by=it_leader)
        asked = imports.ask_to_apply(job=job, version=job.version, by=it_leader)

        work = jobs.run(asked.work_id)

        asked.refresh_from_db()
        assert (asked.state, work.state) == ("previewed", "failed")
        assert asked.error == work.error
        assert not asked.can_be_applied
        assert imports.apply(job=imports.check_now(asked), by=it_leader).state == "applied"

    def test_a_fault_of_ours_gives_it_back_too(self, preview, it_leader, monkeypatch):
        job = preview(ROW)
        asked = imports.ask_to_apply(job=job, version=job.version, by=it_leader)

        def falls(*arguments: Any) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(import_writing, "apply", falls)
        jobs.run(asked.work_id)

        asked.refresh_from_db()
        assert asked.state == "previewed"
        assert asked.error

    def test_who_lost_the_right_meanwhile_writes_nothing(self, preview, it_leader):
        job = preview(ROW)
        asked = imports.ask_to_apply(job=job, version=job.version, by=it_leader)
        it_leader.person.appointments.update(until=date(2024, 1, 1))

        jobs.run(asked.work_id)
        import_writing.give_back_all()

        asked.refresh_from_db()
        assert asked.state == "previewed"
        assert not SystemUse.objects.exists()

    def test_who_only_reads_writes_nothing_at_any_step(self, client, preview, director, hadsels_it_leader, digi):
        """T14: neither with another's upload, which waits for its yes, nor with a file of one's own."""
        job = preview(ROW)
        before = ImportJob.objects.values().get()
        known = {
            "samarbeid": digi.slug,
            "pk": job.pk,
            "nummer": job.municipality.number,
            "slug": survey_people.survey_in(digi).slug,
        }
        steps = {name: address for name, address in ADDRESSES.items() if "/import/" in address.route}
        assert len(steps) > 12
        allowed = {}
        for who in (director, hadsels_it_leader):
            client.force_login(who)
            for name, address in steps.items():
                said = {"version": job.version, "kind": "inventory", "municipality": job.municipality_id}
                file = SimpleUploadedFile("systemer.xlsx", sheet(OTHER))
                page = reverse(name, kwargs={word: known[word] for word in address.takes})
                status = client.post(page, said | {"file": file}).status_code
                allowed |= {name: status} if status not in (403, 404) else {}

        assert allowed == {"imports": 200}, "the list of what was uploaded is read alone"
        assert ImportJob.objects.values().get() == before
        assert not SystemUse.objects.exists() and not Job.objects.filter(kind="surveys.import_apply").exists()

    def test_stopped_before_a_worker_came_it_can_be_said_yes_to_again(self, preview, it_leader):
        job = preview(ROW)
        asked = imports.ask_to_apply(job=job, version=job.version, by=it_leader)

        stopped = imports.cancel(job=asked, by=it_leader)

        jobs.run(asked.work_id)
        assert stopped.state == "previewed"
        assert not SystemUse.objects.exists()
        again = imports.ask_to_apply(job=stopped, version=stopped.version, by=it_leader)
        jobs.run(again.work_id)
        assert SystemUse.objects.count() == 1

    def test_stopped_too_late_says_so(self, preview, it_leader):
        job = preview(ROW)
        asked = imports.ask_to_apply(job=job, version=job.version, by=it_leader)
        jobs.run(asked.work_id)

        with pytest.raises(NotAllowedNow):
            imports.cancel(job=asked, by=it_leader)
        assert SystemUse.objects.count() == 1

    def test_a_large_import_is_taken_back_by_a_worker(self, preview, it_leader, monkeypatch):
        monkeypatch.setattr(import_writing, "UNDONE_AT_ONCE", 1)
        job = imports.apply(job=preview(ROW, OTHER), by=it_leader)

        asked = imports.ask_to_undo(job=job, by=it_leader)
        twice = imports.ask_to_undo(job=job, by=it_leader)

        assert (asked.state, asked.work_id) == ("applied", twice.work_id)
        jobs.run(asked.work_id)
        assert ImportJob.objects.get().state == "undone"
        assert not SystemUse.objects.exists()

    def test_the_page_shows_how_far_it_has_come_and_then_the_receipt(self, client, preview, it_leader):
        job = preview(ROW)
        client.force_login(it_leader)

        client.post(f"{PAGE}{job.pk}/bruk/", {"version": job.version})

        busy = client.get(f"{PAGE}{job.pk}/").content.decode()
        assert "hx-trigger" in busy
        assert f"{PAGE}{job.pk}/avbryt/" in busy
        jobs.run(ImportJob.objects.get().work_id)
        done = client.get(f"{PAGE}{job.pk}/").content.decode()
        assert "hx-trigger" not in done
        assert f"{PAGE}{job.pk}/angre/" in done


class TestColumnsThatAreRemembered:
    """The next file of the same form finds its columns again."""

    ODD = ["Fagområde", "Det vi bruker", "Leverandør", "Til og med"]
    SAID = {"A": "area", "B": "system", "C": "supplier", "D": "contract_end"}

    @pytest.fixture
    def remembered(self, upload, it_leader):
        job = upload(ROW, header=self.ODD, name="Systemer 2025.xlsx")
        return imports.connect(job=job, version=None, columns=self.SAID, remember_as="Vårt skjema", by=it_leader)

    def test_the_next_file_is_connected_as_the_last(self, remembered, upload):
        header = ["FAGOMRÅDE ", "det  vi bruker:", "leverandør", "Noe annet", "Versjon"]

        job = upload(ROW, header=header)

        assert job.profile == MappingProfile.objects.get()
        assert job.mapping["columns"] == {"A": "area", "B": "system", "C": "supplier", "D": "", "E": "release"}

    def test_columns_in_another_order(self, remembered, upload):
        job = upload(ROW[::-1], header=self.ODD[::-1])

        assert job.mapping["columns"] == {"A": "contract_end", "B": "supplier", "C": "system", "D": "area"}

    def test_a_file_of_another_form_is_not_touched_by_it(self, remembered, upload):
        job = upload(ROW)

        assert job.profile is None

    def test_the_same_columns_again_are_the_same_version_and_others_the_next(self, remembered, upload, it_leader):
        same = imports.connect(
            job=upload(ROW, header=self.ODD), version=None, columns=self.SAID, remember_as="vårt skjema", by=it_leader
        )
        assert same.profile.version == 1

        other = self.SAID | {"C": ""}
        newer = imports.connect(
            job=upload(ROW, header=self.ODD), version=None, columns=other, remember_as="Vårt skjema", by=it_leader
        )

        assert (newer.profile.version, newer.profile.columns["leverandør"]) == (2, "")
        assert ImportJob.objects.get(pk=remembered.pk).profile.version == 1
        assert upload(ROW, header=self.ODD).mapping["columns"] == other

    def test_another_collaboration_knows_nothing_of_it(self, remembered, upload, digi):
        other = Collaboration.objects.create(name="Naboene", slug="naboene")
        MappingProfile.objects.update(collaboration=other)

        assert upload(ROW, header=self.ODD).profile is None

    def test_a_person_chooses_another_or_none(self, client, remembered, upload, it_leader):
        job = upload(ROW, header=self.ODD)
        client.force_login(it_leader)

        page = client.get(f"{PAGE}{job.pk}/")
        assert page.context_data["form"]["B"].value() == "system"
        assert page.context_data["form"]["remember_as"].value() == "Vårt skjema"
        plain = client.get(f"{PAGE}{job.pk}/kolonner/?kolonner=ingen")
        assert plain.context_data["form"]["B"].value() == ""

    def test_the_name_is_proposed_from_the_file_and_needed_only_when_it_is_to_be_remembered(
        self, client, upload, it_leader
    ):
        job = upload(ROW, name="Systemer Sortland 2026 (3).xlsx")
        client.force_login(it_leader)
        form = client.get(f"{PAGE}{job.pk}/").context_data["form"]
        assert form["remember_as"].value() == "Systemer Sortland"

        said = dict(self.SAID) | {"version": job.version, "remember": "on", "remember_as": ""}
        page = client.post(f"{PAGE}{job.pk}/kolonner/", said)
        assert page.context_data["form"].errors["remember_as"]
        client.post(f"{PAGE}{job.pk}/kolonner/", said | {"remember_as": "Sortland"})
        assert MappingProfile.objects.get().name == "Sortland"


class TestKnownAgain:
    def test_the_same_file_is_told_with_when_and_by_whom(self, client, it_leader, digi, sortland, areas):
        """T18: the very same bytes, whatever the file is called now; another file is not mistaken for it."""
        about = {"by": it_leader, "collaboration": digi, "municipality": sortland}
        content = sheet(ROW)
        first = imports.apply(job=looked_over(content, **about), by=it_leader)
        again, another = looked_over(content, name="kopi.xlsx", **about), looked_over(sheet(OTHER), **about)
        client.force_login(it_leader)

        shown, other = (client.get(f"{PAGE}{job.pk}/") for job in (again, another))

        assert (shown.context_data["twin"], other.context_data["twin"]) == (first, None)
        assert str(it_leader) in shown.content.decode()
        assert again.counts == {"new": 0, "changed": 0, "unchanged": 1, "errors": 0}
        assert SystemUse.objects.count() == 1

    def test_of_a_file_with_more_than_the_last_the_preview_counts_what_is_known(self, client, preview, it_leader):
        imports.apply(job=preview(ROW, OTHER), by=it_leader)
        job = preview(ROW, [*OTHER[:3], "31.12.2028"], ["Økonomi/regnskap", "Agresso", "", "vet ikke"])
        client.force_login(it_leader)

        text = " ".join(client.get(f"{PAGE}{job.pk}/").content.decode().split())

        assert job.counts == {"new": 1, "changed": 1, "unchanged": 1, "errors": 0}
        assert re.search(r"(Kjente|Known): 1", text)


class TestHowLongItIsKept:
    """File and cells for a year; counts, log and history for good."""

    def test_the_day_is_set_when_it_is_uploaded(self, preview):
        today = timezone.localdate()

        assert (preview(ROW).erase_on - today).days in (365, 366)

    def test_when_its_time_is_over_file_and_cells_go_and_what_was_written_stays(
        self, preview, it_leader, django_capture_on_commit_callbacks
    ):
        job = imports.apply(job=preview(ROW, FAULTY), by=it_leader)
        young = preview(OTHER)
        ImportJob.objects.filter(pk=job.pk).update(erase_on=timezone.localdate())

        with django_capture_on_commit_callbacks(execute=True):
            assert import_erasing.erase_due() == 1

        job.refresh_from_db()
        assert job.erased_at
        assert not default_storage.exists(job.file.stored_name)
        assert not job.rows.exists()
        assert (job.state, job.counts["new"], job.counts["errors"]) == ("applied", 1, 1)
        assert SystemUse.objects.count() == 1
        assert young.rows.exists()
        assert import_erasing.erase_due() == 0
        with pytest.raises(NotAllowedNow):
            imports.undo(job=job, by=it_leader)

    def test_one_that_cannot_be_erased_keeps_no_other_and_is_told_in_the_log(
        self, preview, it_leader, monkeypatch, caplog
    ):
        stuck, other = imports.apply(job=preview(ROW), by=it_leader), preview(OTHER)
        ImportJob.objects.update(erase_on=timezone.localdate())
        erase = import_erasing.erase

        def failing(*, job: ImportJob, by: Any) -> ImportJob:
            if job.pk == stuck.pk:
                raise OSError("The disk is gone.")
            return erase(job=job, by=by)

        monkeypatch.setattr(import_erasing, "erase", failing)

        with pytest.raises(Unfinished) as told:
            import_erasing.erase_due()
        assert told.value.erased == 1
        assert set(ImportJob.objects.filter(erased_at=None)) == {stuck}
        assert ImportJob.objects.get(pk=other.pk).erased_at
        assert str(stuck.pk) in caplog.text

    def test_one_that_was_never_carried_out_is_cancelled(
        self, preview, upload, it_leader, django_capture_on_commit_callbacks
    ):
        """T16: left after the preview, or before its columns were chosen; the day before nothing goes."""
        left = [preview(ROW), upload(OTHER)]
        stored = [job.file.stored_name for job in left]
        due = [(job.erase_on - timezone.localdate()).days for job in left]
        for days, gone in ((due[0] - 1, 0), (due[0], 2)):
            with (
                time_machine.travel(timezone.now() + timedelta(days=days)),
                django_capture_on_commit_callbacks(execute=True),
            ):
                assert import_erasing.erase_due() == gone
            assert [default_storage.exists(name) for name in stored] == [not gone] * 2

        assert not ImportRow.objects.exists()
        for job in left:
            job.refresh_from_db()
            assert job.state == "cancelled"
            with pytest.raises(NotAllowedNow):
                imports.apply(job=job, by=it_leader)

    def test_the_uploader_and_the_administrator_may_erase_it_now_and_nobody_else(
        self, client, preview, it_leader, survey_admin, secretary, director
    ):
        job = imports.apply(job=preview(ROW), by=it_leader)
        with pytest.raises(PermissionDenied):
            import_erasing.erase(job=job, by=director)
        client.force_login(director)
        assert client.post(f"{PAGE}{job.pk}/slett/").status_code == 404
        client.force_login(survey_admin)
        assert f"{PAGE}{job.pk}/slett/" in client.get(PAGE).content.decode()
        assert client.get(f"{PAGE}{job.pk}/slett/").status_code == 200
        assert ImportJob.objects.get().erased_at is None

        client.post(f"{PAGE}{job.pk}/slett/")

        assert ImportJob.objects.get().erased_at
        client.force_login(it_leader)
        page = client.get(f"{PAGE}{job.pk}/").content.decode()
        assert f"{PAGE}{job.pk}/angre/" not in page

    def test_not_while_it_is_being_written(self, preview, it_leader):
        job = preview(ROW)
        imports.ask_to_apply(job=job, version=job.version, by=it_leader)

        with pytest.raises(NotAllowedNow):
            import_erasing.erase(job=job, by=it_leader)

    @pytest.mark.parametrize(
        ("content", "name"), [(b"%PDF-1.7", "a.xlsx"), (b"PK\x03\x04 halv", "a.xlsx"), (b"x" * 11_000_000, "a.csv")]
    )
    def test_of_a_file_that_is_not_opened_nothing_is_kept(self, content, name, digi, sortland, areas, it_leader):
        job = imports.upload(
            kind="inventory", content=content, file_name=name, collaboration=digi, municipality=sortland, by=it_leader
        )

        assert (job.state, job.file, job.work) == ("refused", None, None)
        assert f"«{name}»" in job.error
        assert not Document.objects.exists()
        assert not Job.objects.exists()

    def test_of_a_file_without_a_table_nothing_is_kept(self, upload, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            job = upload(["melk", 3], header=["Vare", "Antall"])

        assert job.state == "refused"
        assert not default_storage.exists(job.file.stored_name)
        assert not ImportRow.objects.exists()

    def test_a_sheet_with_headers_alone_is_refused(self, upload):
        job = upload()

        assert job.state == "refused"
        assert "«Systemer»" in job.error


class TestWhatIsLeftOut:
    """The good rows are written; the others come back with what to do."""

    def opened(self, job: ImportJob) -> list[list[Any]]:
        book = load_workbook(io.BytesIO(writing.workbook([error_sheet(job)])))
        return [list(row) for row in book.active.iter_rows(values_only=True)]

    def test_the_receipt_holds_every_column_and_where_what_and_why(self, preview, it_leader):
        header = [*HEADER, "Noe vi ikke bruker"]
        job = imports.apply(job=preview([*ROW, "a"], [*FAULTY, date(2026, 1, 2)], header=header), by=it_leader)

        head, *rows = self.opened(job)

        assert head[:5] == header
        assert len(head) == 10
        [row] = rows
        assert row[:4] == FAULTY
        assert row[4].date() == date(2026, 1, 2)
        assert row[5:7] == ["Systemer", 3]
        assert row[7].startswith("A Fagområde")
        assert "Romfart" in row[8]
        assert SystemUse.objects.count() == 1

    def test_mended_it_goes_in_and_the_rest_is_known(self, preview, it_leader):
        job = imports.apply(job=preview(ROW, FAULTY), by=it_leader)
        head, row = self.opened(job)

        mended = preview(["Lønn/HR", *row[1:]], header=[str(one) for one in head])

        assert faults(mended) == []
        imports.apply(job=mended, by=it_leader)
        assert SystemUse.objects.count() == 2

    def test_a_formula_that_went_wrong_is_no_value(self, preview):
        job = preview(["Sak/arkiv", "#N/A", "Acos AS", "vet ikke"], ["Lønn/HR", "Visma", "#REF!", "vet ikke"])

        assert job.counts["new"] == 0
        assert {cell for cell, _sentence in faults(job)} >= {"B2", "C3"}

    def test_no_address_of_a_respondent_in_receipt_log_or_error(self, digi, survey_admin, caplog):
        survey = survey_people.survey_in(digi, named=True)
        header = ["ID", "Starttidspunkt", "Fullføringstidspunkt", "E-postadresse", "Navn", "Hvor mange?", "Noe annet"]
        row = [1, "i går", "i dag", "kari.nordmann@sortland.kommune.no", "Kari", "mange", "skriv kari@example.org"]
        job = survey_people.looked_over(survey, survey_people.sheet([header, row, row]), by=survey_admin)

        receipt = str(self.opened(job))
        told = str([row.messages for row in job.rows.all()]) + caplog.text + job.error + str(job.notes)

        assert job.counts["errors"]
        assert "kari" not in (receipt + told).replace("Kari", "")
        assert "…@sortland.kommune.no" in receipt


@pytest.mark.parametrize("name", ["liste.csv", "liste.xlsx"])
def test_a_renamed_file_is_refused_at_once_with_its_cure(client, it_leader, areas, sortland, digi, name):
    client.force_login(it_leader)
    client.post("/kommune/1870/systemer/import/", {"file": SimpleUploadedFile(name, b"%PDF-1.7 nei")})

    job = ImportJob.objects.get()
    assert ".xlsx" in client.get(f"{PAGE}{job.pk}/").content.decode()
    assert not Document.objects.exists()
