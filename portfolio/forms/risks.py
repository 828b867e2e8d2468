from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Collaboration, Organisation, Person
from portfolio.actions.risks import Judged
from portfolio.models import Phase, Project, Risk
from portfolio.models.risks import FIGURES, SCALE

LIKELIHOODS = [_("very unlikely"), _("unlikely"), _("possible"), _("likely"), _("very likely")]
CONSEQUENCES = [_("negligible"), _("small"), _("moderate"), _("serious"), _("very serious")]
ALL = "all"


def _scale(words: list[Any], label: Any, *, required: bool = True) -> Any:
    choices = [(str(number), f"{number} – {word}") for number, word in zip(SCALE, words, strict=True)]
    return forms.forms.TypedChoiceField(
        label=label, choices=[("", "---------"), *choices], coerce=int, empty_value=None, required=required
    )


class RiskForm(forms.DsForm):
    """What may happen, how likely and how grave, what is done about it, and who does it; the rest is folded (Enkel)."""

    description = forms.TextField(label=_("What may happen"), rows=2, limit=500)
    likelihood = _scale(LIKELIHOODS, _("Likelihood"))
    consequence = _scale(CONSEQUENCES, _("Consequence"))
    measure = forms.TextField(label=_("Measure"), required=False, rows=2)
    responsible = forms.forms.ChoiceField(label=_("Responsible"), required=False)
    status = forms.forms.ChoiceField(label=_("Status"), choices=Risk.Status.choices)
    likelihood_after = _scale(LIKELIHOODS, _("Likelihood after the measure"), required=False)
    consequence_after = _scale(CONSEQUENCES, _("Consequence after the measure"), required=False)
    kind = forms.forms.ChoiceField(label=_("Kind"), choices=Risk.Kind.choices, initial=Risk.Kind.RISK)
    phase = forms.forms.ChoiceField(label=_("Phase"), choices=[("", "---------"), *Phase.choices], required=False)
    proximity = forms.forms.ChoiceField(
        label=_("Proximity"), choices=[("", "---------"), *Risk.Proximity.choices], required=False
    )
    strategy = forms.forms.ChoiceField(
        label=_("Strategy"), choices=[("", "---------"), *Risk.Strategy.choices], required=False
    )
    in_portfolio = forms.forms.BooleanField(label=_("Show in the portfolio"), required=False)
    assessed_on = forms.DateField(label=_("Assessed"), required=False, help_text=_("Empty: today."))
    comment = forms.forms.CharField(label=_("Why it is assessed so"), max_length=500, required=False)

    folded = [
        (_("After the measure"), ["likelihood_after", "consequence_after"]),
        (_("More about it"), ["kind", "phase", "proximity", "strategy", "in_portfolio", "assessed_on", "comment"]),
    ]

    def __init__(
        self,
        *args: Any,
        collaboration: Collaboration,
        project: Project | None = None,
        risk: Any = None,
        **kwargs: Any,
    ) -> None:
        if risk is not None:
            kwargs.setdefault("version", risk.version)
            kwargs.setdefault("initial", _initial(risk))
        super().__init__(*args, **kwargs)
        self.fields["responsible"].choices = _who(collaboration, risk)
        if risk is None:
            del self.fields["status"]
        if project is None:
            del self.fields["in_portfolio"]

    def clean_assessed_on(self) -> Any:
        day = self.cleaned_data["assessed_on"]
        if day and day > timezone.localdate():
            raise forms.forms.ValidationError(
                _("A risk can't be assessed on a day to come. Write today or an earlier day.")
            )
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if (data.get("likelihood_after") is None) != (data.get("consequence_after") is None):
            missing = "likelihood_after" if data.get("likelihood_after") is None else "consequence_after"
            self.add_error(missing, _("Give both likelihood and consequence after the measure, or neither."))
        wrong = Risk.OF_RISKS if data.get("kind") == Risk.Kind.OPPORTUNITY else Risk.OF_OPPORTUNITIES
        if data.get("strategy") in wrong:
            self.add_error(
                "strategy",
                _(
                    "A risk is reduced, avoided or transferred, an opportunity is increased or exploited; both can be "
                    "watched, shared or accepted."
                ),
            )
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What the verb is given."""
        data = self.cleaned_data
        names = ("description", "measure", "kind", "phase", "proximity", "strategy", "status", "in_portfolio")
        kind, _dot, pk = data["responsible"].partition(":")
        return {
            **{name: data[name] for name in names if name in self.fields},
            "organisation": Organisation.objects.get(pk=pk) if kind == "kommune" else None,
            "person": Person.objects.get(pk=pk) if kind == "person" else None,
            "judged": Judged(*(data[name] for name in FIGURES)),
            "on": data["assessed_on"],
            "comment": data["comment"],
        }


def _who(collaboration: Collaboration, risk: Any) -> list[Any]:
    """The municipalities and the people that are known there, and whoever is responsible now."""
    people = dict(collaboration.known_people.order_by("name").values_list("pk", "name"))
    places = dict(collaboration.members().values_list("pk", "name"))
    if risk is not None and risk.person:
        people.setdefault(risk.person.pk, str(risk.person))
    if risk is not None and risk.organisation:
        places.setdefault(risk.organisation.pk, str(risk.organisation))
    return [
        ("", _("Not chosen")),
        (_("Municipality"), [(f"kommune:{pk}", name) for pk, name in places.items()]),
        (_("Person"), [(f"person:{pk}", name) for pk, name in people.items()]),
    ]


def _initial(risk: Any) -> dict[str, Any]:
    names = ("description", "measure", "kind", "phase", "proximity", "strategy", "status", "in_portfolio", *FIGURES)
    who = f"kommune:{risk.organisation_id}" if risk.organisation_id else ""
    return {
        **{name: getattr(risk, name) for name in names},
        "responsible": f"person:{risk.person_id}" if risk.person_id else who,
    }


class RiskFilter(forms.FilterForm):
    """Which risks one looks at: the open ones where nothing is chosen."""

    q = forms.forms.CharField(label=_("Search"), max_length=100)
    kind = forms.forms.ChoiceField(label=_("Kind"), choices=[("", _("all")), *Risk.Kind.choices])
    status = forms.forms.ChoiceField(
        label=_("Status"),
        choices=[("", _("open")), (Risk.Status.OCCURRED, _("has occurred")), (Risk.Status.CLOSED, _("closed")),
                 (ALL, _("all"))],
    )  # fmt: skip
    level = forms.forms.ChoiceField(
        label=_("Level"),
        choices=[("", _("all")), ("high", _("high (10–25)")), ("medium", _("medium (5–9)")), ("low", _("low (1–4)"))],
    )
    municipality = forms.forms.ChoiceField(label=_("Responsible municipality"))

    BOUNDS = {"low": (0, 4), "medium": (5, 9), "high": (10, 25)}

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = collaboration.members().values_list("number", "name")
        self.fields["municipality"].choices = [("", _("all")), *members]

    def narrow(self, risks: Any) -> Any:
        data = self.cleaned_data
        if data["status"] != ALL:
            risks = risks.filter(status=data["status"] or Risk.Status.OPEN)
        if data["q"]:
            risks = risks.filter(Q(description__icontains=data["q"]) | Q(measure__icontains=data["q"]))
        if data["kind"]:
            risks = risks.filter(kind=data["kind"])
        if data["level"]:
            risks = risks.filter(score__range=self.BOUNDS[data["level"]])
        if data["municipality"]:
            risks = risks.filter(organisation__number=data["municipality"])
        return risks
