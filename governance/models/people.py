from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase

from digivesteralen.accounts.access import allowed
from digivesteralen.accounts.models import PersonalRight
from governance.models import locks
from governance.models.bodies import Body
from governance.models.collaborations import Collaboration
from governance.models.decisions import NamedDecision
from governance.models.organisations import Organisation, Region, never_two_at_once


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: Any) -> PersonQuerySet:
        """People with an appointment in a collaboration, or in a member of one, that the user may see."""
        collaborations = Collaboration.objects.visible_to(user)
        appointed = Appointment.objects.visible_to(user)
        registered = Person.known_in.through.objects.filter(collaboration__in=collaborations)
        return self.filter(Q(pk__in=appointed.values("person")) | Q(pk__in=registered.values("person")))

    def of(self, collaboration: Collaboration) -> PersonQuerySet:
        """The people of one collaboration: appointed there or in a member, or registered by its secretariat."""
        return self.filter(
            Q(pk__in=Appointment.objects.of(collaboration).values("person"))
            | Q(pk__in=Person.known_in.through.objects.filter(collaboration=collaboration).values("person"))
        )

    def at(self, organisation: Organisation) -> PersonQuerySet:
        """Those who are employed there, or hold a role there today."""
        held = Appointment.objects.active().filter(organisation=organisation)
        return self.filter(Q(organisation=organisation) | Q(pk__in=held.values("person")))

    def closed_at(self, addresses: set[str]) -> models.QuerySet[Person, str]:
        """Of these addresses, in small letters, those of people whose user is closed."""
        shut_out = self.filter(user__is_active=False).annotate(address=Lower("email")).filter(address__in=addresses)
        return shut_out.values_list("address", flat=True)


@pghistory.track()
class Person(models.Model):
    """Somebody who holds, or has held, a seat or a role; signs in when there is a user."""

    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"), blank=True)
    title = models.CharField(_("title"), max_length=100, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("employed by")
    )
    known_in = models.ManyToManyField(
        Collaboration, blank=True, related_name="known_people", verbose_name=_("registered by")
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="person", verbose_name=_("user")
    )
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=Q(user__isnull=False) & ~Q(email=""),
                name="person_who_signs_in_has_an_e_mail_alone",
                violation_error_message=_("Another person has this e-mail address."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """The roles of the access matrix (security.md §7) that an appointment can give."""

    DIRECTOR = "director", _("municipal director")
    CONTACT = "contact", _("contact or case officer")
    IT_LEADER = "it_leader", _("IT leader")
    STEERING = "steering", _("member of the steering group")
    SUBSTITUTE = "substitute", _("substitute in the steering group")
    MEMBER = "member", _("member")
    DEPUTY = "deputy", _("substitute of a member")
    SPEAKER = "speaker", _("speaks, without a vote")
    OBSERVER = "observer", _("observer")
    SECRETARIAT = "secretariat", _("secretariat")
    PROJECT_LEADER = "project_leader", _("project leader")
    SURVEY_ADMIN = "survey_admin", _("survey administrator")
    AUDITOR = "auditor", _("auditor")


AT_ORGANISATION = [Role.DIRECTOR, Role.CONTACT, Role.IT_LEADER]
AT_BODY = [Role.STEERING, Role.SUBSTITUTE, Role.MEMBER, Role.DEPUTY, Role.SPEAKER, Role.OBSERVER]
SUBSTITUTES = [Role.SUBSTITUTE, Role.DEPUTY]
WITHOUT_VOTE = [Role.SPEAKER, Role.OBSERVER]
AT_COLLABORATION = [Role.SECRETARIAT, Role.PROJECT_LEADER, Role.SURVEY_ADMIN, Role.AUDITOR]


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def visible_to(self, user: Any) -> AppointmentQuerySet:
        """Held in a collaboration, or in a member of one, that the user may see."""
        collaborations = Collaboration.objects.visible_to(user)
        said_yes = {"memberships__collaboration__in": collaborations, "memberships__awaits": False}
        own = allowed(Organisation.objects.all(), user, "governance.view_organisation")
        members = Organisation.objects.filter(Q(**said_yes) | Q(pk__in=own))
        return self.filter(
            Q(collaboration__in=collaborations)
            | Q(body__collaboration__in=collaborations)
            | Q(organisation__in=members)
        )

    def active(self, on: date | None = None) -> AppointmentQuerySet:
        day = on or timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)

    def not_ended(self) -> AppointmentQuerySet:
        """Those of today and those that are to come."""
        return self.filter(Q(until=None) | Q(until__gte=timezone.localdate()))

    def ever_held(self) -> AppointmentQuerySet:
        """Without those that were taken back before they had held a day."""
        return self.filter(Q(until=None) | Q(until__gte=models.F("since")))

    def voting(self) -> AppointmentQuerySet:
        return self.filter(role=Role.STEERING)

    def of(self, collaboration: Collaboration) -> AppointmentQuerySet:
        """What is held in the collaboration, its bodies and its members; nothing that is held elsewhere."""
        said_yes = {"memberships__collaboration": collaboration, "memberships__awaits": False}
        members = Organisation.objects.filter(**said_yes)
        return self.filter(
            Q(collaboration=collaboration) | Q(body__collaboration=collaboration) | Q(organisation__in=members)
        )


