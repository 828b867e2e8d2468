"""3.0: the agreement; it is in force with two municipalities while four are «ikke avklart»."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pypdf import PdfWriter

from governance.models import Adoption, Agreement, AgreementSection, Organisation
from tests.journey.actors import nb, text_of
from tests.journey.conftest import House

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journey")]

TITLE = "Avtale om felles sikkerhetssenter"
SECTIONS = {
    "background": "Kommunene møter de samme truslene, og ingen har folk nok til å følge med alene.",
    "purpose": "Partene skal oppdage og håndtere hendelser sammen.",
    "value": "Hver kommune får vakt hele døgnet uten å ansette egne folk.",
    "roles": "Partene peker ut en kontakt hver. Sekretariatet samordner.",
    "organisation": "Styringsgruppen følger avtalen. IT-lederne møtes hver måned.",
    "financing": "Prosjekter betales bare av dem som deltar.",
    "period": "Avtalen gjelder i fire år og kan forlenges.",
    "changes": "Endringer krever at hver part gjør sitt eget vedtak.",
}


def test_the_secretariat_writes_and_sends_the_agreement(house: House) -> None:
    ragnhild = house.actor("ragnhild.fjelltunet@hadsel")
    house.actor("kari.blafjellmo@sortland").is_refused("/vesteralen/ny-avtale/", 403)
    house.actor("signe.gaulamoen@holtalen").is_refused("/vesteralen/ny-avtale/", 404)
    ragnhild.go("/vesteralen/avtaler/")
    ragnhild.press(nb("New agreement"))
    year = timezone.localdate().year
    ragnhild.send({"title": TITLE, "period_from": f"01.01.{year}", "period_to": f"31.12.{year + 3}"})
    assert set(SECTIONS) == set(AgreementSection.Kind.values)
    ragnhild.send({**SECTIONS})
    agreement = Agreement.objects.get(title=TITLE)
    here = house.story["agreement"] = agreement.get_absolute_url()
    assert agreement.parties.count() == 6
    for party in agreement.parties.select_related("organisation"):
        ragnhild.press(f"{nb('Write')} {party.organisation.name}", within="main table")
        ragnhild.send({"value": f"{party.organisation.name} får vakt hele døgnet for under et halvt årsverk."})
    ragnhild.sees(nb("%(n)s of %(all)s sections written", n=8, all=8), "Andøy får vakt hele døgnet")
    ragnhild.press(nb("Send to the municipalities"))
    ragnhild.send({"answer_by": f"{timezone.localdate() + timedelta(days=60):%d.%m.%Y}"})
    ragnhild.sees("0 av 6", "6 ikke avklart")
    assert ragnhild.path == here
    written = text_of(ragnhild.document(TITLE))
    for text in (*SECTIONS.values(), *(str(label) for label in _norwegian_labels())):
        assert text in written


def test_two_municipalities_accede_and_four_stay_undecided(house: House, tmp_path: Path) -> None:
    agreement = Agreement.objects.get(title=TITLE)
    sortland, oksnes, andoy = (_matter(agreement, name) for name in ("Sortland", "Øksnes", "Andøy"))
    ragnhild = house.actor("ragnhild.fjelltunet@hadsel")
    ragnhild.is_refused(f"{sortland}registrer/", 403)
    house.actor("even.myrskogen@andoy").is_refused(f"{andoy}registrer/", 403)
    house.actor("kari.blafjellmo@sortland").is_refused(f"{oksnes}pa-vegne/", 403)
    house.actor("signe.gaulamoen@holtalen").is_refused(f"{sortland}registrer/", 404)
    _kari_registers(house, agreement)
    _the_secretariat_registers_on_behalf(house, agreement, tmp_path)
    ragnhild.go(house.story["agreement"])
    ragnhild.sees("i kraft med 2 av 6; 4 ikke avklart")
    agreement = Agreement.objects.get(pk=agreement.pk)
    assert agreement.is_in_force()
    assert {answer.organisation.name for answer in agreement.acceded} == {"Sortland", "Øksnes"}
    assert len(agreement.undecided) == 4


def _kari_registers(house: House, agreement: Agreement) -> None:
    kari = house.actor("kari.blafjellmo@sortland")
    kari.go(house.story["agreement"])
    kari.page.locator("main table a[href*='/vedtak/']").filter(has_text="Sortland").click()
    kari.press(nb("Register the municipality's decision"))
    kari.send({"state": "adopted", "decided_by": "Kommunestyret", "decided_on": _today(), "case_number": "45/26"})
    kari.sees("Kommunestyret", "45/26")
    answer = agreement.adoptions.get(organisation__name="Sortland")
    assert (answer.state, answer.on_behalf, answer.amount) == (Adoption.State.ADOPTED, False, None)


def _the_secretariat_registers_on_behalf(house: House, agreement: Agreement, tmp_path: Path) -> None:
    """Refused without the extract; marked until the municipality itself has confirmed."""
    ragnhild, magnhild = house.actor("ragnhild.fjelltunet@hadsel"), house.actor("magnhild.havdonning@oksnes")
    matter = _matter(agreement, "Øksnes")
    ragnhild.go(matter)
    ragnhild.press(nb("Register on behalf of the municipality"))
    told = {"state": "adopted", "decided_by": "Kommunestyret", "decided_on": _today(), "case_number": "31/26"}
    ragnhild.send(told)
    ragnhild.sees(nb("Attach the extract when you register on behalf of a municipality."))
    assert agreement.adoptions.get(organisation__name="Øksnes").state == Adoption.State.OPEN
    ragnhild.send({"extract": extract(tmp_path)})
    ragnhild.sees(nb("On behalf, not confirmed"))
    magnhild.go("/")
    magnhild.go(matter)
    magnhild.press(nb("Confirm"))
    magnhild.press(nb("Confirm the registration"))
    magnhild.sees(nb("On behalf, confirmed"))
    answer = agreement.adoptions.get(organisation__name="Øksnes")
    assert answer.on_behalf and answer.confirmed_at and answer.extract


def extract(folder: Path) -> Path:
    """A page such as a municipality sends by e-mail."""
    file = folder / "særutskrift.pdf"
    page = PdfWriter()
    page.add_blank_page(595, 842)
    page.write(file)
    return file


def _matter(agreement: Agreement, name: str) -> str:
    place = Organisation.objects.get(name=name, kind="municipality")
    return str(agreement.adoptions.get(organisation=place).get_absolute_url())


def _today() -> str:
    return f"{timezone.localdate():%d.%m.%Y}"


def _norwegian_labels() -> list[str]:
    return [nb(str(AgreementSection.Kind(kind).label)) for kind in AgreementSection.Kind.values]
