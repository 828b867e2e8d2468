"""One municipality's score card: own figures beside the region's, what has changed, what is highest and lowest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.ui import charts
from governance.models import Collaboration, Organisation
from surveys import maturity_figures as figures
from surveys.maturity_results import Comparison, Item, Wave, compare, earlier_waves, read
from surveys.models import Dimension, Survey

KIND = "surveys.score_card"
TEMPLATE = "pdf/maturity_card.html"
SHOWN = 3


@dataclass(frozen=True)
class Line:
    """One dimension: the own figure, the mean of all, and how far the own has moved."""

    dimension: Dimension
    own: str
    mean: str
    difference: str
    spread: str
    n: str
    change: str


@dataclass(frozen=True)
class Card:
    """Everything the page and the document tell."""

    wave: Wave
    place: Organisation
    lines: Sequence[Line]
    chart: charts.Chart
    highest: Sequence[tuple[Item, str]]
    lowest: Sequence[tuple[Item, str]]
    before: Wave | None
    not_comparable: Sequence[Dimension]

    @property
    def n(self) -> str:
        return figures.counted(*self.wave.counts[self.place.pk])

    @property
    def base(self) -> str:
        return figures.base(self.wave)

    @property
    def example(self) -> bool:
        return self.wave.survey.example or self.wave.model.example


def card(survey: Survey, place: Organisation, *, everything: bool = False) -> Card | None:
    """Nothing where the municipality has not answered, or where so few have that it is not shown."""
    wave = read(survey, everything=everything)
    if place.pk not in wave.counts:
        return None
    earlier = earlier_waves(survey)
    compared = compare(wave, earlier[0], everything=everything) if earlier else None
    there = compared if compared and place.pk in compared.before.counts else None
    ranked = sorted(
        ((item, wave.of_items[place.pk, item.pk].mean) for item in wave.items if (place.pk, item.pk) in wave.of_items),
        key=lambda pair: -pair[1],
    )
    some = min(SHOWN, len(ranked) // 2)
    said = [(item, figures.words(wave, share)) for item, share in ranked]
    return Card(
        wave=wave,
        place=place,
        lines=[_line(wave, place, one, there) for one in wave.dimensions],
        chart=_chart(wave, place),
        highest=said[:some],
        lowest=said[::-1][:some],
        before=there.before if there else None,
        not_comparable=there.not_comparable if there else [],
    )


def _line(wave: Wave, place: Organisation, dimension: Dimension, compared: Comparison | None) -> Line:
    score, region = wave.scores.get((place.pk, dimension.pk)), wave.regions[dimension.pk]
    change = compared.of_place(place, dimension) if compared else None
    return Line(
        dimension,
        figures.words(wave, score.mean if score else None),
        figures.words(wave, region.mean if region else None),
        figures.step(wave, score.mean - region.mean if score and region else None),
        _spread(wave, score) if score and score.answers > 1 else "–",
        figures.counted(score.answers, score.people) if score else "–",
        figures.step(wave, change),
    )


def _spread(wave: Wave, score: Any) -> str:
    """How far apart the answers inside the municipality are: that too is news."""
    return f"{figures.words(wave, score.lowest)}–{figures.words(wave, score.highest)}"


def _chart(wave: Wave, place: Organisation) -> charts.Chart:
    rows = []
    for one in wave.dimensions:
        score, region = wave.scores.get((place.pk, one.pk)), wave.regions[one.pk]
        known = (region.lowest, region.mean, region.highest) if region else (None, None, None)
        low, mean, high = (figures.value(wave, share) for share in known)
        rows.append((one.name, low, mean, high, figures.value(wave, score.mean if score else None)))
    return charts.dot_range(
        _("%(municipality)s beside the others") % {"municipality": place},
        rows,
        scale=figures.scale(wave),
        own_name=str(place),
        mean_name=_("Mean of all"),
        note=figures.base(wave),
        label=_("Dimension"),
        id="malkort",
        decimals=1,
    )


def subject(survey: Survey, place: Organisation) -> str:
    return f"{survey.pk}:{place.number}"


def collaboration_of(subject: str) -> Collaboration:
    return Survey.objects.select_related("collaboration").get(pk=subject.partition(":")[0]).collaboration


def make(job: Job, report: Report) -> Made:
    """The work of the job; it shows what everybody in the collaboration may see, whoever asks."""
    pk, _colon, number = job.subject.partition(":")
    survey = Survey.objects.select_related("collaboration", "maturity").get(pk=pk)
    place = Organisation.objects.get(number=number)
    report(20, _("Working out the scores"))
    with override("nb"):
        found = card(survey, place)
        if found is None:
            raise LookupError(f"{place} has no score card in {survey}")
        title = title_of(found)
        report(40, _("Setting the pages"))
        content = render(found)
    report(90, _("Storing the file"))
    wave = found.wave
    made_from = {"survey": survey.pk, "municipality": number, "answers": wave.answers, "people": wave.people}
    return Made(content, f"malkort-{number}-{survey.slug}.pdf", "application/pdf", title, made_from=made_from)


def title_of(card: Card) -> str:
    return _("%(municipality)s: score card for digital maturity") % {"municipality": card.place}


def render(card: Card) -> bytes:
    from digivesteralen.documents import pdf  # noqa: PLC0415 -- slow import

    context = {"card": card, "survey": card.wave.survey, "collaboration": card.wave.survey.collaboration}
    return pdf.render(TEMPLATE, context | {"example": card.example}, title=title_of(card))
