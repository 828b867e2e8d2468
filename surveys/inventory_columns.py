"""What a column of an inventory sheet can be, by the words that people write above it (surveys.md 5.4 and 5.5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from surveys.import_kinds import Column, plain
from surveys.models import ImportJob

# Where a sheet lists contracts instead of systems: the Danish municipalities' template.
CONTRACT_LIST = plain("IT Kontrakt Navn (påkrævet)")


def _column(name: str, label: Any, *synonyms: str, required: bool = False) -> Column:
    return Column(name, label, synonyms, required=required)


COLUMNS = (
    _column("municipality", _("Municipality"), "kommune", "kommunenummer", "kommunenr", "komm.nr", "kommunenavn",
            "kommunenamn", "municipality number", "organisasjon", "it-samarbeid"),
    _column("service_area", _("Service area"), "tjenesteområde", "tjeneste", "tenesteområde", "teneste", "sektor",
            "hovedområde", "serviceområde"),
    _column("area", _("Area"), "fagområde", "område", "funksjonsområde", "fagomraade", "forretningsområde",
            "behov", "formål", "fagområde/funksjon", "business area", required=True),
    _column("system", _("System"), "fagsystem", "systemnavn", "systemnamn", "produkt", "løsning", "løysing",
            "programvare", "navn på system", "navn", "namn", "product", "system name", "application", "applikasjon",
            "it kontrakt navn (påkrævet)", "it-system", "itsystem", required=True),
    _column("function", _("Function"), "funksjon", "brukes til", "blir brukt til", "anvendes til", "bruksområde",
            "purpose", "used for"),
    _column("supplier", _("Supplier"), "leverandør", "leverandørnavn", "leverandørnamn", "vendor", "leverandor",
            "firma", "leverandør/firma", "avtalepart"),
    _column("contract_end", _("Contract end"), "avtaleutløp", "avtale utløper", "avtaleslutt", "utløp", "utløpsdato",
            "kontraktsutløp", "kontrakt utløper", "sluttdato", "avtale til", "gyldig til", "gjelder til",
            "kontraktsslutt", "avtalens utløp", "avtalen går ut", "udløbsdato", "udløb", "contract expiry",
            "expiry", "end date", "utløp av avtale", required=True),
    _column("terminated", _("Contract terminated"), "kontrakten opsagt", "oppsagt", "avtalen er sagt opp",
            "sagt opp", "terminated"),
    _column("contract_type", _("Kind of contract"), "avtaletype", "kontraktstype", "kontrakttype", "type avtale",
            "aftaletype", "contract type", "ssa"),
    _column("concluded_on", _("Contract concluded"), "inngått", "avtale inngått", "avtaledato", "kontraktsdato",
            "inngått dato", "indgået", "inngådd", "signert", "avtale fra", "gyldig fra", "gjelder fra", "start date",
            "concluded"),
    _column("binding_until", _("Binding until"), "bundet til", "bindingstid", "bindingstid til", "binding til",
            "uopsigeligt til", "uoppsigelig til", "bunde til", "bindende til"),
    _column("notice_months", _("Notice in months"), "oppsigelsestid", "oppsigelse", "oppsigelsesfrist",
            "varslingsfrist", "varsel", "oppseiingstid", "opsigelsesvarsel", "opsigelse", "notice", "notice period",
            "oppsigelsestid (mnd)", "oppsigelsestid i måneder"),
    _column("notice_to", _("Notice runs to the end of"), "oppsigelse ved utgangen av", "oppsigelsen løper til",
            "oppsigelse til", "inden udgangen af"),
    _column("options", _("Options left"), "opsjon", "opsjoner", "opsjoner igjen", "gjenstående opsjoner", "option",
            "optioner", "forlengelse", "forlengelser", "opsjonar", "antall opsjoner"),
    _column("option_months", _("Months in each option"), "lengde på opsjon", "opsjonslengde", "måneder per opsjon",
            "varighet av opsjon", "optionslængde", "lengd på opsjon"),
    _column("renews_months", _("Renews itself by months"), "fornyes med", "fornyes automatisk", "automatisk fornyelse",
            "automatisk forlengelse", "blir fornya med", "auto renewal", "fornyes automatisk med"),
    _column("annual_cost", _("Cost per year"), "årlig kostnad", "kostnad per år", "kostnad pr år", "kostnad pr. år",
            "årskostnad", "pris", "kostnad", "årspris", "årlig pris", "pris per år", "årleg kostnad",
            "kostnad i året", "årlig lisenskostnad", "annual cost", "årlig udgift"),
    _column("shares_cost", _("The others may see the cost"), "deles kostnaden", "del kostnad", "kostnaden kan deles",
            "kostnad deles", "pris deles", "andre kan se kostnaden"),
    _column("release", _("Version in use"), "versjon", "version", "versjonsnummer", "versjon i bruk"),
    _column("hosting", _("Hosting"), "driftsmodell", "plassering", "sky/lokal", "hosting", "hvor driftes det",
            "skytjeneste", "driftsmiljø", "installasjon"),
    _column("operation", _("Operated by"), "driftes av", "drift", "driftsform", "driftsleverandør", "felles drift",
            "driftast av", "drift ved"),
    _column("operated_by", _("Name of the operator"), "navn på driftsansvarlig", "driftsansvarlig", "namn på driftar"),
    _column("owner", _("System owner"), "systemeier", "systemeigar", "eier", "eigar", "systemejer", "ejer",
            "department custodian"),
    _column("responsible", _("Responsible for the system"), "systemansvarlig", "systemansvarleg", "systemforvalter",
            "forvalter", "kontaktperson", "superbruker", "ansvarlig", "fagansvarlig", "system administrator"),
    _column("users", _("Number of users"), "antall brukere", "brukere", "tal på brukarar", "brukarar", "antal brugere",
            "lisenser", "antall lisenser", "number of licences"),
    _column("criticality", _("How critical"), "kritikalitet", "kritisk", "kritikalitetsnivå", "viktighet",
            "criticality", "kor kritisk", "hvor kritisk"),
    _column("availability", _("Must be available"), "tilgjengelighet", "krav til tilgjengelighet", "oppetid",
            "oppetidskrav", "tilgjenge", "availability"),
    _column("personal_data", _("Personal data"), "personopplysninger", "personopplysningar", "personoplysninger",
            "persondata", "behandler personopplysninger", "inneholder personopplysninger"),
    _column("dpia", _("Assessment of privacy (DPIA)"), "dpia", "personvernkonsekvensvurdering",
            "vurdering av personvernkonsekvenser", "konsekvensanalyse"),
    _column("processing_agreement", _("Data processing agreement"), "databehandleravtale", "dba", "databehandlaravtale",
            "databehandleraftale", "dpa"),
    _column("archive_duty", _("Archive duty"), "arkivplikt", "arkivpliktig", "arkiveringspligt", "arkivverdig"),
    _column("connected", _("Integrated with"), "integrert med", "integrasjoner", "integrasjon", "koblet til",
            "kopla til", "integrasjonar", "integrations"),
    _column("ready", _("Ready for"), "klar for", "klargjort for", "støtter", "klar til"),
    _column("introduced_on", _("Introduction begins"), "innføring begynner", "innføring fra", "innføres",
            "under innføring fra", "innføring startar"),
    _column("live_on", _("In use from"), "i bruk fra", "i drift fra", "tatt i bruk", "i bruk frå", "driftssatt",
            "produksjonssatt", "idriftsat", "ibrugtaget", "go live"),
    _column("phased_out_on", _("Phasing out begins"), "utfasing begynner", "utfasing fra", "fases ut", "fases ut fra",
            "avvikles fra", "utfasing"),
    _column("gone_on", _("Out of use from"), "ute av bruk fra", "ute av drift fra", "avviklet", "tatt ut av bruk",
            "ute av bruk frå"),
    _column("business_fit", _("Fits the service"), "dekker behovet", "funksjonell egnethet", "passer tjenesten",
            "brukstilfredshet", "business fit", "forretningsmessig egnethet", "tilfredshet"),
    _column("technical_fit", _("Technically sound"), "teknisk egnethet", "teknisk tilstand", "teknisk kvalitet",
            "technical fit"),
    _column("replacement_year", _("Planned replaced in"), "planlagt utskiftingsår", "utskiftingsår", "byttes i",
            "skal byttes", "planlagt utskifting år", "utskifting år"),
    _column("planned_replacement", _("Planned replacement"), "planlagt utskifting", "planlagt erstatning",
            "planlagt bytte", "erstattes av", "erstatta av", "erstatning"),
    _column("same_as", _("The same as"), "samme som", "same som", "lik"),
    _column("remark", _("Remark"), "merknad", "kommentar", "merknader", "kommentarer", "merknadar", "bemærkning",
            "bemærkninger", "beskrivelse", "notat", "anmerkning", "comment", "notes"),
    _column("example", _("Example"), "eksempel"),
)  # fmt: skip
LABELS = {column.name: column.label for column in COLUMNS}
AREA = next(column for column in COLUMNS if column.name == "area")


def columns(job: ImportJob) -> Sequence[Column]:
    """What a column can be; a file for no single municipality must name one, by row or by column."""
    if job.layout == ImportJob.Layout.WIDE:
        return [AREA, *(Column(f"municipality:{place.number}", place.name) for place in job.collaboration.members())]
    needed = {"municipality": job.municipality_id is None, "area": not lists_contracts(job)}
    return [replace(column, required=needed.get(column.name, column.required)) for column in COLUMNS]


def lists_contracts(job: ImportJob) -> bool:
    """Whether the sheet is the Danish list of contracts, where a known system tells the area."""
    return any(plain(column["header"]) == CONTRACT_LIST for column in job.columns)


def chosen(fields: dict[str, str]) -> dict[str, str]:
    """Fields by letter; a sheet whose only word for the area is «Funksjon» means the area by it."""
    if "area" in fields.values() or "function" not in fields.values():
        return fields
    return {letter: "area" if field == "function" else field for letter, field in fields.items()}


def field_of(header: str, taken: set[str]) -> str:
    """The field that a header most likely stands for and no other has yet, or ""."""
    return next((name for name in _meant().get(plain(header), ()) if name not in taken), "")


@cache
def _meant() -> dict[str, list[str]]:
    """The fields that each word above a column can mean; their labels in every language that the portal speaks."""
    found: dict[str, list[str]] = defaultdict(list)
    for column in COLUMNS:
        labels = {column.name, *column.synonyms}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                labels.add(str(column.label))
        for word in sorted({plain(said) for said in labels}):
            found[word].append(column.name)
    return dict(found)
