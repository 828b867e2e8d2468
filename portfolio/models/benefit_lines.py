from __future__ import annotations

from datetime import date
from decimal import Decimal

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import (
    Case,
    DateField,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import Appointment, Person
from portfolio.models.benefits import Benefit
from portfolio.models.participation import Participation
from portfolio.models.rollout import OfParticipation

# The line is one municipality's part of a benefit of the project it takes part in, and of no other municipality's.
OF_THE_SAME_PROJECT = """
    IF NOT EXISTS (
        SELECT 1 FROM portfolio_benefit AS benefit
        JOIN portfolio_participation AS part ON part.id = NEW.participation_id
        WHERE benefit.id = NEW.benefit_id AND benefit.project_id = part.project_id
        AND (benefit.owner_id IS NULL OR benefit.owner_id = part.organisation_id)
    ) THEN RAISE EXCEPTION 'The line is of another project or municipality.' USING ERRCODE = 'check_violation'; END IF;
    RETURN NEW;
"""
# A measurement is compared with a start value, comes after it, is not of tomorrow, and a day has one that stands.
IN_ITS_TIME = """
    PERFORM 1 FROM portfolio_benefitline WHERE id = NEW.line_id FOR UPDATE;
    IF NOT EXISTS (
        SELECT 1 FROM portfolio_benefitline AS line JOIN portfolio_benefit AS benefit ON benefit.id = line.benefit_id
        WHERE line.id = NEW.line_id AND benefit.baseline_on <= NEW.on
    ) OR NEW.on > (now() AT TIME ZONE 'Europe/Oslo')::date THEN
        RAISE EXCEPTION 'A measurement before the start value or in the future.' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM portfolio_benefitmeasurement AS other
        WHERE other.line_id = NEW.line_id AND other.on = NEW.on AND other.id IS DISTINCT FROM NEW.corrects_id
        AND NOT EXISTS (SELECT 1 FROM portfolio_benefitmeasurement AS later WHERE later.corrects_id = other.id)
    ) THEN RAISE EXCEPTION 'The day is measured already.' USING ERRCODE = 'unique_violation'; END IF;
    IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM portfolio_benefitmeasurement AS wrong
        WHERE wrong.id = NEW.corrects_id AND wrong.line_id = NEW.line_id
    ) THEN RAISE EXCEPTION 'It corrects another line.' USING ERRCODE = 'check_violation'; END IF;
    RETURN NEW;
"""


class BenefitLineQuerySet(OfParticipation):
    def standing(self, on: date | None = None) -> BenefitLineQuerySet:
        """Those of municipalities that take part today or on a day; who has left keeps its line, outside the sums."""
        return self.filter(participation__in=Participation.objects.taking_part(on))

    def owned_there(self) -> BenefitLineQuerySet:
        """Those whose owner still is one of the municipality's people; who has left tells nothing for it (rule 6)."""
        place = "participation__organisation"
        held = Appointment.objects.active().filter(organisation=OuterRef(place), person=OuterRef("owner"))
        return self.filter(Q(owner__organisation=F(place)) | Exists(held))

    def in_full(self) -> BenefitLineQuerySet:
        return self.select_related(
            "benefit__project__collaboration", "participation__organisation", "participation__project__collaboration",
            "participation__adoption", "participation__withdrawal", "owner",
        )  # fmt: skip

    def measured(self, until: date | None = None) -> BenefitLineQuerySet:
        """With ``measured_value`` and ``measured_on``: the newest measurement that stands, of the day or before."""
        told = BenefitMeasurement.objects.filter(line=OuterRef("pk")).standing()
        newest = (told.filter(on__lte=until) if until else told).order_by("-on")
        return self.annotate(
            measured_value=Subquery(newest.values("value")[:1]), measured_on=Subquery(newest.values("on")[:1])
        )

    def with_gains(self, until: date | None = None) -> BenefitLineQuerySet:
        """With ``planned`` and ``realised``, in the unit of the benefit: better than where the municipality began.

        Planned is what was written for the municipality, else the way to the common target.
        """
        begun = Coalesce("baseline", "benefit__baseline")
        exact = DecimalField(max_digits=16, decimal_places=2)

        def better(value: F) -> Case:
            down = Q(benefit__direction=Benefit.Direction.DOWN)
            return Case(When(down, then=begun - value), default=value - begun, output_field=exact)

        planned = Coalesce("expected", better(F("benefit__target_value")), output_field=exact)
        return self.measured(until).annotate(planned=planned, realised=better(F("measured_value")))

    def with_due(self) -> BenefitLineQuerySet:
        """With ``due_on``: when the next measurement is wanted; none after one on or past the day of the target."""
        last = Coalesce("measured_on", "benefit__baseline_on")
        step = Case(
            When(benefit__measured_every=Benefit.Every.HALF_YEAR, then=Value(int(Benefit.Every.HALF_YEAR))),
            default=Value(int(Benefit.Every.YEAR)),
            output_field=models.IntegerField(),
        )
        after = ExpressionWrapper(last + step, output_field=DateField())
        reached = Q(measured_on__gte=F("benefit__target_on"))
        return self.measured().annotate(due_on=Case(When(reached, then=None), default=after, output_field=DateField()))

    def due(self, by: date | None = None) -> BenefitLineQuerySet:
        """Those of municipalities that take part, whose next measurement is wanted by the day."""
        alive = self.standing().exclude(benefit__project__state="stopped").filter(benefit__baseline_on__isnull=False)
        return alive.with_due().filter(due_on__lte=by or timezone.localdate())


@pghistory.track(exclude=["reminded_for"])
class BenefitLine(models.Model):
    """One municipality's own part of a benefit: who owns it there, and what is expected and realised (R12, D14)."""

    benefit = models.ForeignKey(Benefit, models.PROTECT, related_name="lines")
    participation = models.ForeignKey(Participation, models.PROTECT, related_name="benefit_lines")
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="benefit_lines", verbose_name=_("owner")
    )
    owner_role = models.CharField(_("owner, as a role"), max_length=100, blank=True)
    expected = models.DecimalField(_("expected gain per year"), max_digits=14, decimal_places=2, null=True, blank=True)
    baseline = models.DecimalField(_("own start value"), max_digits=14, decimal_places=2, null=True, blank=True)
    ready = models.BooleanField(_("the prerequisites are met"), default=False)
    comment = models.TextField(_("comment"), blank=True)
    # The due day that the owner has had an e-mail about.
    reminded_for = models.DateField(null=True, blank=True, editable=False)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on_behalf = models.BooleanField(_("on behalf of the municipality"), default=False)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = BenefitLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("municipality's part of a benefit")
        ordering = ["participation__organisation__sort_key", "pk"]
        default_permissions = ()
        triggers = [
            pgtrigger.Trigger(
                name="of_the_same_project",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=OF_THE_SAME_PROJECT,
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["benefit", "participation"], name="benefit_line_once"),
            models.CheckConstraint(
                name="benefit_line_has_an_owner",
                condition=Q(owner__isnull=False) | ~Q(owner_role=""),
                violation_error_message=_("Write who owns the benefit in the municipality: a person or a role."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation.organisation}: {self.benefit}"

    def get_absolute_url(self) -> str:
        project = self.benefit.project
        number = self.participation.organisation.number
        return reverse("benefit_line", args=[project.collaboration.slug, project.slug, self.benefit_id, number])

    @property
    def owned_by(self) -> str:
        return ", ".join(filter(None, [self.owner.name if self.owner else "", self.owner_role]))

    @property
    def begun(self) -> Decimal | None:
        return self.benefit.baseline if self.baseline is None else self.baseline


class BenefitMeasurementQuerySet(models.QuerySet["BenefitMeasurement"]):
    def standing(self) -> BenefitMeasurementQuerySet:
        """Those that nobody has corrected."""
        return self.filter(corrected_by=None)


@pghistory.track()
class BenefitMeasurement(models.Model):
    """What was measured on a day. It stays; what was wrong is corrected by a new one with its reason."""

    line = models.ForeignKey(BenefitLine, models.PROTECT, related_name="measurements")
    on = models.DateField(_("day"))
    value = models.DecimalField(_("measured value"), max_digits=14, decimal_places=2)
    comment = models.TextField(_("comment"), blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", verbose_name=_("corrects")
    )
    reason = models.TextField(_("reason for the correction"), blank=True)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on_behalf = models.BooleanField(_("on behalf of the municipality"), default=False)
    registered_at = models.DateTimeField(auto_now_add=True)
    example = models.BooleanField(_("example"), default=False)

    objects = BenefitMeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = _("measurement of a benefit")
        ordering = ["on", "pk"]
        default_permissions = ()
        triggers = [
            pgtrigger.Protect(name="measurement_stays", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(name="in_its_time", when=pgtrigger.Before, operation=pgtrigger.Insert, func=IN_ITS_TIME),
        ]
        constraints = [
            models.CheckConstraint(
                name="benefit_correction_has_a_reason",
                condition=Q(corrects=None, reason="") | Q(corrects__isnull=False) & ~Q(reason=""),
                violation_error_message=_("Write why the measurement is corrected."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.value}"
