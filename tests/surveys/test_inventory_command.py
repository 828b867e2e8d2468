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


def test_the_wide_sheet_names_each_fault_and_ends_with_one(digi, areas, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("import_inventory", FILES / "inventory-wide.xlsx", wide=True)

    said = capsys.readouterr()
    assert ended.value.code == 1
    assert said.out.strip().splitlines()[-1] == "new=20 changed=0 unchanged=6 errors=3"
    [line] = [line for line in said.err.splitlines() if "(F3)" in line]
    assert all(word in line for word in ("inventory-wide.xlsx", "Oversikt", "rad 3", "Elements / Public 360°"))


def test_an_unknown_municipality_is_refused(digi, areas, file):
    with pytest.raises(CommandError):
        call_command("import_inventory", file, municipality="9999")
