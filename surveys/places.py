"""Which member municipality a text or an e-mail address means; never by guess."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from governance.models import Collaboration, Organisation, RegionMembership
from surveys.former_numbers import former_numbers
from surveys.models.questionnaires import tidy

_LETTERS = ({"æ": "ae", "ø": "o", "å": "a"}, {"æ": "ae", "ø": "oe", "å": "aa"}, {"æ": "e", "ø": "o", "å": "aa"})
_SAMI = {"đ": "d", "ŋ": "n", "ŧ": "t"}
# A municipality with two names writes them both, as «Karasjok – Kárášjohka».
_BETWEEN = re.compile(r"\s+[-–/]\s+|/")
_CELLS_TOLD = 10
_NUMBER = re.compile(r"\b\d{4}\b")
_KIND_OF_PLACE = re.compile(r"\s+(kommune|kommuna|suohkan|gielda|tjïelte|tjielte|herad)$")


class Places:
    """The members of a collaboration by what people call them: «Øksnes kommune», 1868, «Bø i Vesterålen»."""

    def __init__(self, collaboration: Collaboration) -> None:
        regions = Prefetch("region_memberships", RegionMembership.objects.active().select_related("region"))
        members = list(collaboration.members().prefetch_related("names", regions))
        self.by_pk = {member.pk: member for member in members}
        self._about = tidy(f"{collaboration.slug} {collaboration.name}").casefold()
        self._names: dict[str, set[Organisation]] = defaultdict(set)
        self._domains: dict[str, set[Organisation]] = defaultdict(set)
        own = {member.number for member in members}
        for member in members:
            for name in self._called(member):
                self._names[_plain(name)].add(member)
            for domain in self._domains_of(member):
                self._domains[domain].add(member)
        for member in members:
            for number in former_numbers(member.number) - own:
                self._names[number].add(member)

    def named(self, text: object) -> Organisation | None:
        """The one member that the text names, by name or number; where it says both, both must be the same one's."""
        said = _number(text)
        numbers = _NUMBER.findall(said)
        names = [self._names.get(number, set()) for number in numbers]
        if rest := _plain(_NUMBER.sub(" ", said)).strip(" -–()/,"):
            names.append(self._names.get(rest) or self._in_the_region(rest))
        found = set.intersection(*names) if names else set()
        return next(iter(found)) if len(found) == 1 else None

    def of_email(self, address: str) -> Organisation | None:
        """The one member whose people write from this domain, as «post@andoy.kommune.no»."""
        domain = tidy(address).casefold().rpartition("@")[2]
        while domain.count(".") >= 1:
            if found := self._domains.get(domain):
                return next(iter(found)) if len(found) == 1 else None
            domain = domain.partition(".")[2]
        return None

    def _in_the_region(self, plain: str) -> set[Organisation]:
        """«Bø i Vesterålen» is Bø here; «Bø i Telemark» is another."""
        name, middle, region = plain.partition(" i ")
        found = self._names.get(name, set()) if middle else set()
        return {member for member in found if self._lies_in(member, region)}

    def _lies_in(self, member: Organisation, region: str) -> bool:
        around = {one.region.name.casefold() for one in member.region_memberships.all()} | {member.county.casefold()}
        return region in around or (len(region) > 3 and region in self._about)

    @staticmethod
    def _called(member: Organisation) -> Iterable[str]:
        yield member.number
        for name in (member.name, member.official_name, *(earlier.name for earlier in member.names.all())):
            if name:
                yield name
                yield from _BETWEEN.split(name)

    @staticmethod
    def _domains_of(member: Organisation) -> set[str]:
        names = {part for name in (member.name, member.official_name) if name for part in _BETWEEN.split(name)}
        domains = {f"{_ascii(_plain(name), letters)}.kommune.no" for name in names for letters in _LETTERS}
        return domains | ({member.email_domain.casefold()} if member.email_domain else set())


def speaks_for_others(others: Mapping[str, Organisation], own: Organisation | None) -> str:
    """Why nothing of a file is written that has rows, by cell, for others than the municipality it is imported for."""
    if not others:
        return ""
    told = [*list(others)[:_CELLS_TOLD], *(["…"] if len(others) > _CELLS_TOLD else [])]
    return _(
        "The import is for %(own)s, but the file has rows for %(others)s (%(cells)s). Nothing of it is imported. "
        "Take those rows out, and upload the file once more."
    ) % {"own": own, "others": ", ".join(dict.fromkeys(map(str, others.values()))), "cells": ", ".join(told)}


def _plain(text: str) -> str:
    """«Øksnes kommune», «Kárášjoga gielda» and «Snåasen tjïelte» without the word that they share with the others."""
    return _KIND_OF_PLACE.sub("", tidy(text).casefold().strip(" .,"))


def _number(value: object) -> str:
    """A number that Excel made a figure of: 301 is 0301."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return f"{value:04d}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _ascii(name: str, letters: dict[str, str]) -> str:
    text = "".join((letters | _SAMI).get(letter, letter) for letter in name.casefold())
    text = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")
