from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from django import forms as django_forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms.renderers import TemplatesSetting
from django.http import QueryDict
from django.template import engines
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from pytest_django.asserts import assertHTMLEqual

from digivesteralen.ui import forms
from digivesteralen.ui.forms.renderer import SELECT, PortalRenderer


class AnswerForm(forms.DsForm):
    answer = forms.RadioField(
        label="Deltar kommunen?", choices=[("yes", "Ja"), ("no", "Nei")], hints={"yes": "Gjelder fra vedtaket"}
    )
    told = forms.CheckboxesField(label="Hvem", choices=[("a", "A"), ("b", "B")], required=False)
    reason = forms.TextField(label="Begrunnelse", limit=10, help_text="Kort")
    day = forms.DateField(label="Dato", required=False)
    amount = forms.MoneyField(label="Beløp", required=False)


def html(source: str, **context: Any) -> str:
    return engines["django"].from_string(source).render(context)


@pytest.mark.parametrize("written", ["12.12.2026", "2026-12-12", "12.12.26", " 12. desember 2026 ", "12/12/2026"])
def test_a_day_is_read_as_people_write_it(written: str) -> None:
    assert forms.DateField().clean(written) == date(2026, 12, 12)


@pytest.mark.parametrize("written", ["31.02.2026", "12.13.2026", "i morgen"])
def test_a_day_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(django_forms.ValidationError):
        forms.DateField().clean(written)


@pytest.mark.parametrize("written", ["14.30", "14:30", "kl. 14.30", "1430"])
def test_a_time_is_read_as_people_write_it(written: str) -> None:
    assert forms.TimeField().clean(written) == time(14, 30)


def test_an_hour_alone_is_that_hour() -> None:
    assert forms.TimeField().clean("14") == time(14)
    assert forms.TimeField().clean("930") == time(9, 30)


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1 200 000,50", "1200000.50"),
        ("1\N{NO-BREAK SPACE}200\N{NARROW NO-BREAK SPACE}000 kr", "1200000"),
        ("1.200.000,5", "1200000.5"),
        ("1.200", "1200"),
        ("1200.50", "1200.50"),
        ("412,-", "412"),
        ("−5", "-5"),
    ],
)
def test_money_is_read_as_people_write_it(written: str, amount: str) -> None:
    assert forms.MoneyField().clean(written) == Decimal(amount)


@pytest.mark.parametrize("written", ["mye", "1,2,3", "1 000,505", "NaN", "1e5x"])
def test_money_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(django_forms.ValidationError):
        forms.MoneyField().clean(written)


def test_money_and_days_are_shown_as_they_are_read() -> None:
    form = AnswerForm(initial={"amount": Decimal("1200000.50"), "day": date(2026, 3, 1)})
    assert 'value="1\N{NO-BREAK SPACE}200\N{NO-BREAK SPACE}000,50"' in str(form["amount"])
    assert 'value="01.03.2026"' in str(form["day"])


def test_text_over_the_limit_is_kept_and_counted_as_it_was_written() -> None:
    form = AnswerForm({"answer": "yes", "reason": "0123\r\n6789"})
    assert form.is_valid()
    long = AnswerForm({"answer": "yes", "reason": "01234567890"})
    assert not long.is_valid()
    assert "01234567890" in html("{% field form.reason %}", form=long)
    assert "maxlength" not in html("{% field form.reason %}", form=long)


def test_a_field_is_tied_to_its_label_help_and_error() -> None:
    form = AnswerForm({"answer": "yes", "reason": ""})
    field = html("{% field form.reason %}", form=form)
    assert '<label class="ds-label" data-weight="medium" for="id_reason">' in field
    assert 'aria-describedby="id_reason_helptext id_reason_error"' in field
    assert 'id="id_reason_helptext"' in field
    assert 'id="id_reason_error"' in field
    assert 'aria-invalid="true"' in field
    assert " required" not in field


def test_radio_buttons_carry_their_hints() -> None:
    field = html("{% field form.answer %}", form=AnswerForm())
    assert "<fieldset" in field
    assert 'aria-describedby="id_answer_0_hint"' in field
    assert 'id="id_answer_0_hint">Gjelder fra vedtaket' in field
    assert 'aria-describedby="id_answer_1_hint"' not in field


def test_a_chosen_answer_stays_chosen() -> None:
    field = html("{% field form.answer %}{% field form.told %}", form=AnswerForm({"answer": "no", "told": ["b"]}))
    assert field.count(" checked") == 2


def test_the_error_summary_leads_to_the_first_choice() -> None:
    summary = html("{% errors form %}", form=AnswerForm({}))
    assert 'href="#id_answer_0"' in summary
    assert 'href="#id_reason"' in summary
    assert "Deltar kommunen?" in summary
    assert html("{% errors form %}", form=AnswerForm({"answer": "yes", "reason": "x"})).strip() == ""


