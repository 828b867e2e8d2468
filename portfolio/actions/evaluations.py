"""What those who came thought of a gathering: a short survey, sent to each by a link of their own (J6, S1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow
from portfolio import gathering_mail
from portfolio.actions.gatherings import locked
from portfolio.models import Gathering, Registration
from surveys.actions import answering, surveys
from surveys.models import Question, Response, Survey

OPEN_FOR = timedelta(days=14)


@transaction.atomic
def evaluate(*, gathering: Gathering, by: Any) -> Survey:
    """Make the survey once, open for two weeks, and send its link to those who came."""
    gathering = locked(gathering, None, by)
    if gathering.evaluation is not None:
        return gathering.evaluation
    if gathering.state != Gathering.State.HELD:
        raise NotAllowedNow(_("The gathering is not written down as held. Do that first."))
    came = list(gathering.registrations.filter(attended=True).exclude(email="").select_related("gathering"))
    if not came:
        raise NotAllowedNow(_("Nobody who came has an e-mail address here. Tick who came first."))
    with translation.override("nb"):
        gathering.evaluation = _survey(gathering)
    gathering.version += 1
    gathering.save(update_fields=["evaluation", "version"])
    for row in came:
        gathering_mail.tell_one(row, "evaluation", by=by)
    return gathering.evaluation


def whose(token: str) -> Registration | None:
    """The registration that a link was sent to, if the survey is there."""
    try:
        key = signing.Signer(salt="portfolio.evaluation").unsign(token)
    except signing.BadSignature:
        return None
    rows = Registration.objects.filter(attended=True, gathering__evaluation__isnull=False)
    return rows.select_related("gathering__project__collaboration", "gathering__evaluation").filter(pk=key).first()


def given(registration: Registration) -> Response | None:
    survey = registration.gathering.evaluation
    return Response.objects.filter(survey=survey, external_id=_identity(registration)).first()


def answer(*, registration: Registration, said: Mapping[str, Any]) -> Response:
    """Once; the answer says neither who nor which municipality."""
    survey = registration.gathering.evaluation
    assert survey is not None
    return answering.hand_in_by_link(survey=survey, identity=_identity(registration), said=said)


def _identity(registration: Registration) -> str:
    """What the answer is known by: it names nobody, and can't be worked back."""
    return salted_hmac("portfolio.evaluation", f"{registration.gathering_id}:{registration.pk}").hexdigest()[:24]


def _survey(gathering: Gathering) -> Survey:
    today = timezone.localdate()
    made = surveys.define_survey(
        collaboration=gathering.project.collaboration,
        title=_("Evaluation: %(gathering)s") % {"gathering": gathering.title},
        purpose=_("What those who came to the gathering thought of it."),
        opens_on=today,
        closes_on=today + OPEN_FOR,
        example=gathering.example,
    )
    scale: surveys.QuestionFacts = {"scale_min": Decimal(1), "scale_max": Decimal(5), "required": True}
    scale |= {"lowest_label": _("to a small degree"), "highest_label": _("to a great degree")}
    for text in (_("Was the gathering useful in your work?"), _("Was the content right for your role?")):
        surveys.define_question(survey=made, text=text, kind=Question.Kind.SCALE, **scale)
    for text in (_("What will you do differently after this?"), _("What should be better the next time?")):
        surveys.define_question(survey=made, text=text, kind=Question.Kind.TEXT)
    return made
