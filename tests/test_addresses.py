"""Every address as every role: what may be seen, what may be done, and what is not there for whom."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import pytest
from django.contrib import admin
from django.db import transaction
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from digivesteralen import urls
from digivesteralen.documents import registry
from governance.models import Delegation, Forwarding
from surveys.models import (
    ApplicationForm,
    CollectedDocument,
    ContractAlert,
    ImportJob,
    InfrastructureFact,
    OwnPurchase,
    Supplier,
    SystemUse,
)
from surveys.windows import windows
from tests.walkers import MARKER, ROLES, World, a_system, documents_of, membership
from tests.walkers import world as world  # noqa: PLC0414 -- a fixture

SEE, PREPARE = "governance.view_collaboration", "governance.prepare_meetings"
SIGN_IN = "/konto/login/?next="
WELL = {200, 302, 405, 409}
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Address:
    """One pattern of the URLconf."""

    name: str
    route: str
    view: Any

    @property
    def takes(self) -> list[str]:
        return re.findall(r"<(?:\w+:)?(\w+)>", self.route)


@dataclass
class Sample:
    """A real place to try: what it is asked on, and who sees that it is there at all."""

    arguments: list[Any]
    on: Any = None
    seen_by: Callable[[str], bool] | None = None


def _walk(patterns: list[Any], prefix: str = "", space: str = "") -> Iterator[Address]:
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            if pattern.urlconf_name is admin.site.urls[0] or pattern.app_name == "admin":
                continue
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, route, inner)
        elif isinstance(pattern, URLPattern):
            yield Address(f"{space}{pattern.name}", route, pattern.callback)


ADDRESSES = {address.name: address for address in _walk(get_resolver().url_patterns)}
OURS = [name for name, address in ADDRESSES.items() if hasattr(address.view, "need")]
ACCOUNT = [name for name in ADDRESSES if name not in OURS]

# Each process that runs tests loads the demo once, and walks its half.
GROUPS = [pytest.mark.xdist_group("walk 1"), pytest.mark.xdist_group("walk 2")]
HALVES = [pytest.param(name, marks=GROUPS[number % 2]) for number, name in enumerate(OURS)]


# --- a real place for each address ------------------------------------------------------------------


@lru_cache(maxsize=1)
def places(world: World) -> dict[str, Any]:
    """The words in an address, each with something that is there; by name of the address where one word means more."""
    ours = world.ours
    report = ours.reports.earliest("pk")
    category = ours.finding_categories.earliest("pk")
    extract, job = documents_of(world)
    numbered = world.called.items.select_related("case").earliest("position").case
    uploads = {one.kind: one for one in ImportJob.objects.filter(collaboration=ours)}
    change = world.called.items.exclude(attendance_changes=None).get().attendance_changes.get()
    agreement = ours.agreements.get(slug="samarbeidsavtale-2021")
    item = world.called.items.earliest("position")
    survey = ours.surveys.earliest("pk")
    person = ours.known_people.earliest("pk")
    project = ours.projects.get(slug="felles-sakarkiv")
    version = ours.portfolio_versions.earliest("pk")
    words: dict[str, Any] = {
        "initiativ": ours.initiatives.get().slug,
        "samarbeid": ours.slug, "organ": world.steering.slug, "avtale": agreement.slug, "prosjekt": project.slug,
        "omrade": ours.focus_areas.earliest("pk").slug, "ar": ours.base_budgets.earliest("pk").year,
        "sak": world.on_behalf.key, "kommune": "1870", "number": version.number,
        "edition": report.edition, "vei": "opp", "slug": survey.slug, "losning": "digihelse",
    }  # fmt: skip
    pks: dict[str, Any] = {
        "document": extract.pk, "job": job.pk, "job_cancel": job.pk, "job_again": job.pk,
        "inventory_answer": a_system(world).area_id, "system": a_system(world).pk, "system_copy": a_system(world).pk,
        "system_remove": a_system(world).pk, "system_restore": a_system(world).pk,
        "question": survey.questions.earliest("pk").pk,
        "response": survey.responses.get().pk, "response_change": survey.responses.get().pk,
        "activity": ours.insight_activities.earliest("pk").pk,
        "finding_category": category.pk, "finding_remark": category.pk,
        "finding": category.findings.earliest("pk").pk, "finding_move": category.findings.earliest("pk").pk,
        "finding_remove": category.findings.earliest("pk").pk,
        **dict.fromkeys(["change_activity", "activity_done", "remove_activity"], ours.activities.get().pk),
        "grant": ours.grants.earliest("pk").pk, "own_effort": ours.own_efforts.earliest("pk").pk,
        "reach_milestone": project.milestones.earliest("pk").pk,
        "delete_filter": ours.saved_filters.get().pk,
        "council_paper": world.on_behalf.pk, "council_paper_pdf": world.on_behalf.pk,
        "report_chapter": report.chapters.earliest("pk").pk,
        "case_draft": world.draft_case.pk, "edit_case": world.draft_case.pk, "withdraw_case": world.draft_case.pk,
        "case_ready": world.draft_case.pk, "case_back": world.draft_case.pk, "bring_back_case": world.draft_case.pk,
        "give_view": numbered.pk, "mark_point": _point(world).pk, "move_item": item.pk, "resolve": item.pk,
        "resolve_as_usual": item.pk, "assign_points": item.pk, "record_change": item.pk, "remove_change": change.pk,
        "end_member": membership(world).pk, "end_duty": ours.duties.earliest("pk").pk,
        "end_appointment": world.steering.seats.filter(until=None).earliest("pk").pk,
        "person": person.pk, "edit_person": person.pk, "add_role": person.pk, "invite": person.pk,
        "write_value": world.hadsel.pk, "remove_party": world.hadsel.pk,
        "decide_on_spot": world.on_behalf.pk, "forward_case": numbered.pk,
        "answer_forwarding": Forwarding.objects.get(case__body__collaboration=ours).pk,
    }  # fmt: skip
    pks |= _registered(world)
    pks |= dict.fromkeys(
        ("product", "product_change", "alias_add", "alias_remove", "product_merge", "merge_undo"),
        a_system(world).product_id,
    )
    pks |= dict.fromkeys(("supplier", "supplier_change"), Supplier.objects.earliest("pk").pk)
    pks |= dict.fromkeys(["procurement_window", "window_idea"], windows(ours)[0].area.pk)
    bought = OwnPurchase.objects.under_way().get(municipality=world.sortland)
    pks |= dict.fromkeys(["own_purchase", "own_purchase_end"], bought.pk)
    shared_system = world.it_collaboration.inventory.uses.earliest("pk")
    pks |= {"contract_alert_handle": _alert(a_system(world)).pk, "it_contract_alert_handle": _alert(shared_system).pk}
    own = project.participations.get(organisation=world.sortland)
    pks |= dict.fromkeys(("change_rollout_step", "remove_rollout_step"), own.steps.get().pk)
    pks |= dict.fromkeys(("change_contribution", "remove_contribution"), own.contributions.get().pk)
    told = project.status_reports.published().earliest("pk")
    pks |= dict.fromkeys(("status_report", "change_status", "publish_status", "delete_status"), told.pk)
    grant = ours.grants.earliest("pk")
    of_grant = {"change_grant", "new_allocation", "allocation", "remove_allocation", "new_spending", "spending",
                "remove_spending"}  # fmt: skip
    pks |= {name: grant.pk for name in OURS if name.startswith("grant_") or name in of_grant}
    pks |= {"change_rate": ours.hourly_rates.earliest("pk").pk}
    pks |= dict.fromkeys(["change_account", "remove_account"], project.accounts.earliest("pk").pk)
    lines = dict.fromkeys(["allocation", "remove_allocation"], grant.allocations.earliest("pk").pk)
    lines |= dict.fromkeys(["spending", "remove_spending"], grant.spending.earliest("pk").pk)
    pks |= {name: uploads["survey"].pk for name in OURS if name == "import" or name.startswith("import_")}
    pks |= {name: world.on_behalf.pk for name in OURS if "adoption" in name or name == "register_on_behalf"}
    words |= {"runde": ours.confirmation_rounds.earliest("pk").pk, "it": world.it_collaboration.pk}
    pks |= {"coverage_end": world.it_collaboration.covers.earliest("pk").pk, "round_confirm": a_system(world).pk}
    pks |= {"round_confirm_group": a_system(world).area.service_area_id}
    common = world.it_collaboration.inventory.uses.earliest("pk").pk
    pks |= dict.fromkeys(["it_system", "it_system_remove", "it_system_restore"], common)
    numbers: dict[str, Any] = {
        "give_view": "1866", "case": numbered.sequence, **dict.fromkeys(_meetings(), world.called.number)
    }  # fmt: skip
    years = {"case": numbered.year - 2000, **dict.fromkeys(_meetings(), world.called.year)}
    slugs = {name: report.slug for name in OURS if "/rapporter/" in ADDRESSES[name].route}
    answered_here = ours.surveys.filter(in_portal=True).latest("opens_on")
    slugs |= {name: answered_here.slug for name in OURS if "/svar-for/" in ADDRESSES[name].route}
    slugs |= dict.fromkeys(["survey_standings", "survey_remind"], answered_here.slug)
    model = ours.maturity_models.earliest("pk")
    pks |= {"maturity_copy": model.pk}
    put_again = ours.survey_series.earliest("pk").pk
    pks |= dict.fromkeys(["survey_series", "survey_series_change", "survey_series_link"], put_again)
    pks |= dict.fromkeys(["dimension", "dimension_move", "dimension_remove"], model.dimensions.earliest("pk").pk)
    words |= {"modell": model.slug, "steg": 1}
    delegation = Delegation.objects.filter(organisation=world.sortland).earliest("pk")
    pks |= {name: delegation.pk for name in OURS if name.endswith("_delegation") or name == "delegation_extract"}
    recommendation = {"recommendation": report.recommendations.earliest("pk").number}
    recommendation |= dict.fromkeys(("laid_plan", "laid_plan_pdf"), project.plans.get().number)
    return {
        "words": words,
        "pk": pks,
        "linje": lines,
        "nummer": numbers,
        "aar": years,
        "slug": slugs,
        "number": recommendation,
    }


def _registered(world: World) -> dict[str, Any]:
    """A line of each register; those of a municipality are Sortland's."""
    mine = {"municipality": world.sortland}
    lines = {
        "application_form": ApplicationForm.objects.filter(**mine),
        "infrastructure_fact": InfrastructureFact.objects.filter(**mine),
        "collected_document": CollectedDocument.objects.filter(**mine),
        "interview": world.ours.interviews.all(),
        "common_responsible": world.ours.common_responsibles.all(),
    }
    return {
        f"{name}{verb}": rows.earliest("pk").pk for name, rows in lines.items() for verb in ("", "_change", "_remove")
    }


