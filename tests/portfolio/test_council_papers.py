"""«Saksframlegg»: what a municipality takes home to its own council, as Word and as PDF, in its own language form."""

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pypdf
import pytest
from django.conf import settings
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override, trans_real

from digivesteralen.accounts.models import User
from digivesteralen.documents import files, jobs
from digivesteralen.documents.access import may_see
from digivesteralen.documents.models import Job
from digivesteralen.ui import wording
from governance.actions import agreements, cases
from governance.actions.adoptions import open_adoption, schedule
from governance.models import (
    Adoption,
    AgreementSection,
    Body,
    Collaboration,
    Duty,
    Membership,
    Organisation,
    Resolution,
)
from portfolio import council_paper
from portfolio.actions import costs, participation, projects
from portfolio.actions.cases import attach_case
from portfolio.models import Participation, Project, ProjectCase, Status
from surveys.actions.inventory import inventory_of
from surveys.models import Area, ImportJob, ServiceArea, Supplier, SystemUse
from surveys.models.catalogue import Product
from tests.people import municipality
from tests.portfolio.council_paper_helpers import printed, said, word

Parts = dict[str, Participation]
MARK = "¤"


def kroner(amount: Any) -> str:
    return re.sub(r"\s+", " ", wording.money(Decimal(amount)))


@pytest.fixture
def archive_area(db: None) -> Area:
    group = ServiceArea.objects.create(name="Administrasjon")
    return Area.objects.create(service_area=group, name="Sak/arkiv", key="sak arkiv")


def uses(area: Area, place: Organisation, name: str, **more: Any) -> SystemUse:
    product, _new = Product.objects.get_or_create(name=name, key=name.lower())
    supplier, _new = Supplier.objects.get_or_create(name=f"{name} Leveranse", key=f"{name} leveranse".lower())
    told = {"end_unknown": True, **more}
    return SystemUse.objects.create(
        inventory=inventory_of(place), area=area, product=product, supplier=supplier, **told
    )


# --- the parts -----------------------------------------------------------------------------------------


def test_the_paper_has_the_parts_of_a_case_paper_and_the_own_share(invited: Parts) -> None:
    for told in (said(invited["Bø"].adoption), printed(invited["Bø"].adoption)):
        for part in ("Saksopplysninger", "Vurdering", "Økonomiske konsekvenser", "Forslag til vedtak", "Vedlegg"):
            assert part in told
        assert "Deltakelse i Felles skjema" in told
        assert "100 000 kr" in told
        assert "Bø deltar i Felles skjema." in told
        assert "Det fattes ikke vedtak på vegne av kommunen." in told


def test_the_paper_tells_who_the_collaboration_is(digi: Collaboration, sortland: Organisation, invited: Parts) -> None:
    Duty.objects.create(collaboration=digi, kind="grant", organisation=sortland, since=date(2021, 1, 1))
    told = said(invited["Bø"].adoption)

    assert "Avtalebasert samarbeid – ikke egen juridisk enhet" in told
    assert "Andøy, Bø, Hadsel, Lødingen, Sortland, Øksnes" in told
    assert "Sortland | mottar tilskudd" in told


def test_a_director_of_a_nynorsk_municipality_gets_nynorsk(nynorsk: Organisation, invited: Parts) -> None:
    for told in (said(invited["Sortland"].adoption), printed(invited["Sortland"].adoption)):
        for part in ("Saksopplysningar", "Økonomiske konsekvensar", "Framlegg til vedtak", "Deltaking i Felles skjema"):
            assert part in told
        assert "Sortland deltek i Felles skjema." in told
        assert "Kommunen dekkjer sin del av kostnaden med inntil 100 000 kr." in told
        assert "ikkje behandla" in told
        assert "ikke" not in told.replace("Styringsgruppen", "")


def test_a_neighbour_and_a_neutral_municipality_get_bokmaal(nynorsk: Organisation, invited: Parts) -> None:
    told = said(invited["Bø"].adoption)

    assert "Bø deltar i Felles skjema." in told
    assert "ikke behandlet" in told
    assert "ikkje" not in told


