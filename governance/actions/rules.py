"""The rules a body decides by, from a day on (rule 5)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from digivesteralen.ui import wording
from governance.actions.bodies import seen
from governance.models import Body, Meeting, RuleProfile

RIGHT = "governance.manage_collaboration"
HELD = [Meeting.State.IN_PROGRESS, Meeting.State.HELD, Meeting.State.REMARKS, Meeting.State.APPROVED]


@transaction.atomic
def set_rules(*, body: Body, rules: str, by: Any, since: date | None = None, **facts: Any) -> RuleProfile:
    """Let other rules hold from a day; without a day they are the first, and hold from the start.

    What chapter 11 settles is settled, whatever is asked for. Rules that a treatment has followed stay as they were.
    """
    body = Body.objects.select_for_update(of=["self"]).get(pk=body.pk)
    require(by, RIGHT, on=body.collaboration)
    seen(facts.get("resolution"), by)
    _nothing_followed_others(body, since)
    wanted = facts | RuleProfile.settled(rules) | {"rules": rules}
    profile = body.profiles.filter(since=since).first() or RuleProfile(body=body, since=since, version=0)
    for fact, value in wanted.items():
        setattr(profile, fact, value)
    profile.version += 1
    profile.full_clean(exclude=["body"])
    profile.save()
    return profile


def _nothing_followed_others(body: Body, since: date | None) -> None:
    if body.meetings.filter(written=True, state=Meeting.State.CALLED).exists():
        raise NotAllowedNow(
            _("A written treatment is out for answers under the rules as they are. Close it before you change them.")
        )
    followed = body.meetings.filter(state__in=HELD, starts_at__isnull=False)
    if since is not None:
        followed = followed.filter(starts_at__date__gte=since)
    if last := followed.order_by("-starts_at").first():
        raise NotAllowedNow(
            _("The meeting %(meeting)s on %(day)s followed the rules as they were. Choose a later day.")
            % {"meeting": last.label, "day": wording.day(last.starts_at)}
        )