def _alert(use: SystemUse) -> ContractAlert:
    return ContractAlert.objects.get(use=use, kind="end", days=30)


def _point(world: World) -> Any:
    return world.approved.items.exclude(resolution=None).earliest("position").resolution.points.earliest("pk")


def _meetings() -> list[str]:
    places = ("/moter/<slug:organ>/", "/status/<slug:organ>/")
    return [name for name in OURS if any(place in ADDRESSES[name].route for place in places)]


def sample(world: World, name: str) -> Sample:
    known = places(world)
    arguments = []
    for word in ADDRESSES[name].takes:
        if word == "nummer" and name not in known["nummer"]:
            arguments.append("1870")
        elif name in known.get(word, {}):
            arguments.append(known[word][name])
        else:
            assert word in known["words"], f"{name}: there is no sample for «{word}»"
            arguments.append(known["words"][word])
    containers = {"collaboration": world.ours, "body": world.steering, "organisation": world.sortland}
    need = ADDRESSES[name].view.need
    return Sample(arguments, containers.get(need.on), SEEN.get(name, _ours)(world))


# --- who sees that it is there ----------------------------------------------------------------------


def _ours(world: World) -> Callable[[str], bool]:
    """Whoever may see the collaboration."""
    return lambda who: world.sees(who, world.ours)


