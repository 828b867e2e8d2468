from __future__ import annotations

from datetime import date
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from governance.models.bodies import Body
from governance.models.collaborations import Collaboration
from governance.models.organisations import Organisation


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: Any) -> PersonQuerySet:
        """People with an appointment in a collaboration, or in a member of one, that the user may see."""
        collaborations = Collaboration.objects.visible_to(user)
        members = Organisation.objects.filter(memberships__collaboration__in=collaborations)
        appointed = Appointment.objects.filter(
            Q(collaboration__in=collaborations)
            | Q(body__collaboration__in=collaborations)
            | Q(organisation__in=members)
        )
        registered = Person.known_in.through.objects.filter(collaboration__in=collaborations)
        return self.filter(Q(pk__in=appointed.values("person")) | Q(pk__in=registered.values("person")))

    def of(self, collaboration: Collaboration) -> PersonQuerySet:
        """The people of one collaboration: appointed there or in a member, or registered by its secretariat."""
        return self.filter(
            Q(pk__in=Appointment.objects.of(collaboration).values("person"))
            | Q(pk__in=Person.known_in.through.objects.filter(collaboration=collaboration).values("person"))
        )


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
    OBSERVER = "observer", _("observer")
    SECRETARIAT = "secretariat", _("secretariat")
    PROJECT_LEADER = "project_leader", _("project leader")
    SURVEY_ADMIN = "survey_admin", _("survey administrator")
    AUDITOR = "auditor", _("auditor")


AT_ORGANISATION = [Role.DIRECTOR, Role.CONTACT, Role.IT_LEADER]
AT_BODY = [Role.STEERING, Role.SUBSTITUTE, Role.MEMBER, Role.OBSERVER]
AT_COLLABORATION = [Role.SECRETARIAT, Role.PROJECT_LEADER, Role.SURVEY_ADMIN, Role.AUDITOR]


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def active(self, on: date | None = None) -> AppointmentQuerySet:
        day = on or timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)

    def voting(self) -> AppointmentQuerySet:
        return self.filter(role=Role.STEERING)

    def of(self, collaboration: Collaboration) -> AppointmentQuerySet:
        """What is held in the collaboration, its bodies and its members; nothing that is held elsewhere."""
        members = Organisation.objects.filter(memberships__collaboration=collaboration)
        return self.filter(
            Q(collaboration=collaboration) | Q(body__collaboration=collaboration) | Q(organisation__in=members)
        )


@pghistory.track()
class Appointment(models.Model):
    """A person's role, for a period, at one body, collaboration or organisation; access follows it (rule 6)."""

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
    share = models.PositiveSmallIntegerField(_("share of full time, per cent"), null=True, blank=True)
    since = models.DateField(_("from"))
    until = models.DateField(_("until and including"), null=True, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True)
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
                condition=Q(until=None) | Q(until__gte=models.F("since")),
                violation_error_message=_("The last day must be on or after the first."),
            ),
            models.CheckConstraint(
                name="steering_seat_represents_someone",
                condition=~Q(role__in=[Role.STEERING, Role.SUBSTITUTE]) | Q(represents__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["body", "represents"],
                condition=Q(role=Role.STEERING, until=None),
                name="one_open_seat_per_party",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}"

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
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["role", "collaboration", "body", "organisation"], nulls_distinct=False, name="role_group_once"
            )
        ]

    def __str__(self) -> str:
        return self.group.name


class CollaborationUserPermission(UserObjectPermissionBase):
    content_object = models.ForeignKey(Collaboration, models.CASCADE)


class CollaborationGroupPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Collaboration, models.CASCADE)


class BodyUserPermission(UserObjectPermissionBase):
    content_object = models.ForeignKey(Body, models.CASCADE)


class BodyGroupPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Body, models.CASCADE)


class OrganisationUserPermission(UserObjectPermissionBase):
    content_object = models.ForeignKey(Organisation, models.CASCADE)


class OrganisationGroupPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Organisation, models.CASCADE)
