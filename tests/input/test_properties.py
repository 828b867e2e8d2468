"""Whatever people write, each parser of input gives a value that can be kept, or a sentence (T08, T19, ASVS 2.2)."""

from __future__ import annotations

import io
import math
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from email import message_from_bytes
from typing import Any

import pytest
from django import forms as plain
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.core.management import CommandError
from django.http import FileResponse, QueryDict
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as some
from icalendar import Calendar

from digivesteralen.documents import files, uploads
from digivesteralen.mail import bounces
from digivesteralen.mail.models import Letter
from digivesteralen.spreadsheets import values, writing
from digivesteralen.ui import forms, moments, richtext, wording
from digivesteralen.ui.numbers import whole
from governance import calendars
from governance.management.commands import minutes
from governance.models import Body, Collaboration, Meeting, Person
from portfolio import periods
from portfolio.forms import filters
from surveys.forms.surveys import QuestionForm
from surveys.places import Places

# What is typed where a number or a day is asked for, and what is not.
TYPED = some.one_of(
    some.text(max_size=40),
    some.text(alphabet="0123456789 .,-−:/+eExktNnaifkvo²٣\u00a0\u202f", max_size=24),
)
CELL = some.one_of(
    TYPED, some.none(), some.booleans(), some.integers(), some.floats(), some.decimals(allow_nan=False),
    some.dates(), some.datetimes(),
)  # fmt: skip


@given(TYPED)
@example("²")
@example("9" * 5000)
def test_what_an_address_or_a_button_names_is_a_number_of_ours_or_none(typed: str) -> None:
    found = whole(typed)

    assert found is None or 0 <= found < 2**31


@given(CELL)
@example(float("inf"))
@example(float("nan"))
@example("1e400")
def test_a_cell_is_a_number_or_told(cell: Any) -> None:
    for parse in (values.number, values.money):
        try:
            found = parse(cell)
        except ValueError as told:
            assert "«" in str(told), "a sentence of ours"
        else:
            assert found is None or found.is_finite()


@given(CELL)
@example(float("inf"))
@example(float("nan"))
@example(Decimal("1e30"))
def test_a_cell_is_a_day_or_told(cell: Any) -> None:
    try:
        found = values.date(cell)
    except ValueError as told:
        assert "«" in str(told), "a sentence of ours"
    else:
        assert found is None or (type(found) is date)


@given(CELL)
def test_a_cell_is_yes_no_or_told(cell: Any) -> None:
    try:
        assert values.yes_no(cell) in (True, False, None, values.EMPTY)
    except ValueError as told:
        assert "«" in str(told)


@given(CELL)
@example("١٨٧٠")
def test_a_cell_is_the_number_of_a_municipality_or_told(cell: Any) -> None:
    try:
        found = values.municipality_number(cell)
    except ValueError as told:
        assert "«" in str(told)
    else:
        assert len(found) == 4 and found.isascii() and found.isdigit()


FIELDS: dict[str, plain.Field] = {
    "money": forms.MoneyField(),
    "number": forms.NumberField(max_digits=12, decimal_places=2),
    "day": forms.DateField(),
    "clock": forms.TimeField(),
    "text": forms.TextField(limit=30),
    "rich": forms.RichField(),
}


@pytest.mark.parametrize("name", FIELDS)
@given(typed=TYPED)
@example("1e999999999")
@example("-0")
@example("NaN")
@example("٣")
@example("00.00.0000")
@example("31. desember 2026")
def test_a_field_holds_what_the_database_can_keep_or_says_why(name: str, typed: str) -> None:
    try:
        found = FIELDS[name].clean(typed)
    except ValidationError as told:
        assert all(told.messages)
        return
    if isinstance(found, Decimal):
        assert math.isfinite(found) and abs(found) < 10**12
    if isinstance(found, str):
        assert "\x00" not in found


@given(some.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False))
def test_money_is_read_as_it_is_shown(amount: Decimal) -> None:
    assert forms.MoneyField().clean(wording.money(amount)) == amount


@given(some.dates(min_value=date(1900, 1, 1)))
def test_a_day_is_read_as_it_is_shown(day: date) -> None:
    if 1900 <= day.year <= 2999:
        assert forms.DateField().clean(wording.short_day(day)) == day
        assert values.date(wording.short_day(day)) == day


@given(some.dates(min_value=date(1970, 1, 1), max_value=date(2100, 1, 1)), some.times())
def test_a_moment_keeps_its_day_and_its_clock(day: date, clock: Any) -> None:
    """Also on the two nights of a year when the clock is turned: what is not there is asked about."""
    found = moments.moment(day, clock)
    if not moments.is_turned(day, clock):
        local = timezone.localtime(datetime.fromtimestamp(found.timestamp(), tz=timezone.get_current_timezone()))
        assert (local.date(), local.hour, local.minute) == (day, clock.hour, clock.minute)