def _everybody(world: World) -> Callable[[str], bool]:
    return lambda who: who != "nobody"


def _those_who_prepare(world: World) -> Callable[[str], bool]:
    return lambda who: world.holds(who, PREPARE, world.ours)


def _paper(place: int) -> Callable[[World], Callable[[str], bool]]:
    """As the floor that registered the kind says."""

    def seen(world: World) -> Callable[[str], bool]:
        found = documents_of(world)[place]
        kind = registry.kind(found.kind)
        container = kind.container(str(found.subject))
        return lambda who: world.holds(who, kind.right, container)

    return seen


def _sortland(world: World) -> Callable[[str], bool]:
    """The municipality is seen in both its collaborations."""
    return lambda who: world.sees(who, world.ours) or world.sees(who, world.theirs)


def _none(world: World) -> Callable[[str], bool]:
    """An IT collaboration's list is there for its own people, and none of these is one."""
    return lambda who: False


def _survey_admin(world: World) -> Callable[[str], bool]:
    return lambda who: who == "survey admin"


SEEN: dict[str, Callable[[World], Callable[[str], bool]]] = {
    "document": _paper(0),
    **dict.fromkeys(["job", "job_cancel", "job_again"], _paper(1)),
    # Before it has a number, a case is there for the secretariat alone.
    **dict.fromkeys(
        ["case_draft", "edit_case", "withdraw_case", "case_ready", "case_back", "bring_back_case"], _those_who_prepare
    ),
    # Only the one who uploaded a file goes on with it.
    **{name: _survey_admin for name in OURS if name == "import" or name.startswith("import_")},
    "import_new": _ours,
    "import_own": _sortland,
    **{name: _sortland for name in OURS if ADDRESSES[name].route.startswith("kommune/")},
    **{name: _none for name in OURS if ADDRESSES[name].route.startswith("it-samarbeid/")},
    **dict.fromkeys(["start", "profile", "jobs", "new_collaboration"], _everybody),
}