@pghistory.track()
class Appointment(NamedDecision):
    """A person's role, for a period, at one body, collaboration or organisation; access follows it (rule 6).

    A seat may be a region's contact point (B14, B21), a substitute's for one member, for a municipality or common to
    all, and may hold only when the body acts as something else than it is (B13). One that was given by mistake and
    taken back has no day: its last is the one before its first.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=16, choices=Role)
    title = models.CharField(_("title"), max_length=100, blank=True)
    collaboration = models.ForeignKey(Collaboration, models.PROTECT, null=True, blank=True, related_name="appointments")
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="seats")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="appointments", verbose_name=_("municipality")
    )
    represents = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="seats", verbose_name=_("represents")
    )
    is_chair = models.BooleanField(_("chair"), default=False)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="seats", verbose_name=_("contact point of")
    )
    nomination: Any = models.ForeignKey(
        "governance.Nomination", models.PROTECT, null=True, blank=True, related_name="seats"
    )
    appointed_by = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("elected by")
    )
    substitute_for: Any = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="substitutes", verbose_name=_("substitute for")
    )
    call_order = models.PositiveSmallIntegerField(_("order among the substitutes"), null=True, blank=True)
    only_as = models.CharField(_("only when the body acts as"), max_length=12, choices=Body.Kind, blank=True)
    since = models.DateField(_("from"))
    until = models.DateField(_("until and including"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["-is_chair", "represents__sort_key", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="appointment_at_one_place",
                condition=Q(role__in=AT_ORGANISATION, organisation__isnull=False, body=None, collaboration=None)
                | Q(role__in=AT_BODY, body__isnull=False, organisation=None, collaboration=None)
                | Q(role__in=AT_COLLABORATION, collaboration__isnull=False, organisation=None, body=None),
            ),
            models.CheckConstraint(
                name="appointment_ends_after_start",
                condition=Q(until=None) | Q(until__gte=models.F("since") - timedelta(days=1)),
                violation_error_message=_("The last day must be on or after the first."),
            ),
            models.CheckConstraint(
                name="steering_seat_represents_someone",
                condition=~Q(role=Role.STEERING) | Q(represents__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["body", "represents"],
                condition=Q(role=Role.STEERING, until=None),
                name="one_open_seat_per_party",
            ),
            never_two_at_once(
                "one_contact_point_per_region",
                models.F("body"),
                models.F("region"),
                condition=Q(region__isnull=False) & (Q(until=None) | Q(until__gte=models.F("since"))),
                says=_("The region has a contact point in that time. End that seat first."),
            ),
            models.CheckConstraint(
                name="contact_point_is_a_member",
                condition=Q(region=None) | Q(role__in=[Role.STEERING, Role.MEMBER]),
            ),
            models.CheckConstraint(
                name="only_a_substitute_stands_in",
                condition=Q(substitute_for=None, call_order=None) | Q(role__in=SUBSTITUTES),
            ),
            models.CheckConstraint(name="only_a_seat_is_conditional", condition=Q(only_as="") | Q(role__in=AT_BODY)),
        ]
        triggers = [locks.seat_that_met_keeps_its_days(), locks.never_deleted()]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}"

    @property
    def was_taken_back(self) -> bool:
        """Given by mistake: it held no day."""
        return self.until is not None and self.until < self.since

    @property
    def differs(self) -> bool:
        """Another was elected than the one who was pointed out; it is shown, not refused."""
        return self.nomination is not None and self.nomination.person_id != self.person_id

    @property
    def place(self) -> Body | Collaboration | Organisation:
        place = self.body or self.collaboration or self.organisation
        assert place is not None
        return place


class RoleGroup(models.Model):
    """The group that holds a role's rights at one place; appointments put people in and take them out."""

    group = models.OneToOneField(Group, models.CASCADE, related_name="role")
    role = models.CharField(max_length=16, choices=Role)
    collaboration = models.ForeignKey(Collaboration, models.CASCADE, null=True)
    body = models.ForeignKey(Body, models.CASCADE, null=True)
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True)

    class Meta:
        verbose_name = _("group of a role")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["role", "collaboration", "body", "organisation"], nulls_distinct=False, name="role_group_once"
            )
        ]

    def __str__(self) -> str:
        return self.group.name


class CollaborationUserPermission(PersonalRight):
    content_object = models.ForeignKey(Collaboration, models.CASCADE)


class CollaborationGroupPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Collaboration, models.CASCADE)


class BodyUserPermission(PersonalRight):
    content_object = models.ForeignKey(Body, models.CASCADE)


class BodyGroupPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Body, models.CASCADE)


class OrganisationUserPermission(PersonalRight):
    content_object = models.ForeignKey(Organisation, models.CASCADE)


class OrganisationGroupPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Organisation, models.CASCADE)
