"""The catalogue of competences, who has them, and which body needs them (B6, B18)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from governance.actions.bodies import MANAGE
from governance.models import Body, Collaboration, Competence, Person, PersonCompetence, WantedCompetence


@transaction.atomic
def name_competence(*, collaboration: Collaboration, name: str, example: bool = False, by: Any) -> Competence:
    """One more line of the catalogue."""
    require(by, MANAGE, on=collaboration)
    if collaboration.competences.filter(name__iexact=name).exists():
        raise NotAllowedNow(_("The catalogue has this competence already."))
    return Competence.objects.create(collaboration=collaboration, name=name, example=example)


@transaction.atomic
def tell_competences(*, person: Person, collaboration: Collaboration, competences: Any, by: Any) -> None:
    """What a person can, of the collaboration's own catalogue; other collaborations' lines stay."""
    require(by, MANAGE, on=collaboration)
    if not Person.objects.of(collaboration).filter(pk=person.pk).exists():
        raise NotAllowedNow(_("The person is not registered here."))
    wanted = {one.pk: one for one in competences if one.collaboration_id == collaboration.pk}
    Person.objects.select_for_update().get(pk=person.pk)
    held = PersonCompetence.objects.filter(person=person, competence__collaboration=collaboration)
    held.exclude(competence__in=wanted).delete()
    for pk in set(wanted) - set(held.values_list("competence", flat=True)):
        PersonCompetence.objects.create(person=person, competence=wanted[pk])


@transaction.atomic
def want_competences(*, body: Body, competences: Any, by: Any) -> None:
    """What the body must be able to do."""
    require(by, MANAGE, on=body.collaboration)
    Body.objects.select_for_update(of=["self"]).get(pk=body.pk)
    wanted = {one.pk: one for one in competences if one.collaboration_id == body.collaboration_id}
    held = WantedCompetence.objects.filter(body=body)
    held.exclude(competence__in=wanted).delete()
    for pk in set(wanted) - set(held.values_list("competence", flat=True)):
        WantedCompetence.objects.create(body=body, competence=wanted[pk])