# A right that a view asks for beside its need, or instead of it, and why.
ALSO = {
    # A municipality that is in two collaborations has its page in both.
    "municipality": (SEE, "theirs"),
    "delegations": (SEE, "theirs"),
    "delegation_extract": (SEE, "theirs"),
    # ... and its score card in the one that asked it.
    "score_card": (SEE, "theirs"),
    "score_card_pdf": (SEE, "theirs"),
    # The secretariat registers what a municipality said in a meeting, on its behalf.
    "finding_remark": ("governance.register_on_behalf", "ours"),
    # ... and plans the way into a project together with it.
    **dict.fromkeys(
        ["add_rollout_step", "change_rollout_step", "remove_rollout_step"], ("governance.manage_portfolio", "ours")
    ),
}
NARROWER: dict[str, Callable[[World, str], bool]] = {
    # A project leader writes the status of the own projects; this one is led by somebody else.
    **dict.fromkeys(
        ["write_status", "status_unchanged", "change_status", "publish_status", "delete_status"],
        lambda world, who: world.holds(who, "governance.manage_portfolio", world.ours),
    ),
    # Hours are told by the municipality's own people, or by the secretariat for them; all others read them.
    "post effort": lambda world, who: _tells(world, who, world.sortland, world.hadsel),
    "post effort_months": lambda world, who: _tells(world, who, world.sortland),
    "effort_import": lambda world, who: _tells(world, who, world.sortland, world.hadsel),
    **dict.fromkeys(
        ["post hourly_rates", "post project_accounts"],
        lambda world, who: world.holds(who, "governance.manage_portfolio", world.ours),
    ),
    # A saved filter is taken away by the one who saved it, also where others use it.
    "delete_filter": lambda world, who: who == "secretariat",
    # The system administrator alone makes collaborations; no container is there yet to hold a right on.
    "new_collaboration": lambda world, who: who == "system administrator",
    # A report that is being written is read by those who write it.
    "report": lambda world, who: world.holds(who, "governance.publish_report", world.ours),
    # Who follows a job does not stop it: that is for the one who asked, and none of these did.
    "job_cancel": lambda world, who: False,
    # A municipality's document is changed by its own people and by the secretariat.
    **dict.fromkeys(
        ["collected_document_change", "collected_document_remove"],
        lambda world, who: (
            world.holds(who, "governance.manage_collaboration", world.ours)
            or world.holds(who, "governance.edit_inventory", world.sortland)
        ),
    ),
    # Everybody in the collaboration reads what is shared; the secretariat sets it.
    "post sharing_rule": lambda world, who: world.holds(who, "governance.manage_collaboration", world.ours),
    # Whoever reads a system may not change it.
    "post system": lambda world, who: world.holds(who, "governance.edit_inventory", world.sortland),
}
# What a right opens, and still is not there in the demo's state: the answer is 404 also for those who may.
NOT_THERE = {
    # The own system is no neighbour's.
    "system_copy",
    # The demo's delegations have no file.
    "delegation_extract",
}