def test_a_nynorsk_municipality_decides_the_very_words_it_was_proposed(
    nynorsk: Organisation, invited: Parts, decides: Callable[..., Participation]
) -> None:
    """What is stored as the proposal is in its own form, so «identical to the proposal» can be true."""
    proposal = Adoption.objects.get(pk=invited["Sortland"].adoption_id).proposal

    assert proposal.startswith("Sortland deltek i")
    assert decides(invited["Sortland"], 100_000, text=proposal).adoption.as_proposed


def test_a_municipality_that_turned_to_nynorsk_gets_its_points_in_nynorsk_at_once(
    invited: Parts, sortland: Organisation
) -> None:
    sortland.language_form = "nn"
    sortland.save()
    adoption = Adoption.objects.select_related("organisation", "collaboration").get(pk=invited["Sortland"].adoption_id)

    assert adoption.proposal.startswith("Sortland deltar i")
    assert "Sortland deltek i Felles skjema." in said(adoption)


def test_words_that_people_wrote_stay_as_they_were_written(
    nynorsk: Organisation, digi: Collaboration, secretary: User
) -> None:
    adoption = open_adoption(
        collaboration=digi, organisation=nynorsk, matter="Ny vaktordning", proposal="Sortland slutter seg ikke til.",
        by=secretary,
    )  # fmt: skip
    told = said(adoption)

    assert "Ny vaktordning" in told
    assert "Sortland slutter seg ikke til." in told
    assert "Framlegg til vedtak" in told


class Lacking:
    """Stands where bokmål would step in for a text that nynorsk lacks, and marks it."""

    def gettext(self, message: str) -> str:
        return f"{MARK}{message}"

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)

    def ngettext(self, one: str, many: str, number: int) -> str:
        return self.gettext(one)


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trans_real.translation("nn"), "_fallback", Lacking())


@pytest.mark.parametrize("key", [key for key in Project.Key if key != Project.Key.MANUAL])
def test_no_sentence_of_a_nynorsk_paper_falls_back_on_bokmaal(
    key: str, nynorsk: Organisation, invited: Parts, project: Project, secretary: User, lacking: None,
    decides: Callable[..., Participation], archive_area: Area, steering: Body, held: Callable[..., Any],
) -> None:  # fmt: skip
    case = cases.make_case(
        body=steering, title="Skjema", consequences="Ingen.", proposal="Bli med.", ready=True, by=secretary
    )
    attach_case(project=project, case=case, purpose=ProjectCase.Purpose.PARTICIPATION, by=secretary)
    held(case)
    decides(invited["Bø"], 1)
    decides(invited["Sortland"], 1)
    Project.objects.filter(pk=project.pk).update(
        key=key, counted_on=date(2024, 1, 1), equal_percent=30, fixed_amount=1000, rate=10, use_unit="brukere",
        starts_on=date(2026, 10, 1), starts_precision="season",
    )  # fmt: skip
    project.participations.update(use=10)
    project.areas.add(archive_area)
    uses(archive_area, nynorsk, "Arkivet")
    adoption = Adoption.objects.get(pk=invited["Sortland"].adoption_id)

    assert MARK not in said(adoption)
    assert MARK not in printed(adoption)


def test_every_state_and_duty_a_paper_may_show_is_there_in_nynorsk(lacking: None) -> None:
    shown: list[type[models.TextChoices]] = [
        Adoption.State, Collaboration.LegalForm, Duty.Kind, Resolution.Outcome, SystemUse.Answer,
        AgreementSection.Kind,
    ]  # fmt: skip
    labels: list[Any] = [choice.label for choices in shown for choice in choices if choice != SystemUse.Answer.SYSTEM]
    labels += [Status.NOTICE.label, Status.LEFT.label]
    with override("nn"):
        assert [str(label) for label in labels if MARK in str(label)] == []


def test_nynorsk_is_no_language_of_the_pages() -> None:
    assert [code for code, _name in settings.LANGUAGES] == ["nb", "en"]


# --- the figures ---------------------------------------------------------------------------------------


