"""Numbers, money, days and hours as people write them, in the language of the page."""

from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext

MINUS = "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"

Number = int | float | Decimal


def _norwegian() -> bool:
    return not (get_language() or "nb").startswith("en")


def number(value: Number | None, decimals: int | None = None) -> str:
    """1 234,5: thousands apart, decimal comma, no decimals that say nothing."""
    if value is None:
        return gettext("unknown")
    return _written(str(value), decimals, get_language())


@lru_cache(maxsize=4096)
def _written(value: str, decimals: int | None, language: str | None) -> str:
    """A list writes the same number on many lines, and many read the same list."""
    exact = Decimal(value)
    if decimals is not None:
        exact = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    elif exact == exact.to_integral_value():
        exact = exact.to_integral_value()
    else:
        exact = exact.normalize()
    text = number_format(abs(exact), use_l10n=True, force_grouping=True)
    return f"{MINUS}{text}" if exact < 0 else text


def money(value: Number | None) -> str:
    """1 200 000 kr; the øre are shown when there are any."""
    if value is None:
        return gettext("unknown")
    exact = Decimal(str(value)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    amount = number(exact, 0 if exact == exact.to_integral_value() else 2)
    return f"{amount}{NO_BREAK}kr" if _norwegian() else f"NOK{NO_BREAK}{amount}"


def percent(share: Number | None, decimals: int = 0) -> str:
    """A share of 0.125 is 12,5 % with one decimal."""
    if share is None:
        return gettext("unknown")
    text = number(Decimal(str(share)) * 100, decimals)
    return f"{text}{NO_BREAK}%" if _norwegian() else f"{text}%"


def _day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def day(value: date | datetime | None) -> str:
    """12. desember 2026."""
    if value is None:
        return ""
    return format_date(_day(value), "j. F Y" if _norwegian() else "j F Y")


def weekday(value: date | datetime | None) -> str:
    """lørdag 12. desember 2026."""
    if value is None:
        return ""
    return format_date(_day(value), "l j. F Y" if _norwegian() else "l j F Y")


def short_day(value: date | datetime | None) -> str:
    """12.12.2026, for tables and fields."""
    if value is None:
        return ""
    return format_date(_day(value), "d.m.Y" if _norwegian() else "d/m/Y")


def clock(value: time | datetime | None) -> str:
    """kl. 14.32."""
    if value is None:
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"kl.{NO_BREAK}{value:%H.%M}" if _norwegian() else f"{value:%H:%M}"


def moment(value: datetime | None) -> str:
    """12. desember 2026 kl. 14.32."""
    if value is None:
        return ""
    return f"{day(value)} {clock(value)}"


def size(octets: int) -> str:
    """212 kB, as beside a link to a file."""
    if octets < 1_000_000:
        return f"{number(max(octets / 1000, 1), 0)}{NO_BREAK}kB"
    if octets < 1_000_000_000:
        return f"{number(octets / 1_000_000, 1)}{NO_BREAK}MB"
    return f"{number(octets / 1_000_000_000, 1)}{NO_BREAK}GB"


def in_fours(key: str) -> str:
    """A long key as it is read aloud and written by hand: «ABCD EFGH …»."""
    return " ".join(key[at : at + 4] for at in range(0, len(key), 4))


# In this order: most browsers name others as well, to be let in where those are.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "FxiOS": "Firefox", "CriOS": "Chrome"}
BROWSERS |= {"Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {"Windows": "Windows", "iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Mac OS": "Mac"}
SYSTEMS |= {"CrOS": "Chromebook", "Linux": "Linux"}


def browser(agent: str) -> str:
    """«Edge på Windows», of what a browser says of itself; what is not known is shown as it says it."""
    name = next((told for word, told in BROWSERS.items() if word in agent), "")
    system = next((told for word, told in SYSTEMS.items() if word in agent), "")
    if not name or not system:
        return agent[:40] or gettext("unknown")
    return gettext("%(browser)s on %(system)s") % {"browser": name, "system": system}