def _tells(world: World, who: str, *places: Any) -> bool:
    own = any(world.holds(who, "governance.report_effort", place) for place in places)
    return own or world.holds(who, "governance.manage_portfolio", world.ours)


def may(world: World, who: str, name: str, found: Sample, method: str) -> bool:
    need = ADDRESSES[name].view.need
    for asked in (name, f"{method} {name}"):
        if asked in NARROWER and not NARROWER[asked](world, who):
            return False
    if need.kind == "own":
        return True
    if name in ALSO and world.holds(who, ALSO[name][0], getattr(world, ALSO[name][1])):
        return True
    return world.holds(who, need.right, found.on)


# Their pages are those of another role with the same rights, and need not be drawn once more.
ALIKE = {"director elsewhere", "contact", "substitute", "member", "project leader"}


# --- the walk ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def clients(world: World) -> dict[str, Client]:
    return world.clients()


@pytest.fixture(scope="module")
def quick() -> Iterator[None]:
    """Refusals without their pages: those are looked at once, not two thousand times."""
    with pytest.MonkeyPatch.context() as patch:
        for status in (403, 404):
            patch.setattr(urls, f"handler{status}", _plain(status), raising=False)
        yield


def _plain(status: int) -> Any:
    return lambda request, exception: HttpResponse(status=status)


@dataclass(frozen=True)
class Answer:
    """What came back: the status, where it leads, and what is read in it, also in a spreadsheet or a Word file."""

    status: int
    leads_to: str
    text: str


def ask(client: Client, method: str, path: str, *, drawn: bool = True) -> Answer:
    """What happens in the answer is undone; a page that is not drawn has only its status."""
    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        if not drawn:
            patch.setattr(TemplateResponse, "rendered_content", "")
        answer = getattr(client, method)(path)
        content = answer.getvalue() if answer.streaming else answer.content
        transaction.set_rollback(True)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b"".join(packed.read(part) for part in packed.namelist())
    return Answer(answer.status_code, answer.headers.get("Location", ""), content.decode(errors="replace"))


@GROUPS[1]
def test_every_address_says_what_it_asks_for() -> None:
    assert [name for name in ACCOUNT if not ADDRESSES[name].view.__module__.startswith("allauth.")] == []


@pytest.mark.parametrize("name", HALVES)
def test_each_role_at(name: str, world: World, clients: dict[str, Client], quick: None) -> None:
    found = sample(world, name)
    path = reverse(name, args=found.arguments)
    need = ADDRESSES[name].view.need
    reads = need.kind != "needs" or need.right in (SEE, "governance.view_organisation")
    wrong, answers = [], set()
    for who, client in clients.items():
        for method in ("get", "post"):
            drawn = who not in ALIKE if method == "get" else not reads
            answer = ask(client, method, path, drawn=drawn)
            wrong += _faults(world, who, name, found, method, path, answer)
            answers |= {answer.status} if who != "nobody" else set()
    assert wrong == []
    assert answers != {405}, "nobody can use this address"