def test_the_shares_are_those_of_the_projects_page_to_the_oere(
    client: Client, director: User, project: Project, invited: Parts, secretary: User,
    decides: Callable[..., Participation],
) -> None:  # fmt: skip
    projects.change_project(project=project, version=None, shared_cost=Decimal("100.01"), by=secretary)
    costs.share_cost(
        project=project, version=None, key=Project.Key.POPULATION, counted_on=date(2024, 1, 1), by=secretary
    )
    decides(invited["Sortland"], 100)
    decides(invited["Bø"], 100)
    client.force_login(director)
    page = client.get(project.get_absolute_url()).content.decode()
    shown = re.findall(r"\d+,\d\d(?:&nbsp;|\s)kr", re.sub(r"<[^>]+>", " ", page))
    told = said(invited["Sortland"].adoption)

    for name in ("Sortland", "Bø", "Hadsel"):
        share = project.participations.get(organisation__name=name).share
        for amount in filter(None, [share.if_all, share.so_far]):
            assert kroner(amount) in told
            assert kroner(amount) in [re.sub(r"&nbsp;|\s+", " ", one) for one in shown]


def test_the_key_is_explained_with_its_day_and_its_figures(project: Project, invited: Parts, secretary: User) -> None:
    costs.share_cost(
        project=project, version=None, key=Project.Key.POPULATION, counted_on=date(2024, 1, 1), by=secretary
    )

    assert (
        "Kostnaden fordeles etter folketall per 1. januar 2024: Bø har 2 576 av de 32 162 innbyggerne "
        "i kommunene som kan bli med."
    ) in said(invited["Bø"].adoption)


def test_a_municipality_without_population_reads_why_there_are_no_figures(
    project: Project, invited: Parts, secretary: User, bo: Organisation
) -> None:
    Project.objects.filter(pk=project.pk).update(key="population", counted_on=date(2024, 1, 1))
    bo.populations.all().delete()
    told = said(Adoption.objects.get(pk=invited["Bø"].adoption_id))

    assert "Andelene kan ikke regnes ut: Folketallet per 1. januar 2024 er ikke registrert for Bø." in told
    assert "Kommunens del" not in told


def test_the_paper_says_who_carries_the_last_oere(project: Project, invited: Parts, secretary: User) -> None:
    projects.change_project(project=project, version=None, shared_cost=Decimal("100.00"), by=secretary)

    assert "Ett øre mer enn nedrundet: Andøy, Bø, Hadsel, Lødingen." in said(invited["Bø"].adoption)


def test_many_who_carry_the_last_oere_are_counted(digi: Collaboration, secretary: User) -> None:
    places = [municipality(f"{5000 + number}", f"Sted {number:02}", 1000) for number in range(20)]
    for place in places:
        Membership.objects.create(collaboration=digi, organisation=place, since=date(2021, 1, 1))
    made = projects.register_project(
        collaboration=digi, title="Felles drift", shared_cost=Decimal("100.12"), by=secretary
    )
    parts = participation.invite(project=made, organisations=places, by=secretary)

    assert "12 kommuner bærer ett øre mer enn nedrundet, også Sted 00." in said(parts[0].adoption)
    assert "12 kommuner bærer ett øre mer enn nedrundet, men ikke Sted 19." in said(parts[-1].adoption)


def test_a_municipality_reads_what_it_costs_if_only_those_who_have_said_yes_go_on(
    invited: Parts, decides: Callable[..., Participation]
) -> None:
    decides(invited["Hadsel"], 600_000)

    assert ("Hvis bare de som har sagt ja, går videre sammen med Bø, blir andelen 300 000 kr.") in said(
        invited["Bø"].adoption
    )


def test_a_share_that_must_be_settled_anew_is_proposed_as_it_has_become(
    invited: Parts, decides: Callable[..., Participation]
) -> None:
    decides(invited["Bø"], 100_000)
    told = said(Adoption.objects.get(pk=invited["Bø"].adoption_id))

    assert "Kommunens tidligere vedtak dekker 100 000 kr. Resten må avklares på nytt." in told
    assert "Kommunen dekker sin andel av kostnaden med inntil 600 000 kr." in told