@given(some.text(max_size=300))
@example("../../etc/x.xlsx")
@example('a"b\r\nX: y.xlsx')
@example("\u202exslx.exe")
@example("\ud800.pdf")
@example("a" * 300 + ".xlsx")
@example("CON.pdf")
def test_a_file_name_is_one_line_and_one_name(name: str) -> None:
    """T06: nothing that ends a header, leaves the folder or turns the direction of writing."""
    kept = files.clean_name(name)
    assert kept and len(kept) <= 120
    assert kept.isprintable() and not set(kept) & set('/\\<>:"|?*\r\n')
    assert kept not in (".", "..") and files.clean_name(kept) == kept
    told = FileResponse(io.BytesIO(), as_attachment=True, filename=kept).headers["Content-Disposition"]
    assert told.startswith("attachment; filename") and told.isascii() and "\n" not in told


@given(some.binary(max_size=200))
@example(b"%PDF-1.7")
@example(b"PK\x03\x04")
@example(b"\xd0\xcf\x11\xe0")
def test_an_upload_is_taken_or_refused_with_its_name(content: bytes) -> None:
    try:
        accepted = uploads.accept(SimpleUploadedFile("fil.pdf", content))
    except ValidationError as told:
        assert "«fil.pdf»" in told.messages[0]
    else:
        assert accepted.file_name.endswith(uploads.ENDINGS[accepted.mime])


@given(some.text(max_size=60))
@example("a\x07b\x0bc\x7f\ufffed")
def test_nothing_that_nobody_sees_gets_in_by_a_form(sent: str) -> None:
    """T19: a bell or a vertical tab has no glyph in any font, and breaks a document for the archive."""

    class Form(forms.DsForm):
        title = plain.CharField(required=False, strip=False)

    form = Form({"title": sent})
    assert form.is_valid()
    kept = form.cleaned_data["title"]
    assert not [letter for letter in kept if (letter < " " and letter not in "\t\n\r") or letter in "\x7f\ufffe\uffff"]
    assert [letter for letter in sent if letter.isalnum()] == [letter for letter in kept if letter.isalnum()]


# --- what the municipalities' own sheets and letters say ------------------------------------------------

PERIOD = some.one_of(
    CELL,
    some.from_regex(r"\d{1,5}\.? ?(halvår|H) ?\d{0,9}|\d{1,3}[./-]\d{1,6}|(mai|august) \d{1,9}", fullmatch=True),
)


@given(PERIOD)
@example("²/2026")
@example("1. halvår 9999999999")
@example("0.2026")
def test_a_period_of_a_sheet_is_one_that_the_portal_keeps_or_none(said: Any) -> None:
    found = periods.read(said)

    assert found is None or periods.FIRST_YEAR <= found.starts_on.year <= periods.LAST_YEAR


@pytest.mark.django_db
def test_any_letter_that_comes_back_is_read_or_left_alone(settings: Any) -> None:
    """Also one that was signed by us: what stands in it is written by a stranger's server."""
    settings.EMAIL_BOUNCE_ADDRESS = "retur@portal.example"
    to = f"To: {bounces.return_address(Letter(pk=7))}\n".encode()
    report = b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n"

    @given(some.binary(max_size=300), some.sampled_from([b"", b"Action: failed\n", b"Action: delayed\nStatus: "]))
    def comes_back(content: bytes, action: bytes) -> None:
        for letter in (content, to + content, to + report + action + content, to + report + b"a: b\n\n" + action):
            assert bounces.read(message_from_bytes(letter)) in bounces.Outcome

    comes_back()


@pytest.mark.django_db
def test_no_words_of_a_stranger_name_a_municipality_elsewhere(digi: Any) -> None:
    places = Places(digi)
    ours = set(places.by_pk.values())

    @given(TYPED)
    @example("1870")
    def named(said: str) -> None:
        found = {places.named(said), places.of_email(said), places.of_email(f"kari@{said}.kommune.no")}
        assert found - {None} <= ours

    named()


class Line(forms.DsForm):
    said = plain.CharField(required=False)


def kept(typed: str) -> str:
    """What a field of one line keeps of what is typed."""
    form = Line({"said": typed})
    assert form.is_valid()
    return str(form.cleaned_data["said"])


@given(some.text(max_size=60))
@example("Sak\r\nBcc: alle@sortland.example")
@example("Sak\u2028\x85\ttre")
def test_a_field_of_one_line_keeps_one_line(typed: str) -> None:
    """A title is the subject of an e-mail, the name of a file and a line of a calendar."""
    found = kept(typed)

    assert len(found.splitlines()) <= 1
    assert EmailMessage(subject=found, body="x", to=["kari@sortland.example"]).message()["Subject"] is not None


KEPT = some.text(min_size=1, max_size=60).map(kept).filter(bool)
OF_A_MEETING = {
    "uid", "sequence", "dtstamp", "dtstart", "dtend", "summary", "location", "description", "url", "status",
    "organizer", "attendee",
}  # fmt: skip