def expected_of(world: World, who: str, name: str, found: Sample, method: str) -> set[int]:
    """A view that takes only one method says so before it looks at anything, which tells nothing of what is there."""
    assert found.seen_by is not None
    if ADDRESSES[name].view.need.kind == "public":
        return WELL
    if who == "nobody":
        return {302}
    if not found.seen_by(who):
        return {404, 405}
    if not may(world, who, name, found, method):
        return {403, 405}
    return {404, 405} if name in NOT_THERE else WELL


def _faults(world: World, who: str, name: str, found: Sample, method: str, path: str, answer: Answer) -> list[str]:
    expected = expected_of(world, who, name, found, method)
    wrong = []
    if answer.status not in expected:
        wrong.append(f"{who}: {method} {path} → {answer.status}, not {sorted(expected)}")
    if expected == {302} and not answer.leads_to.startswith(SIGN_IN):
        wrong.append(f"{who}: {method} {path} does not lead to the sign-in")
    if path.startswith("/vesteralen/") and MARKER in answer.text:
        wrong.append(f"{who}: {method} {path} tells about another collaboration")
    return wrong


# --- out of sight is the same as not there -------------------------------------------------------------


def elsewhere(name: str, arguments: list[Any]) -> list[Any]:
    """The same address with something that is nowhere."""
    nowhere = {"int": 987654, "slug": "finnes-ikke", "str": "9999", "uuid": NOBODY}
    kinds = re.findall(r"<(\w+):\w+>", ADDRESSES[name].route)
    place = next((place for place, word in enumerate(ADDRESSES[name].takes) if word in ("pk", "prosjekt", "avtale")), 0)
    return [*arguments[:place], nowhere[kinds[place]], *arguments[place + 1 :]]


@GROUPS[1]
def test_what_is_out_of_sight_answers_as_what_is_not_there(world: World, clients: dict[str, Client]) -> None:
    """The same status and the same page, to the letter, for the secretariat of another collaboration."""
    different = []
    for name in OURS:
        found = sample(world, name)
        assert found.seen_by is not None
        if not found.arguments or found.seen_by("outsider"):
            continue
        real, none = (reverse(name, args=words) for words in (found.arguments, elsewhere(name, found.arguments)))
        method = "post" if ask(clients["outsider"], "get", none).status == 405 else "get"
        answers = [ask(clients["outsider"], method, path) for path in (real, none)]
        if answers[0].status != answers[1].status or plain(answers[0]) != plain(answers[1]):
            different.append(name)
    assert different == []


def plain(answer: Answer) -> str:
    """The page without what each request has of its own."""
    page = answer.text
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    return re.sub(r'name="next" value="[^"]*"', "", page)


# --- two collaborations never leak ---------------------------------------------------------------------


def lists(collaboration: str) -> list[tuple[str, str]]:
    """The addresses that hold the name of a collaboration and nothing else."""
    names = [name for name in OURS if ADDRESSES[name].takes == ["samarbeid"]]
    return [(name, reverse(name, args=[collaboration])) for name in names]


@GROUPS[0]
@pytest.mark.parametrize("who", ["secretariat", "director"])
def test_nothing_of_another_collaboration_is_found(world: World, clients: dict[str, Client], who: str) -> None:
    """Not by searching for a part of the word, not in an export, not on the start page of one who has no part in it."""
    pages = [path + query for _name, path in lists("vesteralen") for query in (f"?q={MARKER[:-3]}", "?format=xlsx")]
    pages.append("/vesteralen/vedtak/?vis=matrise")
    if who == "secretariat":
        pages += ["/", "/jobb/", "/kommune/1870/"]

    assert [page for page in pages if MARKER in ask(clients[who], "get", page).text] == []