def test_the_years_of_a_project_stand_one_by_one(project: Project, invited: Parts) -> None:
    project.years.create(year=2027, cost=Decimal(400_000))
    project.years.create(year=2028, cost=Decimal(200_000))
    told = said(invited["Bø"].adoption)

    assert f"2027 | {kroner('66666.67')}" in told
    assert f"2028 | {kroner('33333.34')}" in told
    assert "Andel av kostnaden i alt | 100 000,01 kr" in told


def test_every_invited_municipality_stands_with_its_own_decision(
    invited: Parts, decides: Callable[..., Participation], directors: dict[str, User]
) -> None:
    decides(invited["Hadsel"], 100_000, "reserved", conditions="Drift avklares.")
    decides(invited["Øksnes"], None, "not_adopted")
    schedule(adoption=invited["Andøy"].adoption, scheduled_on=date(2030, 5, 2), by=directors["Andøy"])
    told = said(invited["Bø"].adoption)
    today = wording.day(timezone.localdate())

    assert f"Hadsel | vedtatt med forbehold {today}, sak 12/26" in told
    assert f"Øksnes | ikke vedtatt {today}, sak 12/26" in told
    assert "Andøy | til behandling 2. mai 2030" in told
    assert "Lødingen | ikke behandlet" in told
    assert told.count("| Bø | ikke behandlet |") == 1


# --- the systems ---------------------------------------------------------------------------------------


def test_the_own_systems_in_the_areas_stand_there_and_no_price_and_nobody_elses(
    project: Project, invited: Parts, archive_area: Area, bo: Organisation, hadsel: Organisation, secretary: User
) -> None:
    other = Area.objects.create(service_area=archive_area.service_area, name="Lønn", key="lønn")
    uses(archive_area, bo, "Boarkiv", annual_cost=Decimal(123_456), remark="Svak innlogging")
    uses(other, bo, "Bolønn")
    uses(archive_area, hadsel, "Hadselarkiv")
    third = Area.objects.create(service_area=archive_area.service_area, name="Møte", key="møte")
    projects.change_project(project=project, version=None, areas=[archive_area, third], by=secretary)
    told = said(invited["Bø"].adoption)

    assert "Sak/arkiv | Boarkiv | Boarkiv Leveranse | Vet ikke" in told
    assert "Bø har ikke registrert systemer på disse fagområdene prosjektet gjelder: Møte." in told
    for absent in ("Bolønn", "Hadselarkiv", "123 456", "Svak innlogging"):
        assert absent not in told


def test_what_the_municipality_has_not_confirmed_is_no_system_of_its_own(
    project: Project, invited: Parts, archive_area: Area, bo: Organisation, secretary: User, digi: Collaboration
) -> None:
    use = uses(archive_area, bo, "Opplastet")
    upload = ImportJob.objects.create(collaboration=digi, kind="inventory", fingerprint="0" * 64, asked_by=secretary)
    SystemUse.objects.filter(pk=use.pk).update(awaits=upload)
    project.areas.add(archive_area)
    told = said(invited["Bø"].adoption)

    assert "Opplastet" not in told
    assert "Bø har ikke registrert systemer på disse fagområdene prosjektet gjelder: Sak/arkiv." in told


def test_a_project_of_no_area_says_so(invited: Parts) -> None:
    assert "Prosjektet er ikke knyttet til noe fagområde" in said(invited["Bø"].adoption)


def test_the_secretary_says_which_areas_a_project_concerns(
    client: Client, secretary: User, project: Project, archive_area: Area
) -> None:
    client.force_login(secretary)
    address = reverse("change_project", args=["vesteralen", project.slug])
    client.post(
        address,
        {"title": project.title, "key": "equal", "kind": "project", "areas": [archive_area.pk], "version": 1},
    )

    assert list(project.areas.all()) == [archive_area]
    page = client.get(address).content.decode()
    assert re.search(rf'name="areas" value="{archive_area.pk}"[^>]*checked', page)


# --- the case, the agreement, and what is exempt ---------------------------------------------------------


