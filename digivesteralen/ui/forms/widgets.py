from datetime import date, time
from decimal import Decimal
from typing import Any

from django import forms

from digivesteralen.ui import wording


class DayInput(forms.TextInput):
    """A day written the Norwegian way, with a button that opens the browser's calendar.

    Not ``type=date``: that shows month before day wherever the device is set to English.
    """

    template_name = "ds/widgets/date.html"

    def format_value(self, value: Any) -> str | None:
        return f"{value:%d.%m.%Y}" if isinstance(value, date) else value


class ClockInput(forms.TextInput):
    def format_value(self, value: Any) -> str | None:
        return f"{value:%H.%M}" if isinstance(value, time) else value


class AmountInput(forms.TextInput):
    """A number with its unit beside it: 1 200 000,50 kr."""

    template_name = "ds/widgets/amount.html"

    def __init__(self, unit: Any = "", attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.unit = unit

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["unit"] = self.unit
        return context

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            whole = value == int(value)
            return wording.number(value, 0 if whole else None if self.unit != "kr" else 2)
        return value


class RichInput(forms.Textarea):
    """A box for text that becomes an editor where there is script."""

    template_name = "ds/widgets/rich.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"cols": False, "rows": 6, "data-rich": True, **(attrs or {})})


class Choices(forms.RadioSelect):
    """Radio buttons or boxes, each with a line that explains it."""

    template_name = "ds/widgets/choices.html"
    option_template_name = "ds/widgets/choice.html"
    outline = False

    def __init__(self, *args: Any, hints: dict[Any, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hints = hints or {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        hint = self.hints.get(value, self.hints.get(str(value), ""))
        if hint:
            option["hint"] = hint
            option["attrs"]["aria-describedby"] = f"{option['attrs'].get('id', name)}_hint"
        option["outline"] = bool(self.hints)
        return option


class MultipleChoices(Choices):
    allow_multiple_selected = True
    input_type = "checkbox"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        getter = getattr(data, "getlist", data.get)
        return getter(name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False
