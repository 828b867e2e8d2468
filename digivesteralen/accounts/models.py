from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):
    """One person's way in: e-mail, name and how the pages shall look. What a person may do is an appointment."""

    class ColorScheme(models.TextChoices):
        AUTO = "auto", _("as the device")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(
        _("language"), max_length=2, choices=[("nb", "Bokmål"), ("en", "English")], default="nb"
    )
    color_scheme = models.CharField(_("colours"), max_length=5, choices=ColorScheme, default=ColorScheme.AUTO)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("runs the installation"), default=False)
    date_joined = models.DateTimeField(_("since"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        return "".join(part[0] for part in self.name.split()[:1] + self.name.split()[1:][-1:]).upper()


class PersonalRight(UserObjectPermissionBase):
    """A right held in person and not by a role's group: always for a time, which the row itself says.

    A row that was made without its time (by guardian's own shortcuts) is over when it is made.
    """

    since = models.DateTimeField(db_default=Now())
    until = models.DateTimeField(db_default=Now())

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True


@pghistory.track()
class Invitation(models.Model):
    """A way in that the secretariat sends: used once, by whoever reads the person's e-mail, before its last moment."""

    user = models.ForeignKey(User, models.CASCADE, related_name="invitations", verbose_name=_("user"))
    sent = models.DateTimeField(_("sent"), default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("sent by")
    )
    until = models.DateTimeField(_("holds until"))
    accepted = models.DateTimeField(_("used"), null=True, blank=True)
    withdrawn = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="invitation_used_or_withdrawn",
                condition=models.Q(accepted=None) | models.Q(withdrawn=None),
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(accepted=None, withdrawn=None),
                name="one_invitation_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.sent:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.accepted is None and self.withdrawn is None and self.until > timezone.now()


class Brake(models.Model):
    """How often somebody has guessed at a password or a code (T30); Django's cache in the database.

    The names of the columns are Django's. The key is a digest: it tells of no address.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("brake")
        verbose_name_plural = _("brakes")
        default_permissions = ()

    def __str__(self) -> str:
        return self.cache_key