@GROUPS[0]
def test_strangers_find_nothing_of_ours(world: World, clients: dict[str, Client]) -> None:
    """On their own pages, in their own exports, and in what they can choose from in their forms."""
    secrets = {
        *world.ours.projects.values_list("title", flat=True),
        *world.ours.agreements.values_list("title", flat=True),
        *world.ours.grants.values_list("title", flat=True),
        *world.steering.cases.exclude(title__startswith="Godkjenning av").values_list("title", flat=True),
        *world.ours.surveys.values_list("title", flat=True),
        *world.ours.reports.values_list("title", flat=True),
        "Ragnhild Fjelltunet", "Even Myrskogen",
    }  # fmt: skip
    told = []
    own = [path for _name, path in lists("fremmed")] + ["/fremmed/organ/radet/plass/", "/", "/kommune/1870/"]
    for path in own:
        for query in ("", "?format=xlsx"):
            page = ask(clients["outsider"], "get", path + query).text
            told += [f"{path}{query}: {secret}" for secret in secrets if secret in page]
    assert told == []


# --- sign-in, and the system administrator's pages -------------------------------------------------------

# Of the sign-in's own pages these need no sign-in; all others lead to it.
OPEN = {
    "account_login", "account_logout", "account_signup", "account_inactive", "account_email_verification_sent",
    "account_confirm_email", "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "account_confirm_login_code", "mfa_authenticate", "mfa_login_webauthn",
}  # fmt: skip
KEYS = {"account_confirm_email": ["abc"], "account_reset_password_from_key": ["1", "abc-def"]}


@pytest.fixture
def just_signed_in(world: World) -> Client:
    """With a password, given once more a moment ago: the pages about one's own sign-in ask for that."""
    user, password = world.users["director"], "a-long-password-for-tests"
    user.set_password(password)
    user.save()
    client = Client()
    client.post("/konto/login/", {"login": user.email, "password": password})
    assert "_auth_user_id" in client.session
    client.post("/konto/reauthenticate/", {"password": password})
    return client


@GROUPS[0]
@pytest.mark.parametrize("name", ACCOUNT)
def test_the_pages_of_the_sign_in(name: str, world: World, just_signed_in: Client) -> None:
    path = reverse(name, args=KEYS.get(name, [1] if "<int:pk>" in ADDRESSES[name].route else []))
    for method in ("get", "post"):
        stranger = ask(Client(), method, path)

        assert stranger.status < 500
        assert name in OPEN or stranger.leads_to.startswith("/konto/login/")
        if name != "account_logout" or method == "get":
            assert ask(just_signed_in, method, path).status < 500


@GROUPS[0]
@pytest.mark.parametrize("name", ["mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn"])
def test_a_second_step_can_be_set_up(name: str, world: World, just_signed_in: Client) -> None:
    assert ask(just_signed_in, "get", reverse(name)).status == 200


@GROUPS[1]
@pytest.mark.parametrize("who", [*ROLES, "nobody"])
def test_the_administration_is_for_the_system_administrator(
    world: World, clients: dict[str, Client], who: str, quick: None
) -> None:
    pages = [reverse("admin:index")]
    pages += [reverse(f"admin:{m._meta.app_label}_{m._meta.model_name}_changelist") for m in admin.site._registry]

    assert [ask(clients[who], "get", page).status for page in pages] == [302] * len(pages)


@GROUPS[1]
def test_the_system_administrator_reads_no_content(world: World, clients: dict[str, Client], quick: None) -> None:
    """Names of what the installation holds, to look after it; access to more is by appointment only."""
    who = clients["system administrator"]
    pages = {m: reverse(f"admin:{m._meta.app_label}_{m._meta.model_name}_changelist") for m in admin.site._registry}

    assert ask(who, "get", reverse("admin:index")).status == 200
    assert {m.__name__ for m, page in pages.items() if ask(who, "get", page).status == 200} == {
        "Collaboration", "Organisation", "Region",
    }  # fmt: skip