@pytest.mark.parametrize("method", ["REQUEST", "PUBLISH"])
def test_whatever_people_call_things_a_calendar_says_it_and_nothing_more(method: str) -> None:
    """No name of a body, a place or a person begins a line, a part or a parameter of its own."""
    starts_at = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    @given(KEPT, KEPT, KEPT)
    @example('Kari "KB" Nordmann', "Rådet; med, komma: og \\n", "Rom 1; BEGIN:VEVENT")
    @example("Kari^nNordmann", "a" * 300, "x")
    def reads_back(person: str, body: str, place: str) -> None:
        collaboration = Collaboration(name=body, slug="vesteralen")
        meeting = Meeting(pk=7, starts_at=starts_at, place=place, state=Meeting.State.CALLED, year=2026, number=1)
        meeting.body = Body(name=body, slug="styret", collaboration=collaboration)
        if method == "PUBLISH":
            content = calendars.published([meeting], body)
        else:
            _method, content = calendars.invitation(meeting, Person(name=person, email="kari@sortland.example"))
        read = Calendar.from_ical(content)
        (event,) = read.events

        assert max(map(len, content.splitlines())) <= 75
        assert event["location"] == place
        assert event["summary"].startswith(body)
        assert {key.lower() for key in event} <= OF_A_MEETING

    reads_back()


@given(some.text(max_size=200))
@example("q=%00&sort=cost&sort=&municipality=1870&next=//evil.example")
@example("a" * 150)
def test_of_an_address_only_what_one_looks_at_is_kept_with_a_filter(said: str) -> None:
    found = filters.kept(QueryDict(said.encode(errors="replace")))

    assert set(QueryDict(found)) <= set(filters.KEPT)
    assert filters.kept(QueryDict(found)) == found, "what was kept is kept as it is"


@given(
    some.lists(some.one_of(TYPED, some.from_regex(r"[a-zæøå ]{0,9} ?= ?[0-9?]{0,12}\??", fullmatch=True)), max_size=6)
)
@example(["Innkjøp = 99999999999"])
@example(["= 12", "A = ²", "A = ٣"])
def test_choices_of_a_question_are_kept_with_their_figures_or_told(lines: list[str]) -> None:
    form = QuestionForm({"kind": "multiple", "text": "Hva?", "number": "1", "choices": "\n".join(lines)})

    if form.is_valid():
        for option in form.facts()["options"]:
            assert 0 < len(option["text"]) <= 1000
            assert 0 <= (option.get("reported_count") or 0) < 2**31
    else:
        assert form.errors["choices"]


@given(some.text(max_size=100).filter(lambda name: name.isprintable()))
@example('a"; filename="b.html')
@example("Sak 12/26 – Åse.xlsx")
def test_a_workbook_s_name_ends_no_header(name: str) -> None:
    """T06: also where a collaboration's or a list's own name stands in the name of the file."""
    told = writing.response([], file_name=f"{name}.xlsx").headers["Content-Disposition"]

    assert told.isascii() and len(told.splitlines()) == 1
    assert re.fullmatch(r"attachment; filename(=\"([^\"\\]|\\.)*\"|\*=utf-8''[^\"; ]*)", told)


HTML = some.lists(
    some.one_of(
        some.text(max_size=12),
        some.sampled_from(
            ["<p>", "</p>", "<ul><li>", "</ul>", "<h3>", "<table><tr><td colspan=9>", "</td>", "<script>",
             "<svg onload=x>",
             '<a href="javascript:x">', "<a href='https://x.example'>", "<!--", "-->", "<![CDATA[", "&lt;b&gt;", "&#0;",
             '<img src=x onerror="x">', "<style>*{}", "</style>", "<math><mtext>", "<iframe srcdoc=x>"]
        ),
    ),
    max_size=8,
).map("".join)  # fmt: skip
RUNS = re.compile(
    r"<\s*/?\s*(script|style|svg|img|iframe|math)\b|<[^>]*\s(on\w+|style|colspan)\s*=|href=.javascript", re.IGNORECASE
)


@given(HTML)
def test_formatted_text_is_cleaned_once_and_stays_as_it_is(written: str) -> None:
    """T13: what is kept holds nothing that runs or is fetched, and is not changed again where it is drawn."""
    try:
        kept = richtext.clean(written)
    except richtext.TooMuch as told:
        assert str(told)
        return
    assert richtext.clean(kept) == kept
    assert not RUNS.search(richtext.shown(kept))


@pytest.mark.django_db
def test_a_command_takes_the_number_of_a_meeting_or_says_how_it_is_written() -> None:
    @given(some.one_of(TYPED, some.from_regex(r"\d{0,12}/\d{0,12}", fullmatch=True)))
    @example("1/2026/")
    @example("²/2026")
    def named(said: str) -> None:
        with pytest.raises(CommandError, match="no meeting"):
            minutes.find("vesteralen", "styringsgruppen", said)

    named()
