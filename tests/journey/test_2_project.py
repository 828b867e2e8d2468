"""3a: a project in a focus area, six municipalities invited, the shares shown twice and exact to the øre."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import timezone

from governance.models import Organisation, Population
from portfolio.models import FocusArea, Participation, Project
from tests.journey.actors import Actor, nb, plain
from tests.journey.conftest import House

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journey")]

TITLE = "Felles sikkerhetssenter"
COST, GRANT = Decimal("1000000.01"), Decimal("250000.00")
TO_SHARE = COST - GRANT
HOURS = 600
COUNTED_ON = date(2024, 1, 1)


def test_the_secretariat_registers_the_project_and_invites_six(house: House) -> None:
    ragnhild = house.actor("ragnhild.fjelltunet@hadsel")
    house.actor("kari.blafjellmo@sortland").is_refused("/vesteralen/prosjekter/ny/", 403)
    house.actor("signe.gaulamoen@holtalen").is_refused("/vesteralen/prosjekter/ny/", 404)
    ragnhild.go("/vesteralen/portefolje/")
    ragnhild.press(nb("New project"))
    year = timezone.localdate().year
    area = FocusArea.objects.get(collaboration__slug="vesteralen", slug="it-infrastruktur")
    ragnhild.send(
        {
            "title": TITLE,
            "focus_area": str(area.pk),
            "goal": "Hendelser oppdages samme dag, også om natten.",
            "starts": f"januar {year + 1}",
            "ends": f"desember {year + 2}",
            "shared_cost": "1 000 000,01",
            "grant_share": "250000",
            "key": "equal",
            "hours": str(HOURS),
        }
    )
    project = Project.objects.get(title=TITLE)
    assert (project.shared_cost, project.grant_share, project.to_share) == (COST, GRANT, TO_SHARE)
    house.story["project"] = project.get_absolute_url()
    ragnhild.press(nb("Invite municipalities"))
    ragnhild.send({"answer_by": f"{timezone.localdate() + timedelta(days=30):%d.%m.%Y}"})
    assert project.participations.count() == 6
    ragnhild.sees(nb("If all invited join"), nb("With those who have said yes"))


def test_equal_shares_add_up_to_the_ore(house: House) -> None:
    shown = _shares(house.actor("ragnhild.fjelltunet@hadsel"), house.story["project"])
    exact = Fraction(TO_SHARE) / 6
    assert sum(shown.values()) == TO_SHARE
    assert all(abs(Fraction(share) - exact) < Fraction(1, 100) for share in shown.values())
    assert len(set(shown.values())) == 2, "750 000,01 kr cannot be six equal shares"


def test_shares_by_population_add_up_to_the_ore(house: House) -> None:
    ragnhild = house.actor("ragnhild.fjelltunet@hadsel")
    house.actor("even.myrskogen@andoy").is_refused(f"{house.story['project']}fordeling/", 403)
    ragnhild.go(house.story["project"])
    ragnhild.press(nb("How the cost is shared"))
    # A look first, which saves nothing.
    ragnhild.send({"key": "population", "counted_on": f"{COUNTED_ON:%d.%m.%Y}"})
    assert Project.objects.get(title=TITLE).key == Project.Key.EQUAL
    ragnhild.press(nb("Save"))
    shown = _shares(ragnhild, house.story["project"])
    people = {name: _people(name) for name in shown}
    for name, share in shown.items():
        assert abs(Fraction(share) - Fraction(TO_SHARE) * people[name] / sum(people.values())) < Fraction(1, 100), name
    assert sum(shown.values()) == TO_SHARE


def test_nobody_has_said_yes_yet_and_the_others_may_only_look(house: House) -> None:
    kari = house.actor("kari.blafjellmo@sortland")
    kari.go(house.story["project"])
    kari.sees("ikke avklart")
    assert column(kari, 3) == dict.fromkeys(column(kari, 3))
    kari.is_refused(f"{house.story['project']}inviter/", 403)
    taking_part = Participation.objects.filter(project__title=TITLE).taking_part()
    assert not taking_part.exists()


def column(actor: Actor, number: int) -> dict[str, Decimal | None]:
    """One column of the table of shares: 2 is «hvis alle inviterte blir med», 3 «med dem som har sagt ja»."""
    rows = actor.page.locator("#andeler table").first.locator("tbody tr")
    found = {}
    for row in rows.all():
        cells = row.locator("th, td")
        found[cells.nth(0).inner_text().strip()] = kroner(cells.nth(number).inner_text())
    return found


def kroner(text: str) -> Decimal | None:
    """«125 000,01 kr» as a number; «–» is none."""
    amount = re.fullmatch(r"([\d ]+)(?:,(\d\d))? kr", plain(text))
    return Decimal(f"{amount[1].replace(' ', '')}.{amount[2] or '00'}") if amount else None


def _shares(actor: Actor, path: str) -> dict[str, Decimal]:
    actor.go(path)
    shown = {name: share for name, share in column(actor, 2).items() if share is not None}
    assert len(shown) == 6
    return shown


def _people(name: str) -> int:
    place = Organisation.objects.get(name=name, kind="municipality")
    newest = Population.objects.filter(organisation=place, on__lte=COUNTED_ON).order_by("-on").first()
    assert newest is not None
    return newest.people
