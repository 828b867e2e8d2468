"""Minutes, follow-up and the public pages in a browser: nothing spills over at either width, and axe finds nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from digivesteralen.accounts.models import User
from governance import minutes as documents
from governance.actions import collaborations, follow_up, minutes, running
from governance.models import Body, Collaboration, Meeting, ResolutionPoint, RuleProfile
from tests.browser import faults_of
from tests.governance.meeting_helpers import a_case, a_meeting, begun, held, the_item

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def published(digi: Collaboration, steering: Body, secretary: User, directors: dict[str, User]) -> Meeting:
    """Approved by silence with one exempt case, published and corrected."""
    collaborations.change_collaboration(collaboration=digi, public_pages=True, by=secretary)
    secret = a_case(steering, secretary, "Skjermet", exempt=True, legal_ground="offentleglova § 23 første ledd")
    asked = a_case(steering, secretary, "Felles anskaffelse av sakarkivsystem", asks_municipalities=True)
    sent = timezone.now() - timedelta(days=30)
    meeting = minutes.send_minutes(meeting=held(steering, secretary, secret, asked), at=sent, by=secretary)
    meeting = minutes.approve_minutes(meeting=meeting, by=secretary)
    minutes.publish_minutes(meeting=meeting, by=secretary)
    documents.stored(meeting, public=True)
    return meeting


@pytest.fixture
def out(steering: Body, secretary: User, directors: dict[str, User], published: Meeting) -> Meeting:
    """To be signed, with a remark and a point that somebody owns."""
    RuleProfile.objects.filter(body=steering).delete()
    RuleProfile.objects.create(body=steering, minutes_approval="signed")
    meeting = begun(steering, secretary, a_case(steering, secretary, "Felles vakt"))
    points: list[running.Point] = [
        {"text": "Hente tilbud", "responsible": "Direktør Bø", "deadline": timezone.localdate() - timedelta(days=2)}
    ]
    running.resolve(item=the_item(meeting), outcome="changed", points=points, by=secretary)
    meeting = minutes.send_minutes(meeting=running.end_meeting(meeting=meeting, by=secretary), by=secretary)
    minutes.remark_on_minutes(meeting=meeting, approves=False, text="KS var også der.", by=directors["Bø"])
    return meeting


def test_every_page_is_whole_and_accessible(
    browser: Browser, live_server: Any, secretary: User, directors: dict[str, User], published: Meeting, out: Meeting
) -> None:  # fmt: skip
    point = ResolutionPoint.objects.get(text="Hente tilbud")
    follow_up.set_review(
        case=published.items.all()[0].case, review_on=timezone.localdate() + timedelta(days=9), by=secretary
    )
    new = a_case(out.body, secretary, "Videre vakt")
    planned = a_meeting(out.body, secretary, in_days=10)
    public = f"/offentlig/vesteralen/moter/{published.body.slug}/{published.number}-{published.year}/"
    seen: list[tuple[User | None, str]] = [
        (None, "/offentlig/vesteralen/"),
        (None, public),
        (secretary, published.get_absolute_url()),
        (secretary, out.get_absolute_url()),
        (secretary, f"{out.get_absolute_url()}referat/"),
        (secretary, f"{out.get_absolute_url()}referat/merknad/{out.remarks.get().pk}/"),
        (secretary, f"{planned.get_absolute_url()}saksliste/"),
        (secretary, the_item(out).case.get_absolute_url()),
        (secretary, f"/vesteralen/saker/{new.pk}/tidligere-vedtak/"),
        (secretary, f"/vesteralen/saker/{new.pk}/siter/organ/{the_item(out).pk}/"),
        (directors["Bø"], f"{out.get_absolute_url()}referat/"),
        (directors["Bø"], "/vesteralen/oppfolging/"),
        (directors["Bø"], "/kommune/1867/oppfolging/"),
        (directors["Bø"], point.get_absolute_url()),
    ]
    assert faults_of(browser, live_server, seen, unfolded=False) == []
