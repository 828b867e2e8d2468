"""Maturity as a workbook: every number typed, with what stands behind it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from digivesteralen.spreadsheets.writing import SheetSpec
from surveys import maturity_figures as figures
from surveys.maturity_results import Comparison, Wave
from surveys.scoring import on_scale


def sheets(wave: Wave, compared: Comparison | None) -> list[SheetSpec]:
    found = [_municipalities(wave), _regions(wave)]
    return [*found, _changes(compared)] if compared else found


def _number(wave: Wave, share: Decimal | None) -> Decimal | None:
    """On the scale, to two decimals; an empty cell is missing."""
    found = on_scale(share, wave.model.scale_min, wave.model.scale_max)
    return None if found is None else round(found, 2)


def _steps(wave: Wave, share: Decimal | None) -> Decimal | None:
    return None if share is None else round(share * (wave.model.scale_max - wave.model.scale_min), 2)


def _municipalities(wave: Wave) -> SheetSpec:
    head = [
        _("Municipality number"), _("Municipality"), _("Inhabitants"), _("Dimension"), _("Mean"), _("Answers"),
        _("People"), _("Standard deviation"), _("Lowest answer"), _("Highest answer"), _("Example"),
    ]  # fmt: skip
    example = _("Example") if wave.survey.example else None
    rows: list[list[Any]] = []
    for place in wave.places:
        for one in wave.dimensions:
            score = wave.scores.get((place.pk, one.pk))
            known = (
                [
                    _number(wave, score.mean), score.answers, score.people, _steps(wave, score.deviation),
                    _number(wave, score.lowest), _number(wave, score.highest),
                ]
                if score
                else [None, 0, 0, None, None, None]
            )  # fmt: skip
            size = wave.populations.get(place.pk)
            rows.append([place.number, str(place), size, one.name, *known, example])
    return SheetSpec(_("Municipalities"), head, rows)


def _regions(wave: Wave) -> SheetSpec:
    head = [
        _("Region"), _("Dimension"), _("Mean"), _("How the mean is made"), _("Municipalities"), _("Answers"),
        _("People"), _("Standard deviation between them"), _("Lowest"), _("Highest"),
    ]  # fmt: skip
    rows: list[list[Any]] = []
    for name, places in [(str(wave.survey.collaboration), list(wave.places)), *wave.named_regions]:
        for one in wave.dimensions:
            region = wave.region(one, places)
            if region:
                rows.append([
                    name, one.name, _number(wave, region.mean), figures.weighting(wave), region.municipalities,
                    region.answers, region.people, _steps(wave, region.deviation), _number(wave, region.lowest),
                    _number(wave, region.highest),
                ])  # fmt: skip
    return SheetSpec(_("Regions"), head, rows)


def _changes(compared: Comparison) -> SheetSpec:
    head = [
        _("Dimension"), str(compared.before.survey), str(compared.after.survey), _("Difference"), _("Answers before"),
        _("Answers now"), _("People before"), _("People now"), _("Statements both asked"), _("Statements now"),
    ]  # fmt: skip
    rows: list[list[Any]] = []
    for change in compared.changes:
        before, after, wave = change.before, change.after, compared.after
        rows.append([
            change.dimension.name, _number(wave, before.mean if before else None),
            _number(wave, after.mean if after else None), _steps(wave, change.difference),
            before.answers if before else 0, after.answers if after else 0, before.people if before else 0,
            after.people if after else 0, change.shared, change.asked,
        ])  # fmt: skip
    return SheetSpec(_("Two waves"), head, rows)
