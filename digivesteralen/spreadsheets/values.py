"""What Norwegians write in cells: dates, amounts, yes and no. An unknown word is an error, never a guess."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date as Date
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.translation import gettext as _


class Empty:
    """Nothing was written; not the same as «vet ikke»."""

    def __repr__(self) -> str:
        return "EMPTY"


EMPTY: Final = Empty()
SERIAL_ONE = Date(1899, 12, 30)
YES = {"ja", "j", "x", "yes", "y", "true", "sant", "1"}
NO = {"nei", "n", "no", "false", "usant", "0"}
UNKNOWN = {"vet ikke", "veit ikkje", "ukjent", "usikker", "?"}
QUARTER = re.compile(
    r"(?:q|k|kv|kvartal)\.?\s*([1-4])[\s.,/-]*((?:19|20)\d{2})|([1-4])\.\s*kvartal\s*((?:19|20)\d{2})", re.I
)


# What takes no room on the page: zero-width blanks and joiners, soft hyphens, marks of direction, the byte order mark.
INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF])


def text(value: Any) -> str:
    """As it reads: one blank between words, nothing invisible, «å» as one letter however it was typed."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    said = str(value)
    if not said.isascii():
        said = unicodedata.normalize("NFC", said.translate(INVISIBLE))
    return " ".join(said.split())


def date(value: Any) -> Date | None:
    """A day; a quarter or a year gives its last day. Slashes are refused: nobody can tell 03/04 from 04/03."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, Date):
        return value
    said = text(value)
    if not said:
        return None
    if (isinstance(value, int | float) and not isinstance(value, bool)) or re.fullmatch(r"\d{5}", said):
        return _serial(said)
    return _written(said)


def _serial(said: str) -> Date:
    number = int(float(said)) if math.isfinite(float(said)) else 0
    if 1900 <= number <= 2100:
        return Date(number, 12, 31)
    if not 20_000 <= number <= 80_000:
        raise ValueError(_("«%(value)s» is no date. Write it like 31.12.2026.") % {"value": said})
    return SERIAL_ONE + timedelta(days=number)


def _written(said: str) -> Date:
    if quarter := QUARTER.fullmatch(said):
        number, year = [int(part) for part in quarter.groups() if part]
        first_after = Date(year + number // 4, number % 4 * 3 + 1, 1)
        return first_after - timedelta(days=1)
    if re.fullmatch(r"(19|20)\d{2}", said):
        return Date(int(said), 12, 31)
    if "/" in said:
        raise ValueError(
            _("«%(value)s» can be read as two different days. Write the date with dots, like 31.12.2026.")
            % {"value": said}
        )
    for pattern, order in (
        (r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})", "dmy"),
        (r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", "ymd"),
    ):
        if found := re.fullmatch(pattern, said):
            parts = [int(part) for part in found.groups()]
            day, month, year = parts if order == "dmy" else parts[::-1]
            try:
                return Date(year + 2000 if year < 100 else year, month, day)
            except ValueError:
                raise ValueError(_("«%(value)s» is no day in the calendar.") % {"value": said}) from None
    raise ValueError(_("«%(value)s» is no date. Write it like 31.12.2026.") % {"value": said})


def number(value: Any) -> Decimal | None:
    """«12 500,50», «1.250,5», «12500.5»; blanks of all kinds between the thousands."""
    if isinstance(value, bool):
        raise ValueError(_("«%(value)s» is no number. Write digits only, like 12 500,50.") % {"value": value})
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal) and value.is_finite():
        return value
    said = text(value)
    if not said:
        return None
    plain = said.replace(" ", "").replace("−", "-")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(\.\d{3})+", plain):
        plain = plain.replace(".", "")
    try:
        found = Decimal(plain)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or not re.fullmatch(r"-?\d+(\.\d+)?", plain):
        raise ValueError(_("«%(value)s» is no number. Write digits only, like 12 500,50.") % {"value": said})
    return found


def money(value: Any) -> Decimal | None:
    """An amount in kroner: also «kr 300.000,-» and «300 000 kr»."""
    if not isinstance(value, str):
        return number(value)
    said = text(value)
    plain = re.sub(r"(?i)\b(nok|kr|kroner)\b\.?", "", said).strip()
    plain = re.sub(r",\s*[-–]$", "", plain)
    try:
        return number(plain) if plain or not said else number(said)
    except ValueError:
        raise ValueError(
            _("«%(value)s» is no amount. Write digits only, like 300 000 or 12 500,50.") % {"value": said}
        ) from None


def yes_no(value: Any) -> bool | None | Empty:
    """True, False, None for «vet ikke», EMPTY for nothing; another word is an error."""
    if isinstance(value, bool):
        return value
    said = text(value).casefold().rstrip(".!")
    if not said:
        return EMPTY
    for words, meaning in ((YES, True), (NO, False), (UNKNOWN, None)):
        if said in words:
            return meaning
    raise ValueError(_("«%(value)s» is neither yes nor no. Write «ja», «nei» or «vet ikke».") % {"value": text(value)})


def municipality_number(value: Any) -> str:
    """Four digits, also where a spreadsheet has eaten the first nought: 301 → 0301."""
    said = text(value)
    if not re.fullmatch("[0-9]{3,4}", said):
        raise ValueError(_("«%(value)s» is no municipality number. It has four digits, like 1870.") % {"value": said})
    return said.zfill(4)
