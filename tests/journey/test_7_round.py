"""The portfolio is approved in the browser: four directors answer, two are silent, and what came of it is frozen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from digivesteralen.servers import addresses
from governance.models import Adoption, Meeting, Resolution
from portfolio.models import PortfolioItem, PortfolioVersion, ProjectOpinion
from tests.journey.actors import nb, plain, text_of
from tests.journey.conftest import House

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journey")]

ANSWER = {
    "Sortland": "kari.blafjellmo@sortland",
    "Andøy": "solveig.tindeskar@andoy",
    "Hadsel": "ingunn.skjargren@hadsel",
    "Øksnes": "magnhild.havdonning@oksnes",
}
SILENT = {"Bø", "Lødingen"}
REMARK = "Øksnes vil se gevinstene halvveis."


def test_the_secretariat_sends_the_portfolio_for_written_treatment(house: House) -> None:
    ragnhild = house.actor("ragnhild.fjelltunet@hadsel")
    house.actor("kari.blafjellmo@sortland").is_refused("/vesteralen/portefolje/versjoner/ny/", 403)
    waiting = PortfolioVersion.objects.laid().filter(collaboration__slug="vesteralen").first()
    if waiting:
        ragnhild.go(waiting.case.get_absolute_url())
        ragnhild.press(nb("Withdraw the case"))
        ragnhild.press(nb("Withdraw the case"))
    ragnhild.go("/vesteralen/portefolje/versjoner/ny/")
    tomorrow = timezone.localdate() + timedelta(days=3)
    ragnhild.send({"way": "written", "day": f"{tomorrow:%d.%m.%Y}", "clock": "15.00"})
    version = PortfolioVersion.objects.latest("number")
    assert version.state == PortfolioVersion.State.LAID
    assert version.items.count() >= 2
    house.story["round"] = version.get_absolute_url()


def test_four_directors_answer_for_each_project_and_for_the_whole(house: House) -> None:
    version = PortfolioVersion.objects.latest("number")
    decided = _decisions()
    here = house.story["round"]
    house.actor("even.myrskogen@andoy").is_refused(f"{here}syn/", 403)
    house.actor("signe.gaulamoen@holtalen").is_refused(f"{here}syn/", 404)
    for name, who in ANSWER.items():
        director = house.actor(who)
        director.go(f"{here}syn/")
        stance = (
            {"stance_whole": "with_remark", "text_whole": REMARK} if name == "Øksnes" else {"stance_whole": "supports"}
        )
        of_each = {f"stance_{item.pk}": "supports" for item in version.items.all()}
        director.send({**of_each, **stance})
    given = ProjectOpinion.objects.filter(version=version)
    assert set(given.values_list("organisation__name", flat=True)) == set(ANSWER)
    assert given.count() == len(ANSWER) * version.items.count()
    assert _decisions() == decided, "a view in the steering group is no decision of the municipality"


def test_silence_stays_silence(house: House) -> None:
    ragnhild = house.actor("ragnhild.fjelltunet@hadsel")
    ragnhild.go(f"{house.story['round']}svar/")
    ragnhild.sees(*ANSWER, *SILENT, "ikke svart")


def test_after_the_deadline_nobody_answers_and_the_rules_of_the_body_decide(house: House) -> None:
    version = PortfolioVersion.objects.latest("number")
    meeting = Meeting.objects.get(items__case=version.case)
    _the_deadline_passes(meeting)
    harald = house.actor("harald.vagestrand@bo")
    harald.go(f"{house.story['round']}syn/")
    token = next(one["value"] for one in harald.page.context.cookies() if one["name"] == "csrftoken")
    late = {f"stance_{item.pk}": "supports" for item in version.items.all()}
    answer = harald.page.context.request.post(
        f"{harald.address}{house.story['round']}syn/",
        headers={"X-CSRFToken": token, "Referer": harald.address},
        form=late,
    )
    assert answer.status == 409
    ragnhild = house.actor("ragnhild.fjelltunet@hadsel")
    house.actor("kari.blafjellmo@sortland").is_refused(f"{meeting.get_absolute_url()}lukk/", 403)
    ragnhild.go(f"{meeting.get_absolute_url()}lukk/")
    ragnhild.page.locator("main form button[type=submit]").last.scroll_into_view_if_needed()
    ragnhild.follow(ragnhild.page.locator("main form button[type=submit]").last)
    resolution = Resolution.objects.get(item__case=version.case)
    assert resolution.is_adopted
    version.refresh_from_db()
    assert version.state == PortfolioVersion.State.APPROVED


def test_the_frozen_portfolio_is_a_document_that_tells_who_was_silent(house: House) -> None:
    ragnhild = house.actor("ragnhild.fjelltunet@hadsel")
    version = PortfolioVersion.objects.latest("number")
    ragnhild.go(house.story["round"])
    told = text_of(ragnhild.document(str(version.number)))
    for item in version.items.all():
        assert item.frozen
        assert plain(item.frozen["title"]) in told
    for name in (*ANSWER, *SILENT):
        assert name in told
    assert "ikke svart" in told.lower()
    with pytest.raises(IntegrityError), transaction.atomic():
        PortfolioItem.objects.filter(version=version).update(position=99)


def _decisions() -> list[tuple[int, str, int]]:
    return sorted(Adoption.objects.values_list("pk", "state", "version"))


def _the_deadline_passes(meeting: Meeting) -> None:
    """Nobody can wait for it: the moment of the row is moved, as the owner of the database."""
    connection = connections.create_connection("default")
    name = connections["default"].settings_dict["NAME"]
    connection.settings_dict = {**connection.settings_dict, **addresses.database("owner"), "NAME": name}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE governance_meeting SET answer_by = %s, starts_at = %s WHERE id = %s",
            [timezone.now() - timedelta(minutes=1), timezone.now() - timedelta(days=4), meeting.pk],
        )
    connection.close()
