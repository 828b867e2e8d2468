"""Made-up content that shows every component. Nothing here is about a real collaboration."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import charts, forms, tables, wording


class ExampleForm(forms.DsForm):
    title = forms.forms.CharField(label=_("Title"), max_length=120, help_text=_("As it stands in the case."))
    kind = forms.RadioField(
        label=_("Answer"),
        choices=[("joins", _("Joins")), ("waits", _("Waits")), ("not", _("Does not join"))],
        hints={"joins": _("Costs and hours count from the decision."), "waits": _("Nothing is bound.")},
    )
    groups = forms.CheckboxesField(label=_("Who is told"), choices=[("a", _("Directors")), ("b", _("IT leaders"))])
    deadline = forms.DateField(label=_("Deadline"), required=False)
    clock = forms.TimeField(label=_("Time of day"), required=False)
    budget = forms.MoneyField(label=_("Budget (kr)"), min_value=0, required=False)
    reason = forms.TextField(label=_("Grounds"), limit=500)
    sheet = forms.FileField(label=_("Spreadsheet"), types=(".xlsx", ".csv"), max_mb=20, required=False)
    mail = forms.forms.BooleanField(label=_("Send e-mail when the deadline is near"), required=False)
    place = forms.forms.CharField(label=_("Place"), required=False)

    folded = [(_("More details"), ["place"])]


class ExampleFilter(forms.FilterForm):
    q = forms.forms.CharField(label=_("Search"))
    status = forms.forms.ChoiceField(
        label=_("Status"), choices=[("", _("All")), ("runs", _("runs")), ("done", _("done"))]
    )


class ExampleTable(tables.DsTable):
    name = tables.Column(verbose_name=_("Project"), linkify=lambda record: "#" + record["name"])
    status = tables.TagColumn(verbose_name=_("Status"), colors={"pågår": "accent", "avsluttet": "success"})
    budget = tables.MoneyColumn(verbose_name=_("Budget"))
    starts = tables.DateColumn(verbose_name=_("Starts"))

    class Meta:
        caption = _("Projects")
        row_header = "name"


PROJECTS = [
    {
        "name": f"Eksempelprosjekt {number}",
        "status": "avsluttet" if number % 3 == 0 else "pågår",
        "budget": Decimal(number * 40_000) if number % 7 else None,
        "starts": date(2026, 1 + number % 12, 1),
    }
    for number in range(1, 61)
]
AREAS = ["Strategi", "Digitale tjenester og nasjonale løsninger", "Felles fagsystemer", "Kompetanse"]


def _charts() -> dict[str, charts.Chart]:
    today = date(2026, 5, 1)
    return {
        "bars": charts.bars("Timer per område", list(zip(AREAS, [120, 340, None, 60], strict=True)), unit="timer"),
        "stacked": charts.stacked_bars(
            "Prosjekter per område",
            list(zip(AREAS, [[1, 2, 0], [0, 3, 2], [None, None, None], [1, 0, 1]], strict=True)),
            [("Avsluttet", "success"), ("Pågår", "accent"), ("Idé", "neutral")],
        ),
        "grouped": charts.grouped(
            "Budsjett og forbruk",
            [("Eksempel A", [400_000, 310_000]), ("Eksempel B", [250_000, None])],
            [("Budsjett", "accent"), ("Forbruk", "warning")],
            unit="kr",
        ),
        "spread": charts.dot_range(
            "Modenhet per tema",
            [("Ledelse og styring", 1.8, 2.9, 4.1, 3.4), ("Informasjonssikkerhet", 2.0, 3.1, 3.9, None)],
            own_name="Egen kommune",
        ),
        "dots": charts.dot_range(
            "Modenhet per tema, hver kommune for seg",
            [("Ledelse og styring", 1.8, 2.9, 4.1, 3.4), ("Informasjonssikkerhet", 2.0, 3.1, 3.9, None)],
            own_name="Egen kommune",
            dots=[[1.8, 2.6, 3.4, 4.1], [2.0, 3.2, 3.9]],
        ),
        "pairs": charts.dumbbell(
            "Modenhet per tema, to målinger",
            [("Ledelse og styring", 2.4, 2.9), ("Informasjonssikkerhet", 3.3, 3.1), ("Kompetanse", None, 2.7)],
            ("2024", "2026"),
        ),
        "line": charts.line(
            "Andel digitale henvendelser",
            ["2022", "2023", "2024", "2025"],
            [("Egen", "accent", [41, 48, None, 63]), ("Snitt", "warning", [38, 44, 51, 58])],
            unit="%",
        ),
        "timeline": charts.timeline(
            "Avtaler og når de løper ut",
            [
                ("Sak og arkiv", date(2023, 3, 1), date(2027, 2, 28), "opsjon 2 år"),
                ("Oppvekst", None, date(2026, 12, 31), "oppsigelse innen juni"),
                ("Geodata", date(2024, 1, 1), None, "løpende"),
                ("Helse", None, None, ""),
            ],
            today=today,
        ),
        "matrix": charts.matrix(
            "Risiko før og etter tiltak",
            [
                charts.Placed("1", "Nøkkelperson slutter", ((4, 4), (2, 3))),
                charts.Placed("2", "Leverandøren blir sen", ((3, 3), None)),
            ],
            names=("Nå", "Etter tiltaket"),
            axes=("Sannsynlighet", "Konsekvens"),
            levels=[
                charts.Level(4, "lav", "success"),
                charts.Level(9, "middels", "warning"),
                charts.Level(25, "høy", "danger"),
            ],
        ),
    }


def context(request: HttpRequest) -> dict[str, Any]:
    filters = ExampleFilter(request.GET)
    rows = PROJECTS
    if filters.is_valid():
        wanted, words = filters.cleaned_data["status"], filters.cleaned_data["q"].lower()
        status = {"runs": "pågår", "done": "avsluttet"}.get(wanted)
        rows = [row for row in rows if status in (None, row["status"]) and words in str(row["name"]).lower()]
    form = ExampleForm(request.POST, request.FILES) if request.method == "POST" else ExampleForm(version=1)
    return {
        "form": form,
        "filters": filters,
        "table": tables.page(request, ExampleTable(rows), per_page=10),
        "charts": _charts(),
        "facts": [(_("Budget"), wording.money(Decimal("1200000.50"))), (_("Municipalities"), 6)],
        "views": [(_("Table"), "?vis=tabell", True), (_("Timeline"), "?vis=tid", False)],
    }
