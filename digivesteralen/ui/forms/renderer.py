"""How the widgets of all forms are drawn: by their templates, and a list of choices without them.

A list of two hundred municipalities is four hundred templates to Django, and many pages of a large collaboration
have one.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

SELECT, OPTION = "django/forms/widgets/select.html", "django/forms/widgets/select_option.html"


class PortalRenderer(TemplatesSetting):
    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name == SELECT and (drawn := _select(context["widget"])) is not None:
            return drawn
        return super().render(template_name, context, request)


def _select(widget: Mapping[str, Any]) -> SafeString | None:
    """The same as Django's template; nothing where an option is drawn by a template of its own."""
    parts = [f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget["attrs"])}>']
    for heading, options, _index in widget["optgroups"]:
        if any(option["template_name"] != OPTION for option in options):
            return None
        inside = "".join(_options(options))
        parts.append(f'<optgroup label="{_shown(heading)}">{inside}</optgroup>' if heading else inside)
    return mark_safe("".join([*parts, "</select>"]))  # noqa: S308 -- every part is escaped here


def _options(options: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for option in options:
        value = conditional_escape(str(option["value"]))
        yield f'<option value="{value}"{_attributes(option["attrs"])}>{_shown(option["label"])}</option>'


def _shown(value: Any) -> str:
    return conditional_escape(localize(value))


def _attributes(attrs: Mapping[str, Any]) -> str:
    return "".join(
        f" {conditional_escape(name)}" + ("" if value is True else f'="{conditional_escape(str(value))}"')
        for name, value in attrs.items()
        if value is not False
    )
