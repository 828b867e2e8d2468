"""``manage.py import_inventory``: what an administrator does in a script."""

import pytest
from django.core.management import CommandError, call_command

from surveys.models import SystemUse
from tests.surveys.inventory_people import FILES, sheet


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "systemer.xlsx"
    path.write_bytes(sheet(["Sak/arkiv", "Elements", "Sikri", "31.12.2027"]))
    return path


def last_line(capsys):
    return capsys.readouterr().out.strip().splitlines()[-1]


def test_twice_changes_nothing(digi, areas, file, capsys):
    call_command("import_inventory", file, municipality="1870")
    assert last_line(capsys) == "new=1 changed=0 unchanged=0 errors=0"

    call_command("import_inventory", file, municipality="1870")
    assert last_line(capsys) == "new=0 changed=0 unchanged=1 errors=0"
    assert SystemUse.objects.awaiting().count() == 1


def test_a_dry_run_writes_nothing(digi, areas, file, capsys):
    call_command("import_inventory", file, municipality="1870", dry_run=True)

    assert last_line(capsys) == "new=1 changed=0 unchanged=0 errors=0"
    assert not SystemUse.objects.exists()


def test_the_wide_sheet_goes_in_whole(digi, areas, capsys):
    call_command("import_inventory", FILES / "inventory-wide.xlsx", wide=True)

    assert last_line(capsys) == "new=25 changed=0 unchanged=6 errors=0"


def test_each_fault_is_named_and_the_command_ends_with_one(digi, areas, tmp_path, capsys):
    path = tmp_path / "systemer.xlsx"
    path.write_bytes(sheet(["Romfart", "Elements", "Sikri", "31.12.2027"]))

    with pytest.raises(SystemExit) as ended:
        call_command("import_inventory", path, municipality="1870")

    said = capsys.readouterr()
    assert ended.value.code == 1
    assert said.out.strip().splitlines()[-1] == "new=0 changed=0 unchanged=0 errors=1"
    [line] = [line for line in said.err.splitlines() if "(A2)" in line]
    assert all(word in line for word in ("systemer.xlsx", "Systemer", "rad 2", "Romfart"))


def test_a_name_that_resembles_a_known_system_is_new_and_told(digi, areas, tmp_path, capsys):
    path = tmp_path / "systemer.xlsx"
    path.write_bytes(sheet(["Sak/arkiv", "Websak Fokus", "", "vet ikke"]))

    call_command("import_inventory", path, municipality="1870")

    said = capsys.readouterr()
    assert said.out.strip().splitlines()[-1] == "new=1 changed=0 unchanged=0 errors=0"
    assert "Websak Fokus" in said.err
    assert "ACOS WebSak" in said.err


def test_an_unknown_municipality_is_refused(digi, areas, file):
    with pytest.raises(CommandError):
        call_command("import_inventory", file, municipality="9999")