def test_the_recommendation_stands_with_day_number_and_outcome(
    project: Project, invited: Parts, steering: Body, secretary: User, held: Callable[..., Any]
) -> None:
    case = cases.make_case(
        body=steering, title="Felles skjema til kommunene", proposal="Kommunene anbefales å bli med.",
        assessment="Det haster.", asks_municipalities=True, ready=True, by=secretary,
    )  # fmt: skip
    attach_case(project=project, case=case, purpose=ProjectCase.Purpose.PARTICIPATION, by=secretary)
    held(case, Resolution.Outcome.RECOMMENDED)
    case.refresh_from_db()
    told = said(Adoption.objects.get(pk=invited["Bø"].adoption_id))

    assert (
        f"Styringsgruppen behandlet saken {wording.day(timezone.localdate())} som sak {case.number}. "
        "Utfall: anbefalt – sendt kommunene til behandling."
    ) in told
    assert "Kommunene anbefales å bli med." in told
    assert "Det haster." in told
    assert f"Sak {case.number} i styringsgruppen: Felles skjema til kommunene" in told


def test_a_case_that_is_not_decided_yet_has_no_recommendation(
    project: Project, invited: Parts, steering: Body, secretary: User, held: Any
) -> None:
    case = cases.make_case(body=steering, title="Skjema", proposal="Bli med.", ready=True, by=secretary)
    attach_case(project=project, case=case, purpose=ProjectCase.Purpose.PARTICIPATION, by=secretary)
    held(case, end=False)

    assert "behandlet saken" not in said(Adoption.objects.get(pk=invited["Bø"].adoption_id))


def test_a_paper_for_a_case_without_a_project(
    digi: Collaboration, steering: Body, bo: Organisation, hadsel: Organisation, secretary: User
) -> None:
    case = cases.make_case(
        body=steering, title="Ny avtale", information="Om avtalen.", consequences="Ingen.", proposal="Bli med.",
        by=secretary,
    )  # fmt: skip
    for place in (bo, hadsel):
        adoption = open_adoption(
            collaboration=digi, organisation=place, matter="Ny avtale", proposal=f"{place} blir med.", case=case,
            by=secretary,
        )  # fmt: skip
    told = said(adoption)

    for text in ("Om avtalen.", "Ingen.", "Hadsel blir med.", "Bø | ikke behandlet"):
        assert text in told
    assert "Bø blir med." not in told


def test_a_municipality_that_leaves_has_a_paper_for_that_in_its_own_form(
    nynorsk: Organisation, invited: Parts, director: User, decides: Callable[..., Participation]
) -> None:
    decides(invited["Sortland"], 100_000)
    day = timezone.localdate()
    left = participation.give_notice(
        participation=invited["Sortland"], leaves_on=day + timedelta(days=90), state="adopted",
        decided_by="kommunestyret", decided_on=day, case_number="40/26", by=director,
    )  # fmt: skip
    assert left.withdrawal is not None
    told = said(Adoption.objects.get(pk=left.withdrawal_id))

    assert "Utmelding av Felles skjema" in told
    assert "Saka gjeld «Felles skjema»" in told
    assert "Kommunen sin del" not in told


@pytest.fixture
def acceded(digi: Collaboration, nynorsk: Organisation, secretary: User) -> Adoption:
    agreement = agreements.create_agreement(
        collaboration=digi, title="Samarbeidsavtale", period_from=date(2026, 1, 1), period_to=date(2029, 12, 31),
        by=secretary,
    )  # fmt: skip
    sections = dict.fromkeys(AgreementSection.Kind.values, "Skrevet.") | {
        "purpose": "Å stå sammen.", "changes": "Seks måneders varsel om utmelding."
    }  # fmt: skip
    period = {"period_from": agreement.period_from, "period_to": agreement.period_to}
    agreements.write_agreement(agreement=agreement, sections=sections, **period, by=secretary)
    for place in digi.members():
        agreements.write_value(agreement=agreement, organisation=place, value=f"Verdi i {place}.", by=secretary)
    agreements.send_agreement(agreement=agreement, by=secretary)
    return Adoption.objects.get(agreement=agreement, organisation=nynorsk)


