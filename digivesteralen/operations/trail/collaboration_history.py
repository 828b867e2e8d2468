"""All that has happened in a collaboration: each change of each thing in it with before and after, and the acts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from digivesteralen.audit.history import Wanted, event_model, narrowed, told_in_words
from digivesteralen.audit.models import Act
from digivesteralen.audit.together import of_each
from digivesteralen.audit.wording import verb_in_words
from digivesteralen.operations.trail import roof
from digivesteralen.operations.trail.things import Things
from digivesteralen.spreadsheets.writing import SheetSpec
from governance import belonging
from governance.models import Collaboration

AT_A_TIME = 500
# Answers go out where they are exported, a director's own order where the round is shown, an unfinished text nowhere:
# of these the history says that they were changed, by whom and when.
NOT_TOLD = {
    "surveys.Response", "surveys.Answer", "surveys.ResponseDraft",
    "portfolio.OwnRanking", "portfolio.OwnPlace", "portfolio.SavedFilter",
}  # fmt: skip


def sheets(collaboration: Collaboration, wanted: Wanted, *, reader: Any) -> list[SheetSpec]:
    """One for the changes, one for the acts; of what the reader may not see it tells neither name nor content."""
    acts = narrowed(Act.objects.of(collaboration), wanted, "at", "by_id")
    kinds = [(model, _events(model, collaboration, wanted)) for model in _models()] if wanted.kind != "acts" else []
    counts = [events.count() for _model, events in kinds]
    roof.refuse_more(acts.count() + sum(counts))
    when = [_("When"), _("Who"), _("On behalf of"), _("What"), _("Kind"), _("Name")]
    changes = (
        row
        for (model, events), count in zip(kinds, counts, strict=True)
        if count
        for row in _changes(model, events, reader)
    )
    return [
        SheetSpec(_("Changes"), [*when, _("Field"), _("Before"), _("After")], changes),
        SheetSpec(_("Acts"), [*when[:4], _("On what")], _acts(acts, reader)),
    ]


def _models() -> list[Any]:
    """Everything that keeps a history and stands in a collaboration."""
    return [model for model in apps.get_models() if event_model(model) is not None and belonging.ways(model)]


def _events(model: Any, collaboration: Collaboration, wanted: Wanted) -> models.QuerySet[Any]:
    """By what the events themselves point at: what is deleted is still told of."""
    inside = Q()
    for way in belonging.ways(model):
        inside |= Q(**{way: collaboration.pk}) if way else Q(pgh_obj_id=collaboration.pk)
    events = event_model(model).objects.filter(inside)
    found: models.QuerySet[Any] = narrowed(events, wanted, "pgh_created_at", "pgh_context__user")
    return found


def _changes(model: Any, events: models.QuerySet[Any], reader: Any) -> Iterator[list[Any]]:
    kind = capfirst(str(model._meta.verbose_name))
    contact = {str(_label(model, name)) for name in settings.CONTACT_DATA.get(model._meta.label, ())}
    for some in _batches(events.order_by("pgh_id")):
        seen = belonging.open_to(reader, model).in_bulk({event.pgh_obj_id for event in some})
        told = {} if model._meta.label in NOT_TOLD else seen
        names = of_each(told.values(), str)
        for event, entry in zip(some, told_in_words(model, _with_the_ones_before(model, some), told), strict=True):
            head = [entry.at, entry.who, entry.on_behalf, entry.verb, kind, names.get(event.pgh_obj_id, "")]
            shown = [change for change in entry.changes if change.label not in contact]
            for change in shown:
                yield [*head, change.label, change.before, change.after]
            if not shown:
                yield [*head, "", "", ""]


def _with_the_ones_before(model: Any, some: list[Any]) -> list[tuple[Any, Any]]:
    events = event_model(model).objects
    earlier = events.filter(pgh_obj_id=models.OuterRef("pgh_obj_id"), pgh_id__lt=models.OuterRef("pgh_id"))
    one_before = models.Subquery(earlier.order_by("-pgh_id").values("pgh_id")[:1])
    changed = [event.pgh_id for event in some if event.pgh_label == "update"]
    keys = dict(events.filter(pgh_id__in=changed).annotate(one_before=one_before).values_list("pgh_id", "one_before"))
    before = events.in_bulk({key for key in keys.values() if key is not None})
    return [(event, before.get(keys.get(event.pgh_id))) for event in some]


def _acts(acts: models.QuerySet[Any], reader: Any) -> Iterator[list[Any]]:
    things = Things(reader)
    for some in _batches(acts.select_related("by").order_by("at", "pk")):
        things.fetch(some)
        for act in some:
            who = str(act.by) if act.by is not None else _("The portal")
            yield [act.at, who, act.on_behalf, verb_in_words(act.verb), things.name(act)]


def _batches(rows: models.QuerySet[Any]) -> Iterator[list[Any]]:
    every = rows.iterator(chunk_size=AT_A_TIME)
    while some := list(islice(every, AT_A_TIME)):
        yield some


def _label(model: Any, name: str) -> Any:
    return model._meta.get_field(name).verbose_name
