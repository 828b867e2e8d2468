"""Tags and filters of every template (a builtin library: no ``load`` needed)."""

from itertools import zip_longest
from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.template.context import Context, RequestContext
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info, gettext

from digivesteralen.ui import icons, menu, rendering, richtext, wording
from digivesteralen.ui.charts import Chart

register = template.Library()

register.filter("kr", wording.money)
register.filter("tall", wording.number)
register.filter("prosent", wording.percent)
register.filter("dato", wording.day)
register.filter("ukedag", wording.weekday)
register.filter("dato_kort", wording.short_day)
register.filter("klokke", wording.clock)
register.filter("tidspunkt", wording.moment)
register.filter("in_fours", wording.in_fours)
register.filter("nettleser", wording.browser)
register.filter("storrelse", wording.size)
register.filter("rich", richtext.shown)

register.simple_tag(icons.icon, name="icon")


@register.simple_tag(takes_context=True)
def csrf_token(context: Context) -> SafeString:
    """Django's own; for one with roles for several, also whom the page was shown for (governance.on_behalf)."""
    token = CsrfTokenNode().render(context)
    shown_for = getattr(getattr(getattr(context, "request", None), "acting", None), "shown_for", None)
    field = "{}" if shown_for is None else '{}<input type="hidden" name="shown_for" value="{}">'
    return format_html(field, token, shown_for)


@register.simple_tag
def tag(text: Any, color: str = "neutral") -> SafeString:
    """A short state in words; the colour only supports it."""
    return format_html('<span class="ds-tag" data-size="sm" data-color="{}">{}</span>', color or "neutral", text)


@register.simple_block_tag
def panel(content: str, title: Any, level: int = 2, color: str = "", id: str = "") -> SafeString:
    """A card with a heading, for facts beside the main text."""
    tint = format_html(' data-variant="tinted" data-color="{}"', color) if color else ""
    anchor = format_html(' id="{}"', id) if id else ""
    size = "xs" if level == 2 else "2xs"
    return format_html(
        '<section class="ds-card p-stack p-tight"{}{}><h{} class="ds-heading" data-size="{}">{}</h{}>{}</section>',
        tint,
        anchor,
        level,
        size,
        title,
        level,
        mark_safe(content),  # noqa: S308 -- the block's own output, escaped where it was written
    )


@register.simple_block_tag
def alert(content: str, color: str, title: Any = "", level: int = 2) -> SafeString:
    """A message in the page, with an icon from the style sheet."""
    heading = format_html('<h{} class="ds-heading" data-size="2xs">{}</h{}>', level, title, level) if title else ""
    body = mark_safe(content)  # noqa: S308 -- the block's own output, escaped where it was written
    return format_html('<div class="ds-alert" data-color="{}">{}{}</div>', color, heading, body)


@register.inclusion_tag("ds/chart.html")
def chart(chart: Chart, excel: str = "", numbers: dict[str, Any] | None = None) -> dict[str, Any]:
    """A figure with its numbers as a table; ``numbers`` says more than the figure draws, where there is more to say."""
    return {"chart": chart, "excel": excel, "numbers": numbers or chart.table()}


@register.simple_tag(takes_context=True)
def table(context: RequestContext, table: Any) -> SafeString:
    return table.as_html(context["request"])


@register.inclusion_tag("ds/_field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """Label, help, control and errors of one field of any form."""
    return rendering.pieces(bound)


@register.inclusion_tag("ds/errors.html")
def errors(*parts: Any) -> dict[str, Any]:
    """The summary of all that must be corrected, over one or more forms and formsets."""
    found: list[tuple[str, Any]] = []
    for part in parts:
        for form in getattr(part, "forms", [part]):
            found.extend(("", error) for error in form.non_field_errors())
            for bound in form:
                found.extend((rendering.target(bound), error) for error in bound.errors)
        if hasattr(part, "non_form_errors"):
            found.extend(("", error) for error in part.non_form_errors())
    return {"found": found}


@register.inclusion_tag("ds/crumbs.html")
def crumbs(*trail: Any) -> dict[str, Any]:
    """Pairs of text and address; the last text stands alone: the page one is on."""
    steps = list(zip_longest(trail[::2], trail[1::2]))
    parent = next((step for step in reversed(steps) if step[1]), None)
    return {"steps": steps, "parent": parent}


@register.simple_tag(takes_context=True)
def main_menu(context: RequestContext) -> list[menu.Link]:
    """The main menu for this person in this collaboration."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated:
        return []
    return menu.links(user, context.get("collaboration") or None, request.path)


@register.filter
def own_name(code: str) -> str:
    """A language by the name its speakers use."""
    return get_language_info(code)["name_local"].capitalize()


@register.simple_tag
def words_for_scripts() -> dict[str, str]:
    """What the scripts say on the page, in its language; {…} is filled in by the script."""
    return {
        "left": gettext("{n} characters left"),
        "over": gettext("{n} characters too many"),
        "found": gettext("Text from {when} was not saved. It is kept in this browser."),
        "restore": gettext("Bring the text back"),
        "discard": gettext("Throw it away"),
        "kept": gettext("Your text is kept in this browser until it is saved"),
        "saved": gettext("Saved {at}"),
        "retrying": gettext("Not saved – trying again"),
        "signedOut": gettext("Not saved – sign in again in another tab"),
        "restored": gettext("The text is back. Remember to save it."),
        "copied": gettext("Copied. Paste it into the document."),
        "copiedText": gettext("Copied."),
        "noPasskey": gettext(
            "The passkey was not used: the browser got none, or you stopped. Try again, or choose another way."
        ),
        "noPasskeyHere": gettext(
            "The browser uses no passkeys at this address. Open the portal at the address that it has in its e-mails."
        ),
        "notCopied": gettext("The browser did not allow copying."),
        "savedAt": gettext("Saved {at}"),
        "notSaved": gettext("Not saved – trying again"),
        "bothWrote": gettext("Not saved: somebody else has written this meanwhile. Yours stands above."),
        "keepMine": gettext("Keep mine"),
        "takeTheirs": gettext("Use theirs"),
    }