def test_a_paper_for_an_agreement_tells_its_days_and_how_one_leaves(acceded: Adoption, lacking: None) -> None:
    told = said(acceded)

    assert "Saka gjeld avtalen «Samarbeidsavtale» i DigiVesterålen." in told
    assert "Gjeld til og med | 31. desember 2029" in told
    assert "Seks måneders varsel om utmelding." in told
    assert "Å stå sammen." in told
    assert "Verdi i Sortland." in told
    assert "Verdi i Bø." not in told
    assert "Ikkje i kraft: 0 av 6 har slutta seg til; 6 ikkje avklart" in told
    assert "Avtalen «Samarbeidsavtale»" in told
    assert "Sortland sluttar seg til «Samarbeidsavtale»." in told
    assert "Bø | ikkje behandla" in told
    assert MARK not in told


@pytest.fixture
def secret(digi: Collaboration, steering: Body, bo: Organisation, secretary: User) -> Adoption:
    case = cases.make_case(
        body=steering, title="Hemmelig leverandør", information="Pris 12", assessment="Dyr", consequences="Mye penger",
        proposal="Kjøp", exempt=True, legal_ground="offentleglova § 23", by=secretary,
    )  # fmt: skip
    return open_adoption(
        collaboration=digi, organisation=bo, matter="Hemmelig leverandør", proposal="Bø kjøper.", case=case,
        by=secretary,
    )  # fmt: skip


def test_an_exempt_case_tells_nothing_in_the_paper(secret: Adoption) -> None:
    made = council_paper.pdf_file(secret)
    for told in (said(secret), printed(secret), made.file_name, made.title, str(made.made_from)):
        for absent in ("Hemmelig", "hemmelig", "Pris 12", "Dyr", "Mye penger", "Kjøp", "kjøper"):
            assert absent not in told
    assert "Sak unntatt offentlighet" in said(secret)
    assert "offentleglova § 23" in said(secret)


def test_a_pdf_of_an_exempt_matter_is_for_the_municipality_alone(
    client: Client, secret: Adoption, directors: dict[str, User], secretary: User
) -> None:
    address = reverse("council_paper_pdf", args=["vesteralen", secret.pk])
    client.force_login(directors["Bø"])
    assert client.post(address).status_code == 302
    job = jobs.run(Job.objects.get(kind=council_paper.EXEMPT).pk)
    assert job.document is not None, job.error
    assert may_see(directors["Bø"], job.document)
    assert not may_see(directors["Hadsel"], job.document)
    assert not may_see(secretary, job.document)
    client.force_login(secretary)
    assert client.post(address).status_code == 403
    client.force_login(directors["Hadsel"])
    assert client.post(address).status_code == 404


def test_a_case_that_becomes_exempt_takes_the_papers_with_it(
    invited: Parts, project: Project, steering: Body, secretary: User, directors: dict[str, User]
) -> None:
    case = cases.make_case(body=steering, title="Skjema", information="Pris 12", ready=True, by=secretary)
    Adoption.objects.filter(pk=invited["Bø"].adoption_id).update(case=case)
    job = jobs.ask(council_paper.OPEN, invited["Bø"].adoption_id, by=directors["Bø"])
    document = jobs.run(job.pk).document
    assert document is not None
    assert "Pris 12" in " ".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(files.content(document))).pages
    )
    assert may_see(directors["Hadsel"], document)
    case.exempt, case.legal_ground = True, "offentleglova § 23"
    case.save()
    assert not may_see(directors["Hadsel"], document)
    assert not may_see(directors["Bø"], document)


def test_made_up_things_say_so_in_the_text_and_at_every_foot(invited: Parts, project: Project) -> None:
    assert "Eksempel" not in said(invited["Bø"].adoption)
    Project.objects.filter(pk=project.pk).update(example=True)
    adoption = Adoption.objects.get(pk=invited["Bø"].adoption_id)
    document = word(adoption)
    pages = pypdf.PdfReader(io.BytesIO(council_paper.pdf_file(adoption).content)).pages

    assert "Eksempel: Noe i dette saksframlegget er oppdiktet" in said(adoption)
    assert document.sections[0].footer.paragraphs[0].text.startswith("Eksempel\t")
    assert all("Eksempel" in page.extract_text() for page in pages)
