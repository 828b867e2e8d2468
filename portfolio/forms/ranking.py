from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from digivesteralen.ui import forms
from governance.forms.bodies import offer_resolutions, resolution_field
from governance.forms.rounds import DeadlineForm
from governance.models import Body, Collaboration, Meeting
from portfolio.actions.scores import Given
from portfolio.candidates import Entry
from portfolio.models import Assessment, Criterion, FocusArea, OwnRanking, RankingRoundItem
from portfolio.models.scores import LEAST, MOST


class OrderFilter(forms.FilterForm):
    """A part of the order: one focus area, or what has a word in its title."""

    q = forms.forms.CharField(label=_("Search"), max_length=100)
    area = forms.forms.ChoiceField(label=_("Focus area"))

    def __init__(self, data: QueryDict, *, areas: Sequence[FocusArea]) -> None:
        super().__init__(data)
        self.areas = {area.slug: area for area in areas}
        self.fields["area"].choices = [("", _("all")), *((area.slug, area.short_name) for area in areas)]

    @property
    def focus_area(self) -> FocusArea | None:
        return self.areas.get(self.cleaned_data["area"]) if self.is_valid() else None

    def narrow(self, entries: Iterable[Entry]) -> list[Entry]:
        word = self.cleaned_data["q"].casefold() if self.is_valid() else ""
        area = self.focus_area
        return [
            entry for entry in entries if word in entry.title.casefold() and (area is None or entry.area == area.pk)
        ]


class SaveForm(forms.DsForm):
    """«Lagre rangeringen»: what it is called, and why it is made now."""

    optional_marks = False

    name = forms.forms.CharField(label=_("Name"), max_length=120, help_text=_("For example «Før budsjettet 2027»."))
    reason = forms.TextField(label=_("Why it is made now"), rows=3, limit=500)


class DecidedForm(forms.DsForm):
    """Which resolution stands behind a ranking."""

    resolution = resolution_field()

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_resolutions(self, collaboration)
        self.fields["resolution"].required = True
        self.fields["resolution"].empty_label = _("Choose a resolution")


class PointsForm(forms.DsForm):
    """Points from 1 to 5 by each criterion, each with a comment; what is left open is scored later."""

    optional_marks = False
    folded = [(_("Adjust by hand"), ["adjustment", "comment"])]

    adjustment = forms.forms.DecimalField(
        label=_("Adjusted by hand"), max_digits=3, decimal_places=2, min_value=-MOST, max_value=MOST, required=False,
        localize=True, help_text=_("Is added to the sum; write a minus to take away."),
    )  # fmt: skip
    comment = forms.TextField(label=_("Why it is adjusted"), rows=2, required=False)

    def __init__(self, *args: Any, criteria: Sequence[Criterion], standing: Assessment | None, **kwargs: Any) -> None:
        given = {score.criterion_id: score for score in standing.scores.all()} if standing else {}
        kwargs["initial"] = {
            **{f"value_{pk}": score.value for pk, score in given.items()},
            **{f"comment_{pk}": score.comment for pk, score in given.items()},
            "adjustment": standing.adjustment or None if standing else None,
            "comment": standing.comment if standing else "",
        }
        super().__init__(*args, version=standing.version if standing else 0, **kwargs)
        self.criteria = criteria
        self.fieldsets = []
        for criterion in criteria:
            self._ask(criterion)

    def _ask(self, criterion: Criterion) -> None:
        value, comment = f"value_{criterion.pk}", f"comment_{criterion.pk}"
        self.fields[value] = forms.forms.TypedChoiceField(
            label=pgettext_lazy("score", "Points"), coerce=int, empty_value=None, required=False,
            help_text=criterion.text, choices=[("", _("not scored")), *((n, str(n)) for n in range(LEAST, MOST + 1))],
        )  # fmt: skip
        self.fields[comment] = forms.forms.CharField(label=_("Comment"), max_length=500, required=False)
        self.fieldsets = [*self.fieldsets, (criterion.name, [value, comment])]

    @property
    def given(self) -> dict[int, Given]:
        data = self.cleaned_data
        return {one.pk: Given(data[f"value_{one.pk}"], data[f"comment_{one.pk}"]) for one in self.criteria}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("adjustment") and not data.get("comment", "").strip():
            self.add_error("comment", _("Write why the points are adjusted by hand."))
        data["adjustment"] = data.get("adjustment") or Decimal(0)
        return data