def test_the_summary_covers_formsets_too() -> None:
    rows = django_forms.formset_factory(AnswerForm, extra=1, min_num=1, validate_min=True)
    formset = rows({"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-reason": "x" * 11})
    summary = html("{% errors form formset %}", form=AnswerForm({}), formset=formset)
    assert 'href="#id_form-0-reason"' in summary
    assert 'href="#id_reason"' in summary


def test_the_version_rides_along_hidden() -> None:
    form = AnswerForm(version=7)
    assert '<input type="hidden" name="version" value="7"' in html('{% include "ds/fields.html" %}', form=form)
    sent = AnswerForm({"answer": "yes", "reason": "x", "version": "6"}, version=7)
    assert sent.is_valid()
    assert sent.cleaned_data["version"] == 6


def test_an_own_sentence_for_a_missing_answer_is_kept() -> None:
    class Own(forms.DsForm):
        name = django_forms.CharField(error_messages={"required": "Skriv navnet."})

    assert Own({}).errors["name"] == ["Skriv navnet."]


def test_folded_fields_open_when_something_in_them_is_wrong() -> None:
    class Long(forms.DsForm):
        name = django_forms.CharField()
        more = django_forms.CharField()
        folded = [("Mer", ["more"])]

    assert "<details" in html('{% include "ds/fields.html" %}', form=Long())
    assert '<details class="ds-details" open>' in html('{% include "ds/fields.html" %}', form=Long({"name": "x"}))
    assert '<details class="ds-details">' in html('{% include "ds/fields.html" %}', form=Long())


class UploadForm(forms.DsForm):
    sheet = forms.FileField(label="Regneark", types=(".xlsx",), max_mb=1)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("a.exe", b"x", "type"), ("a.xlsx", b"", "empty"), ("a.XLSX", b"x" * 1_000_001, "size")],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_name(name: str, content: bytes, code: str) -> None:
    form = UploadForm({}, {"sheet": SimpleUploadedFile(name, content)})
    assert [error.code for error in form.errors.as_data()["sheet"]] == [code]


def test_a_form_with_a_file_is_sent_as_one() -> None:
    page = html('{% include "ds/form.html" with submit="Last opp" draft="x" %}', form=UploadForm())
    assert 'enctype="multipart/form-data"' in page
    assert 'accept=".xlsx"' in page
    assert 'data-draft="x"' in page


def test_a_plain_django_form_is_dressed_too() -> None:
    class Plain(django_forms.Form):
        choice = django_forms.ChoiceField(choices=[("a", "A")], widget=django_forms.RadioSelect)
        name = django_forms.CharField(widget=django_forms.TextInput(attrs={"placeholder": "Navn"}))

    page = html("{% field form.choice %}{% field form.name %}", form=Plain())
    assert page.count('class="ds-input"') == 2
    assert "placeholder" not in page


class Filter(forms.FilterForm):
    q = django_forms.CharField(label="Søk")
    status = django_forms.MultipleChoiceField(label="Status", choices=[("a", "Pågår"), ("b", "Ferdig")])


def test_filters_show_as_chips_that_take_themselves_away() -> None:
    form = Filter(QueryDict("q=arkiv&status=a&status=b&page=3&sort=-name"))
    assert [chip.value for chip in form.chips] == ["arkiv", "Pågår", "Ferdig"]
    assert QueryDict(form.chips[1].url[1:]) == QueryDict("q=arkiv&status=b&sort=-name")
    assert form.reset_url == "?sort=-name"
    assert form.kept == [("sort", "-name")]


def test_no_filter_is_needed() -> None:
    form = Filter(QueryDict(""))
    assert form.is_valid()
    assert not form.is_narrowed


def test_a_list_of_choices_is_drawn_as_django_s_template_draws_it() -> None:
    """The same, also for what must be escaped, for headings among the choices, and where none or several are chosen."""
    under = [(12000, gettext_lazy("yes")), (None, mark_safe("<b>"))]
    choices = [("", "Alle"), ("<1>", 'Bø & "Øksnes"'), ("Vest & øst", under)]
    attrs = {"id": "velg", "required": True, "hidden": False, "data-a": '"', "max": 1200}
    for widget in (django_forms.Select(attrs, choices), django_forms.SelectMultiple(attrs, choices)):
        for value in (None, "<1>", ["", "12000"]):
            told = widget.get_context("hvem", value, {"class": "ds-input"})
            assertHTMLEqual(PortalRenderer().render(SELECT, told), TemplatesSetting().render(SELECT, told))
