"""What the portal is made of: no known-vulnerable pin, nothing older than the floors, a list of it all (T46)."""

import json
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from digivesteralen.operations import advisories

ROOT = Path(__file__).resolve().parents[2]
# security.md, section 6.
FLOORS = {
    "django": "5.2.19",
    "django-guardian": "3.5.2",
    "weasyprint": "70.0",
    "django-allauth": "65.21.1",
    "celery": "5.7.0",
    "kombu": "5.7.0",
}


def advisory(name: str = "django", *, events: list[dict[str, str]] | None = None, **more: Any) -> dict[str, Any]:
    affected: dict[str, Any] = {"package": {"ecosystem": "PyPI", "name": name}}
    if events is not None:
        affected["ranges"] = [{"type": "ECOSYSTEM", "events": events}]
    return {"id": "PYSEC-1", "summary": "A hole", "affected": [{**affected, **more}]}


def test_nothing_is_older_than_the_floors() -> None:
    """Neither what is locked, what runs here, nor the oldest that another installation may be given."""
    locked = advisories.locked(ROOT / "requirements.lock")
    wanted = [
        Requirement(line) for line in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    ]
    oldest = {one.name: Version(told.version) for one in wanted for told in one.specifier if told.operator == ">="}
    assert FLOORS.keys() - oldest.keys() == {"kombu"}, "it comes with Celery"

    for name, floor in FLOORS.items():
        found = [locked[name], Version(version(name)), oldest.get(name, locked[name])]
        assert min(found) >= Version(floor), (name, found)


def test_a_known_vulnerable_pin_stops_the_build(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "osv.json").write_text(json.dumps([advisory(events=[{"introduced": "0"}])]))

    assert advisories.main(str(tmp_path / "osv.json")) == 1
    assert "PYSEC-1 A hole" in capsys.readouterr().out


def test_a_folder_and_a_zip_are_read_whole(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    text = json.dumps(advisory("Celery", events=[{"introduced": "1.0"}]))
    (tmp_path / "one" / "a.json").write_text(text)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as packed:
        packed.writestr("a.json", text)

    assert advisories.main(str(tmp_path / "one")) == 1
    assert advisories.main(str(tmp_path / "all.zip")) == 1


def test_without_advisories_it_says_so_and_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert advisories.main("") == 0
    assert "No advisories" in capsys.readouterr().out


def test_without_a_line_it_says_so_and_ends_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setattr(advisories, "PATIENCE", 1)

    assert advisories.main("https://127.0.0.1:9/all.zip") == 0


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    assert advisories.main(str(tmp_path / "mistyped.json")) == 1


@pytest.mark.parametrize("address", ["http://127.0.0.1/all.zip", "file:///etc/passwd"])
def test_only_a_safe_address_is_fetched(address: str) -> None:
    with pytest.raises(ValueError, match="only https"):
        advisories.main(address)


@pytest.mark.parametrize(
    ("version", "events", "affected"),
    [
        ("5.2.18", [{"introduced": "5.2"}, {"fixed": "5.2.19"}], True),
        ("5.2.19", [{"introduced": "5.2"}, {"fixed": "5.2.19"}], False),
        ("5.1", [{"introduced": "5.2"}, {"fixed": "5.2.19"}], False),
        ("4.2", [{"introduced": "0"}, {"last_affected": "4.2"}], True),
        ("4.2.1", [{"introduced": "0"}, {"last_affected": "4.2"}], False),
        ("6.0", [{"introduced": "0"}, {"fixed": "4.0"}, {"introduced": "5.0"}], True),
        ("4.5", [{"fixed": "4.0"}, {"introduced": "5.0"}, {"introduced": "0"}], False),
        ("5.2rc1", [{"introduced": "5.2"}], False),
    ],
)
def test_the_span_of_an_advisory(version: str, events: list[dict[str, str]], affected: bool) -> None:
    found = advisories.hits({"django": Version(version)}, [advisory(events=events)])

    assert bool(list(found)) is affected


@pytest.mark.parametrize(
    ("one", "named"),
    [
        (advisory(versions=["5.2.19"]), True),
        (advisory(versions=["not a version", "5.2.18"]), False),
        ({**advisory(versions=["5.2.19"]), "withdrawn": "2026-01-01"}, False),
        (advisory("another", versions=["5.2.19"]), False),
        (
            {"id": "X", "affected": [{"package": {"ecosystem": "npm", "name": "django"}, "versions": ["5.2.19"]}]},
            False,
        ),
        ({"id": "X"}, False),
    ],
)
def test_which_advisories_name_us(one: dict[str, Any], named: bool) -> None:
    assert bool(list(advisories.hits({"django": Version("5.2.19")}, [one]))) is named


def test_the_list_of_what_the_portal_is_made_of(tmp_path: Path) -> None:
    made = tmp_path / "sbom.json"
    told = [sys.executable, "-m", "cyclonedx_py", "requirements", "requirements.lock", "--of", "JSON", "-o", str(made)]
    subprocess.run(told, cwd=ROOT, check=True, capture_output=True)
    named = {part["name"].lower(): part["version"] for part in json.loads(made.read_text())["components"]}

    assert named["django"] == str(advisories.locked(ROOT / "requirements.lock")["django"])
    assert len(named) == len(advisories.locked(ROOT / "requirements.lock"))


def test_every_build_compares_and_lists() -> None:
    run = (ROOT / ".ci" / "run").read_text().splitlines()

    assert "make audit sbom" in run


# --- the image --------------------------------------------------------------------------------------------

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
OURS = ["web", "worker", "beat", "migrate"]


@pytest.mark.parametrize("name", OURS)
def test_our_containers_write_to_their_own_places_only(name: str) -> None:
    service = COMPOSE[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert [place.split(":")[0] for place in service["tmpfs"]] == ["/tmp"]
    backups = ["${BACKUP_FOLDER:-backups}:/backups"] if name == "worker" else []
    assert service["volumes"] == ["files:/data", *backups]
    assert "privileged" not in service


def test_the_image_runs_as_an_ordinary_user() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    users = [line for line in lines if line.startswith("USER ")]

    assert users == ["USER portal"]
    assert lines.index("USER portal") < next(n for n, line in enumerate(lines) if line.startswith("CMD"))


def test_a_backup_is_made_each_night_by_the_one_who_can_write_it() -> None:
    folder = COMPOSE["worker"]["environment"]["BACKUP_DIR"]

    assert COMPOSE["beat"]["environment"]["BACKUP_DIR"] == folder
    assert any(place.endswith(f":{folder}") for place in COMPOSE["worker"]["volumes"])
    assert f"install --directory --owner portal /data {folder}" in (ROOT / "Dockerfile").read_text()
    assert "documents" in COMPOSE["worker"]["command"][COMPOSE["worker"]["command"].index("--queues") + 1].split(",")


def test_the_proxy_reads_the_settings_that_are_tried() -> None:
    """``tests/operations/test_proxy.py`` tries them."""
    assert "./docs/deploy/Caddyfile:/etc/caddy/Caddyfile:ro" in COMPOSE["caddy"]["volumes"]
    assert "command" not in COMPOSE["caddy"]
    told = {COMPOSE[name]["environment"]["TRUSTED_PROXY_COUNT"] for name in OURS}
    assert told == {"1"}, "whom the one proxy names is who asks (T32)"


def test_nothing_of_the_portal_is_open_but_the_proxy() -> None:
    assert {name for name, service in COMPOSE.items() if "ports" in service} == {"caddy"}
