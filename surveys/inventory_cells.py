"""What one cell of an inventory sheet says: a day, an amount, months, options, a choice; never a guess (surveys.md 9).

Each reader answers with the fields that the cell settles, in the form that a row of an import keeps, and with a note
where a person should see how it was understood. A cell that can't be understood is a ValueError with the cure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from digivesteralen.spreadsheets import values as typed
from surveys.import_kinds import plain
from surveys.inventory_choices import labels_of, words_of
from surveys.models import SystemUse

Said = tuple[dict[str, Any], str]
NOTHING: Said = ({}, "")

# Three kinds of empty: nothing written; «it does not apply»; «not known yet». None of them is a value.
NOT_RELEVANT = {"ikke aktuelt", "ikkje aktuelt", "ikke relevant", "ikkje relevant", "n/a", "na", "n.a.",
                "not relevant", "not applicable", "irrelevant"}  # fmt: skip
NOT_KNOWN = {"vet ikke", "veit ikkje", "ved ikke", "ukjent", "ukendt", "?", "??", "not known", "unknown", "usikker",
             "tbd", "tba", "avklares", "ikke avklart", "ikkje avklart", "må avklares", "not reported", "kommer",
             "mangler", "manglar"}  # fmt: skip
RUNNING = {"until terminated", "løpende", "lopende", "løpande", "løpende avtale", "running", "til oppsigelse",
           "ingen utløp", "ingen sluttdato", "løper til den sies opp", "løper", "ubegrenset", "tidsubegrenset",
           "uten utløp", "ongoing"}  # fmt: skip
DASHES = {"-", "–", "—", "--"}
ABOUT = re.compile(r"^(?:ca\.?|cirka|circa|omtrent|rundt|omlag|om lag|~|≈)\s*(?=\d|kr)", re.IGNORECASE)
WORDS = {"en": 1, "én": 1, "ett": 1, "ei": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "ni": 9, "tolv": 12}
AMOUNT = rf"(?P<count>\d+(?:[.,]\d+)?|{'|'.join(WORDS)})"
UNIT = (
    r"(?P<unit>mnd(?:er|r)?|måned(?:er|ers|ar|s)?|månad(?:er|ar|ers|s)?|mdr?|months?|år|års|years?|yr|y|kvartal(?:er)?"
    r"|dager|dagar|dages?|days?)\.?"
)
LENGTH = re.compile(rf"{AMOUNT}\s*{UNIT}(?P<rest>\b.*)?", re.IGNORECASE)
TIMES = re.compile(rf"(?P<times>\d+)\s*[x×*]\s*{AMOUNT}\s*{UNIT}(?:\s+opsjon(?:er)?)?", re.IGNORECASE)
PLUS = re.compile(rf"(?P<terms>\d+(?:\s*\+\s*\d+)+)\s*(?:{UNIT})?", re.IGNORECASE)
BEFORE_OPTIONS = re.compile(r"^(?:ja|opsjon(?:er)?|option(?:er)?)\b[\s,:]*(?:på\s+)?", re.IGNORECASE)
PERIODS = (("quarter", "kvartal"), ("year", "år"), ("month", "m[åa]n|mnd"))
NONE_LEFT = {"ingen", "nei", "nej", "none", "no", "brukt opp", "alle brukt"}
LARGEST_COST, MOST_USERS = Decimal("10000000000"), 10_000_000
REPLACED_BETWEEN = range(2000, 2101)


def empty(value: Any) -> bool:
    """Nothing is written, or only that it does not apply or is not known."""
    said = typed.text(value).casefold().rstrip(".") if isinstance(value, str) else value
    return said is None or said == "" or said in NOT_RELEVANT or said in NOT_KNOWN or said in DASHES


def contract_end(value: Any) -> Said:
    """A day, the end of a quarter or year, «løpende», or that it is not known."""
    said = typed.text(value).casefold()
    if not said:
        return NOTHING
    if said in RUNNING:
        return {"contract_end": None, "end_unknown": False, "end_running": True}, ""
    if empty(value):
        return {"contract_end": None, "end_unknown": True, "end_running": False}, ""
    try:
        day = typed.date(value)
    except ValueError as error:
        raise ValueError(f"{error} {_('You may also write «vet ikke» or «løpende».')}") from None
    assert day is not None
    return {"contract_end": day.isoformat(), "end_unknown": False, "end_running": False}, ""


def _until(field: str) -> Callable[[Any], Said]:
    """A day that something lasts to: a year or quarter is its last day."""
    return lambda value: NOTHING if empty(value) else ({field: _day(value).isoformat()}, "")


def _since(field: str) -> Callable[[Any], Said]:
    """A day that something begins: a year or quarter is its first day."""

    def read(value: Any) -> Said:
        if empty(value):
            return NOTHING
        day = _day(value)
        said = typed.text(value)
        if typed.QUARTER.fullmatch(said):
            day = date(day.year, day.month - 2, 1)
        elif re.fullmatch(r"(19|20)\d{2}", said):
            day = date(day.year, 1, 1)
        return {field: day.isoformat()}, ""

    return read


def _day(value: Any) -> date:
    found = typed.date(value)
    assert found is not None
    return found


def terminated(value: Any) -> Said:
    """«Kontrakten opsagt»: a day, or yes; the contract then ends by itself: it neither renews itself nor runs on.

    Whether it ran on is known where the whole row is (``inventory_sense.ended``).
    """
    if empty(value) or plain(str(value)) in ("nei", "nej", "no", "n"):
        return NOTHING
    if plain(str(value)) in ("ja", "j", "x", "yes"):
        remark = _("The contract is terminated.")
    else:
        remark = _("The contract was terminated on %(day)s.") % {"day": f"{_day(value):%d.%m.%Y}"}
    return {"remark": remark, "renews_months": None, "terminated": True}, ""


def annual_cost(value: Any) -> Said:
    """An amount in kroner; «ca 250 000» is taken, and said."""
    if empty(value):
        return NOTHING
    about = isinstance(value, str) and ABOUT.match(typed.text(value))
    amount = typed.money(ABOUT.sub("", typed.text(value)) if about else value)
    assert amount is not None
    if not 0 <= amount < LARGEST_COST:
        raise ValueError(_("A cost is nought or more, and less than ten milliard kroner."))
    exact = str(amount.quantize(Decimal("0.01")))
    note = _("About %(amount)s kroner; it is kept as a figure.") % {"amount": amount} if about else ""
    return {"annual_cost": exact}, note


def users(value: Any) -> Said:
    """A number of people; «ca 120» is taken, and said."""
    if empty(value):
        return NOTHING
    about = isinstance(value, str) and ABOUT.match(typed.text(value))
    count = typed.number(ABOUT.sub("", typed.text(value)) if about else value)
    assert count is not None
    if count != int(count) or not 0 <= count < MOST_USERS:
        raise ValueError(_("«%(value)s» is no number of people. Write digits only, like 120.") % {"value": value})
    return {"users": int(count)}, _("About %(count)s people; it is kept as a figure.") % {
        "count": count
    } if about else ""


def notice(value: Any) -> Said:
    """«3 mnd», «90 dager», «6 måneder til årsslutt»: months, and to the end of what."""
    if empty(value):
        return NOTHING
    if _is_none(value):
        return {"notice_months": 0}, ""
    months, rest = _months(value)
    rest = plain(rest)
    if not rest:
        return {"notice_months": months}, ""
    for period, word in PERIODS:
        if re.search(word, rest):
            return {"notice_months": months, "notice_to": period}, ""
    raise _no_length(value)


def _length_of(field: str) -> Callable[[Any], Said]:
    def read(value: Any) -> Said:
        if empty(value) or _is_none(value):
            return NOTHING
        if plain(str(value)) in ("årlig", "årleg", "yearly", "annually"):
            return {field: 12}, ""
        months, rest = _months(value)
        if rest.strip(" .") and plain(rest) not in ("omgangen", "omgongen", "gangen", "hver", "kvar", "peropsjon"):
            raise _no_length(value)
        return {field: months}, ""

    return read


def options(value: Any) -> Said:
    """«2 x 1 år», «1+1+1», «12 mnd» or how many; what a plus means is said, so that a person sees it."""
    if empty(value):
        return NOTHING
    if _is_none(value):
        return {"options": 0}, ""
    said = BEFORE_OPTIONS.sub("", typed.text(value))
    if found := TIMES.fullmatch(said):
        return {"options": int(found["times"]), "option_months": _in_months(found, value)}, ""
    if found := PLUS.fullmatch(said):
        return _added(found, value)
    if re.fullmatch(r"\d+", said):
        return {"options": int(said)}, ""
    if (found := LENGTH.fullmatch(said)) and not (found["rest"] or "").strip():
        return {"options": 1, "option_months": _in_months(found, value)}, ""
    raise ValueError(
        _("«%(value)s» does not say how many options there are. Write it like «2 x 1 år» or «1+1».") % {"value": value}
    )


def _added(found: re.Match[str], value: Any) -> Said:
    """«1+1+1» is three options of a year; in «2+1+1» the first is the contract itself."""
    terms = [int(term) for term in found["terms"].split("+")]
    note = ""
    if len(set(terms)) > 1:
        terms, note = terms[1:], _("The first number is taken as the contract's own period. ")
    if len(set(terms)) > 1:
        raise ValueError(
            _("The options in «%(value)s» have different lengths. Write how many, and the rest under «Remark».")
            % {"value": value}
        )
    months = terms[0] * _unit_months(found["unit"] or "år", value)
    note += _("Taken as %(count)s options of %(months)s months.") % {"count": len(terms), "months": months}
    return {"options": len(terms), "option_months": months}, note


def _is_none(value: Any) -> bool:
    return typed.text(value).casefold() in NONE_LEFT or typed.text(value) == "0"


def _months(value: Any) -> tuple[int, str]:
    """A length in months, and what stands behind it; a figure alone is months."""
    said = typed.text(value)
    if re.fullmatch(r"\d+", said):
        return int(said), ""
    found = LENGTH.fullmatch(said)
    if not found:
        raise _no_length(value)
    return _in_months(found, value), found["rest"] or ""


def _in_months(found: re.Match[str], value: Any) -> int:
    count = WORDS.get(found["count"].casefold()) or Decimal(found["count"].replace(",", "."))
    unit = found["unit"].casefold()
    months = Decimal(count) / 30 if unit.startswith("da") else Decimal(count) * _unit_months(unit, value)
    if months != int(months):
        raise _no_length(value)
    return int(months)


def _unit_months(unit: str, value: Any) -> int:
    unit = unit.casefold()
    if unit.startswith("kvartal"):
        return 3
    return 12 if unit.startswith(("å", "y")) else 1


def _no_length(value: Any) -> ValueError:
    return ValueError(_("«%(value)s» is no number of months. Write it like «3 mnd» or «1 år».") % {"value": value})


def _choice(field: str) -> Callable[[Any], Said]:
    """One of the choices, by its word or code; an unknown word is a fault."""

    def read(value: Any) -> Said:
        word = plain(typed.text("ja" if value is True else "nei" if value is False else value))
        code = words_of(field).get(word)
        if code:
            return {field: code}, ""
        if empty(value):
            return NOTHING
        raise ValueError(
            _("«%(value)s» is none of the choices. Write one of %(choices)s.")
            % {"value": typed.text(value), "choices": ", ".join(f"«{label}»" for label in labels_of(field))}
        )

    return read


def operation(value: Any) -> Said:
    """Who runs it: one of the four ways, else the name of somebody."""
    if empty(value):
        return NOTHING
    said = typed.text(value)
    code = words_of("operation").get(plain(said))
    return ({"operation": code}, "") if code else ({"operated_by": _short(said, 200)}, "")


def shares_cost(value: Any) -> Said:
    """Yes or no; «vet ikke» says nothing."""
    if typed.text(value).casefold() in NOT_RELEVANT:
        return NOTHING
    answer = typed.yes_no(value)
    return ({"shares_cost": answer}, "") if isinstance(answer, bool) else NOTHING


def _fit(field: str) -> Callable[[Any], Said]:
    """From 1 to 5, also «4 – bra»."""

    def read(value: Any) -> Said:
        if empty(value):
            return NOTHING
        found = re.match(r"([1-5])(?:\.0)?(?=$|[^\d.,])", typed.text(value))
        if not found:
            raise ValueError(_("«%(value)s» is not from 1 to 5.") % {"value": typed.text(value)})
        return {field: int(found[1])}, ""

    return read


def replacement_year(value: Any) -> Said:
    if empty(value):
        return NOTHING
    year = _day(value).year
    if year not in REPLACED_BETWEEN:
        raise ValueError(_("«%(value)s» is no year between 2000 and 2100.") % {"value": typed.text(value)})
    return {"replacement_year": year}, ""


def _words(field: str) -> Callable[[Any], Said]:
    limit = getattr(SystemUse._meta.get_field(field), "max_length", None) or 2000
    return lambda value: NOTHING if empty(value) else ({field: _short(typed.text(value), limit)}, "")


def remark(value: Any) -> Said:
    """As it stands, in its lines."""
    said = str(value).replace("\xa0", " ").replace("\r\n", "\n").strip()
    return ({"remark": _short(said, 2000)}, "") if said else NOTHING


def supplier(value: Any) -> Said:
    said = typed.text(value)
    if not said or said.casefold() in NOT_RELEVANT | NOT_KNOWN | DASHES:
        return NOTHING
    return {"supplier": _short(said, 200)}, ""


def _short(said: str, limit: int) -> str:
    if len(said) > limit:
        raise ValueError(
            _("The text is %(length)s characters long. Write %(limit)s at most.")
            % {"length": len(said), "limit": limit}
        )
    return said


def example(value: Any) -> Said:
    return ({"example": True}, "") if typed.text(value) else NOTHING


READERS: dict[str, Callable[[Any], Said]] = {
    "supplier": supplier,
    "contract_end": contract_end,
    "remark": remark,
    "notice_months": notice,
    "options": options,
    "option_months": _length_of("option_months"),
    "renews_months": _length_of("renews_months"),
    "annual_cost": annual_cost,
    "shares_cost": shares_cost,
    "users": users,
    "operation": operation,
    "replacement_year": replacement_year,
    "binding_until": _until("binding_until"),
    "example": example,
    **{name: _since(name) for name in ("concluded_on", "introduced_on", "live_on", "phased_out_on", "gone_on")},
    **{name: _fit(name) for name in ("business_fit", "technical_fit")},
    **{name: _words(name) for name in ("function", "release", "operated_by", "owner", "responsible",
                                       "planned_replacement")},
    **{name: _choice(name) for name in ("hosting", "contract_type", "notice_to", "criticality", "availability",
                                        "personal_data", "dpia", "processing_agreement", "archive_duty")},
    # Read last: a contract that is terminated does not renew itself, whatever another cell says.
    "terminated": terminated,
}  # fmt: skip