class AskForm(DeadlineForm):
    """Which ones the directors rank, and until when: the meeting, or a deadline."""

    field_order = ("meeting", "day", "clock")
    optional_marks = False

    meeting = forms.forms.ModelChoiceField(
        label=_("Before which meeting"), queryset=Meeting.objects.none(), required=False,
        empty_label=_("None; I write a deadline"),
    )  # fmt: skip

    def __init__(self, *args: Any, body: Body, entries: Sequence[Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        coming = Meeting.objects.filter(body=body, written=False).coming().filter(starts_at__gt=timezone.now())
        self.fields["meeting"].queryset = coming.select_related("body")
        self.fields["meeting"].initial = coming.first()
        for name in ("day", "clock"):
            self.fields[name].required = False
        self.fields["day"].help_text = _("Counts only when you choose no meeting.")
        self.fields["keys"] = forms.forms.MultipleChoiceField(
            label=_("What they rank"), widget=forms.forms.CheckboxSelectMultiple,
            choices=[(entry.key, f"{entry.place}. {entry.title}") for entry in entries],
            initial=[entry.key for entry in entries[:10]],
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("meeting"):
            # A deadline that does not count can't be wrong.
            for name in ("day", "clock"):
                self.cleaned_data.pop(name, None)
                self.errors.pop(name, None)
        data = super().clean()
        if not data.get("meeting") and not data.get("answer_by") and not self.errors:
            self.add_error("day", _("Choose the meeting, or write a deadline."))
        return data


class OwnForm(forms.DsForm):
    """The own order of a director: a place for each, each place once."""

    optional_marks = False
    # What was just moved by a button, and to which place.
    line_moved: RankingRoundItem | None = None
    place_moved = 0

    def __init__(
        self,
        *args: Any,
        items: Sequence[RankingRoundItem],
        standing: OwnRanking | None,
        given: Mapping[int, int] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, version=standing.version if standing else 0, **kwargs)
        if given is None:
            given = dict(standing.places.values_list("item", "place")) if standing else {}
        places = {item.pk: given.get(item.pk, item.position) for item in items}
        self.items = sorted(items, key=lambda item: places[item.pk])
        for item in self.items:
            self.fields[f"place_{item.pk}"] = forms.forms.IntegerField(
                label=item.candidate.title, min_value=1, max_value=len(items), initial=places[item.pk]
            )

    @classmethod
    def moved(cls, data: Any, move: str, *, items: Sequence[RankingRoundItem], standing: OwnRanking | None) -> OwnForm:
        """The form anew, with one line a step up or down from what is written in it; nothing is sent by that."""
        way, _dash, key = move.partition("-")
        last = len(items) + 1
        written = {item.pk: data.get(f"place_{item.pk}", "").strip() for item in items}
        places = {pk: int(text) if text.isdecimal() and len(text) < 4 else last for pk, text in written.items()}
        order = sorted(items, key=lambda item: (places[item.pk], item.position))
        at = next((place for place, item in enumerate(order) if str(item.pk) == key), -1)
        to = at + {"up": -1, "down": 1}.get(way, len(items))
        moves = at >= 0 and 0 <= to < len(order)
        if moves:
            order[at], order[to] = order[to], order[at]
        form = cls(items=items, standing=standing, given={item.pk: place for place, item in enumerate(order, 1)})
        version = data.get("version", "")
        form.initial["version"] = version if version.isdecimal() else form["version"].initial
        if moves:
            form.line_moved, form.place_moved = order[to], to + 1
        return form

    @property
    def rows(self) -> list[tuple[RankingRoundItem, Any]]:
        return [(item, self[f"place_{item.pk}"]) for item in self.items]

    @property
    def places(self) -> dict[int, int]:
        return {item.pk: self.cleaned_data[f"place_{item.pk}"] for item in self.items}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        seen: dict[int, str] = {}
        for item in self.items:
            place = data.get(f"place_{item.pk}")
            if place in seen:
                self.add_error(
                    f"place_{item.pk}",
                    _("Place %(place)s is given to «%(other)s» too. Give each a place of its own.")
                    % {"place": place, "other": seen[place]},
                )
            elif place:
                seen[place] = item.candidate.title
        return data
