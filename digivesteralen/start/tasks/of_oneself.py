"""What waits of the person's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from digivesteralen.documents.models import Job
from digivesteralen.start.tasks.task import Task


def failed_jobs(user: Any) -> Iterator[Task]:
    """What the person asked for and did not get."""
    for job in Job.objects.filter(asked_by=user, state="failed").newest_first()[:5]:
        yield Task(_("A document could not be made. Try again"), job.get_absolute_url(), _("Documents"))


def own_account(user: Any) -> Iterator[Task]:
    """Whoever runs the installation signs in with two steps."""
    if user.is_staff and not user.authenticator_set.exists():
        yield Task(_("Turn on two-step sign-in for your account"), reverse("security"), _("Sign-in and security"))
