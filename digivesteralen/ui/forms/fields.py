import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import richtext, wording
from digivesteralen.ui.forms import widgets


class DateField(forms.DateField):
    """A day: 12.12.2026, 12.12.26, 12. desember 2026 or 2026-12-12."""

    widget = widgets.DayInput
    default_error_messages = {"invalid": _("Write the day like 12.12.2026.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%d.%m.%Y", "%Y-%m-%d", "%d.%m.%y", "%d/%m/%Y", "%d %m %Y"])
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        return super().to_python(_month_to_number(value) if isinstance(value, str) else value)


def _month_to_number(text: str) -> str:
    text = " ".join(text.split())
    for number, name in MONTHS.items():
        text = re.sub(rf"\.?\s+{re.escape(str(name))}\s+", f".{number}.", text, flags=re.IGNORECASE)
    return text


class TimeField(forms.TimeField):
    """A time of day: 14.30, 14:30 or 14."""

    widget = widgets.ClockInput(attrs={"size": 6})
    default_error_messages = {"invalid": _("Write the time like 14.30.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%H.%M", "%H:%M", "%H", "%H%M", "%H:%M:%S"])
        super().__init__(**kwargs)

    def strptime(self, value: str, format: str) -> time:
        text = value.lower().removeprefix("kl.").strip()
        return datetime.strptime(text, format).time()  # noqa: DTZ007 -- a time of day has no zone


class NumberField(forms.DecimalField):
    """A number as Norwegians write it: 1 200,5. Spaces, thin and no-break spaces and the unit are read past."""

    default_error_messages = {"invalid": _("Write a number, with a comma before the decimals.")}

    def __init__(self, *, unit: Any = "", **kwargs: Any) -> None:
        kwargs.setdefault("widget", widgets.AmountInput(unit=unit, attrs={"inputmode": "decimal", "size": 14}))
        super().__init__(**kwargs)
        self.localize = False
        self.unit = str(unit)

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str):
            return super().to_python(value)
        text = _plain_number(value, self.unit)
        if not text:
            return super().to_python("")
        try:
            return super().to_python(Decimal(text))
        except InvalidOperation:
            message = self.error_messages["invalid"]
            raise ValidationError(message, code="invalid", params={"value": value.strip()}) from None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


def _plain_number(text: str, unit: str) -> str:
    text = re.sub(r"\s", "", text.lower()).replace(wording.MINUS, "-").replace(",-", "")
    text = text.replace("kr.", "").replace("kr", "").replace("nok", "").removesuffix(unit.lower())
    if "," in text or re.fullmatch(r"-?\d{1,3}(\.\d{3})+", text):
        text = text.replace(".", "")
    return text.replace(",", ".")


class MoneyField(NumberField):
    """An amount in kroner, exact to the øre."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(unit="kr", **kwargs)


class TextField(forms.CharField):
    """Running text in a box that grows; a limit is counted while one writes and never cuts the text off."""

    def __init__(self, *, rows: int = 4, limit: int | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows, "cols": False}))
        super().__init__(**kwargs)
        self.limit = limit

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")

    def validate(self, value: str) -> None:
        super().validate(value)
        if self.limit and len(value) > self.limit:
            message = _("The text is %(length)s characters long. Write %(limit)s at most.")
            raise ValidationError(message, code="too_long", params={"length": len(value), "limit": self.limit})


class RichField(forms.CharField):
    """Text with headings, lists and tables, cleaned by the allow-list of ``richtext``."""

    widget = widgets.RichInput

    def to_python(self, value: Any) -> str:
        try:
            return richtext.clean(str(super().to_python(value)))
        except richtext.TooMuch as wrong:
            raise ValidationError(str(wrong), code="too_much") from wrong


class RadioField(forms.ChoiceField):
    """One of a few answers, each with an explanation where that helps."""

    widget = widgets.Choices

    def __init__(self, *, hints: dict[Any, Any] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("widget", widgets.Choices(hints=hints))
        super().__init__(**kwargs)


class CheckboxesField(forms.MultipleChoiceField):
    """Any number of a few answers."""

    widget = widgets.MultipleChoices

    def __init__(self, *, hints: dict[Any, Any] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("widget", widgets.MultipleChoices(hints=hints))
        super().__init__(**kwargs)


class FileField(forms.FileField):
    """One uploaded file of a known type and a bearable size."""

    default_error_messages = {
        "missing": _("Choose a file."),
        "empty": _("The file is empty. Choose another."),
        "type": _("%(name)s cannot be used here. Choose a file of type %(types)s."),
        "size": _("%(name)s is %(size)s. The file may be %(limit)s at most."),
    }

    def __init__(self, *, types: Sequence[str] = (), max_mb: int = 20, **kwargs: Any) -> None:
        self.types, self.max_mb = tuple(kind.lower() for kind in types), max_mb
        kwargs.setdefault("widget", forms.FileInput())
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"accept": ",".join(self.types)} if self.types else {}

    def to_python(self, data: Any) -> Any:
        upload = super().to_python(data)
        if upload is None:
            return None
        if self.types and PurePath(upload.name or "").suffix.lower() not in self.types:
            self._refuse("type", name=upload.name, types=", ".join(self.types))
        if upload.size > self.max_mb * 1_000_000:
            limit = wording.size(self.max_mb * 1_000_000)
            self._refuse("size", name=upload.name, size=wording.size(upload.size), limit=limit)
        return upload

    def _refuse(self, code: str, **params: Any) -> None:
        raise ValidationError(self.error_messages[code], code=code, params=params)
