"""What holds for the whole code: data tracked, reads guarded, pages without inline code, layers kept."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.template import Context, Template
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[1]
APPS = ("digivesteralen", "governance", "surveys", "portfolio")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def sources(pattern: str = "**/*.py") -> Iterator[Path]:
    for app in APPS:
        yield from (path for path in sorted((ROOT / app).glob(pattern)) if "migrations" not in path.parts)


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def ours() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith(APPS) and not hasattr(m, "pgh_tracked_model")]


# --- data -----------------------------------------------------------------------------------------------

# Rows that no person edits, and why they need no history of their own.
NOT_TRACKED = {
    "accounts.Brake": "counts guesses for a few minutes",
    "audit.Act": "is the history itself, append only",
    "audit.Link": "is the chain over the history, append only",
    "audit.Seal": "is the chain over the history, append only",
    "documents.Job": "is the log of its own work",
    "operations.RegularWork": "is the log of its own work",
    "governance.CaseDraft": "is what one person is writing and nobody else sees; what is saved is tracked",
    "governance.RoleGroup": "follows from appointments, which are tracked",
    "governance.BodyGroupPermission": "follows from GRANTS",
    "governance.BodyUserPermission": "stays empty: a right is held by a group",
    "governance.CollaborationGroupPermission": "follows from GRANTS",
    "governance.CollaborationUserPermission": "follows from an emergency access, which is tracked",
    "governance.OrganisationGroupPermission": "follows from GRANTS",
    "governance.OrganisationUserPermission": "stays empty: a right is held by a group",
    "mail.Letter": "is the log of its own sending",
    "portfolio.ProjectSums": "follows from the shares",
    "portfolio.ProjectUserPermission": "follows from the sharing of a project, which is tracked",
    "portfolio.Share": "follows from decisions, keys and populations, which are tracked",
    "portfolio.SharesDay": "is the day of the last reckoning",
    "portfolio.YearShare": "follows from the shares",
    "surveys.ImportRow": "is what stood in a file; what it writes is tracked where it is written",
    "surveys.InventorySnapshot": "is never changed after it is taken",
}
# A moment with its person where the person may be missing, and why; else one constraint names both.
MOMENT_WITHOUT_PERSON = {
    "documents.Document.created": "a command makes documents too",
    "governance.Disqualification.raised": "a party to the case may have raised it",
    "documents.Job.asked": "the beat and commands ask for work too",
    "surveys.Alias.confirmed": "names of the catalogue come with the installation",
    "surveys.ImportJob.asked": "a command imports too",
    "surveys.ImportName.decided": "a command imports too",
    "surveys.MappingProfile.saved": "a command imports too",
}


def test_e_mail_goes_one_way_out() -> None:
    """Whoever sends past digivesteralen.mail sends without log, without a second try, and twice (rule 12)."""
    past = [short(path) for path in sources() if "core.mail" in path.read_text() and "/mail/" not in str(path)]

    assert [path for path in past if path != "digivesteralen/settings.py"] == []


def test_no_migration_is_missing(db: None) -> None:
    told = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=told)

    assert told.getvalue().strip() == "No changes detected"


def test_every_model_has_its_history() -> None:
    tracked = {model.pgh_tracked_model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")}

    assert {m._meta.label for m in ours() if m not in tracked} == set(NOT_TRACKED)


def test_every_moment_has_its_person() -> None:
    """Either both columns must be filled, or a constraint says when they are."""
    lacking = set()
    for model in ours():
        names = {field.name: field for field in model._meta.concrete_fields}
        for name, moment in names.items():
            person = names.get(f"{name.removesuffix('_at')}_by") if name.endswith("_at") else None
            if person is None or (not moment.null and not person.null):
                continue
            conditions = [str(getattr(c, "condition", "")) for c in model._meta.constraints]
            if not any(moment.name in condition and person.name in condition for condition in conditions):
                lacking.add(f"{model._meta.label}.{name.removesuffix('_at')}")
    assert lacking == set(MOMENT_WITHOUT_PERSON)


def test_the_apps_have_their_labels() -> None:
    """Tables, history and translations are named by them."""
    assert {config.label for config in apps.get_app_configs() if config.name.startswith(APPS)} == {
        "accounts", "audit", "bench", "demo", "documents", "governance", "mail", "operations", "portfolio", "privacy",
        "reports",
        "run", "servers",
        "start",
        "surveys", "ui",
    }  # fmt: skip


# --- code -----------------------------------------------------------------------------------------------


def test_no_save_of_our_own_and_no_signal() -> None:
    """What happens, a verb says; the framework's signals are connected in apps.py only."""
    found = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and node.name != "ForgivingCache":  # a cache, no model
                saves = [n.name for n in node.body if isinstance(n, ast.FunctionDef) and n.name in ("save", "delete")]
                found += [f"{short(path)}: {node.name}.{name}" for name in saves]
            sending = ("django.db.models.signals", "django.dispatch")
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(sending):
                found.append(f"{short(path)}:{node.lineno}: a signal")
    assert found == []


def test_signals_of_the_framework_are_connected_in_apps_only() -> None:
    connected = [short(path) for path in sources() if re.search(r"\buser_logged_\w+\.connect\(", path.read_text())]

    assert connected == ["digivesteralen/accounts/apps.py", "digivesteralen/audit/apps.py"]


# A view reads through visible_to, or through what it has found that way. What is read otherwise is narrowed by
# something found before, and stands here: the file, the function, the model.
NARROWED = {
    "digivesteralen/accounts/views.py": {"*": "the reader's own ways of signing in"},
    "digivesteralen/documents/views.py": {"*": "asked by the reader, or asked of the registry in _find"},
    "digivesteralen/privacy/views.py": {
        "own_data: Appointment": "the reader's own roles",
        "_find: Person": "of a collaboration found before",
    },
    "digivesteralen/start/views.py": {"start: Project": "those shared with the reader alone"},
    "digivesteralen/reports/views.py": {"*": "of a report or a collaboration found before"},
    "governance/views/agreement_versions.py": {"compare: Agreement": "versions of an agreement found before"},
    "governance/views/emergency.py": {
        "own_accesses: EmergencyAccess": "opened by the reader",
        "accesses: Act": "about emergency accesses of a collaboration found before",
    },
    "governance/views/agreements.py": {
        "agreements: Agreement": "of a collaboration found before",
        "agreement": "versions, documents and jobs of an agreement found before",
    },
    "governance/views/bodies.py": {
        "end_appointment: Appointment": "of a collaboration found before",
        "take_back_appointment: Appointment": "of a collaboration found before",
        "correct_seat: Appointment": "of a collaboration found before",
    },
    "governance/views/body_facts.py": {"*": "of a collaboration found before"},
    "governance/views/competences.py": {"*": "of a collaboration found before"},
    "governance/views/positions.py": {"_find: Position": "of a collaboration found before"},
    "governance/views/seats.py": {"held_on: Appointment": "of a collaboration found before"},
    "governance/views/treatments.py": {"correct_treatment: ExternalTreatment": "of a collaboration found before"},
    "governance/views/collaborations.py": {
        "collaboration: Appointment": "prefetched for bodies found before",
        "new: Collaboration": "names alone, for the system administrator",
        "members: Population": "subquery for members found before",
        "members: Region": "of a collaboration found before",
        "end_member: Membership": "of a collaboration found before",
        "edit_member: Membership": "of a collaboration found before",
        "end_duty: Duty": "of a collaboration found before",
    },
    "governance/views/public.py": {"*": "published by the collaboration, for everybody"},
    "governance/views/meetings.py": {"*": "of a meeting found before, or the reader's own views"},
    "governance/views/calendars.py": {"*": "the reader's own address"},
    "governance/views/calling_page.py": {"*": "of a meeting found before"},
    "governance/views/year.py": {"_fixed: FixedItem": "of a collaboration found before"},
    "governance/views/minutes_page.py": {"*": "of a meeting found before"},
    "governance/views/organisations.py": {"municipality: Appointment": "of a municipality found before"},
    "governance/views/people.py": {"*": "of a collaboration found before"},
    "governance/views/attendance.py": {"*": "of a meeting found before"},
    "governance/views/disqualifications.py": {"*": "of a meeting found before"},
    "governance/views/resolving.py": {"*": "of a meeting found before"},
    "governance/views/running.py": {"*": "of a meeting found before"},
    "portfolio/views/gates.py": {"_exempt_cases: Case": "of a gate found before; who may see them is asked next"},
    "portfolio/views/log.py": {
        "lessons: LogEntry": "of a collaboration found before",
        "_seen: Case": "inside what the reader may see",
    },
    "portfolio/views/criteria.py": {"*": "of a collaboration found before"},
    "portfolio/views/ordering.py": {"*": "of a collaboration found before"},
    "portfolio/views/case_panels.py": {"*": "of a case found before"},
    "portfolio/views/participation_panels.py": {"*": "of a project found before"},
    "portfolio/views/costs.py": {"sharing: Habits": "of a collaboration found before"},
    "portfolio/views/effort.py": {
        "effort: Habits": "of a collaboration found before",
        "_frame: HourlyRate": "of a collaboration found before",
    },
    "portfolio/views/effort_months.py": {"*": "of a collaboration found before"},
    "portfolio/views/financing.py": {"_grants: Grant": "of a collaboration found before"},
    "portfolio/views/goals.py": {"*": "of an edition of the strategy that the reader may see"},
    "portfolio/views/habits.py": {"habits: Habits": "of a collaboration found before"},
    "portfolio/views/ideas.py": {"_begun: Measure": "of a collaboration found before"},
    "portfolio/views/invoices.py": {"_rows: Organisation": "those with shares in a collaboration found before"},
    "portfolio/views/project_guests.py": {
        "_read: Project": "those that the reader sees, and those shared with the reader alone",
    },
    "portfolio/views/my_view.py": {"*": "of a version found before"},
    "portfolio/views/portfolio.py": {"waits: Participation": "none, for who has no municipality"},
    "portfolio/views/status.py": {"*": "of a collaboration or a meeting found before"},
    "portfolio/views/status_panels.py": {"*": "of a project or a meeting found before"},
    "portfolio/views/status_reports.py": {"_form: Habits": "of a project found before"},
    "portfolio/views/versions.py": {"*": "of a version found before"},
    "surveys/views/catalogue.py": {"*": "the catalogue is the same for all who see a collaboration"},
    "surveys/views/comparison.py": {"*": "of a collaboration found before"},
    "surveys/views/likeness.py": {"_area_rows: Product": "the catalogue, which belongs to all"},
    "surveys/views/matrix.py": {"own_in": "of a collaboration found before, as far as the user has the right"},
    "surveys/views/finding.py": {
        "find_use: SystemUse": "of a municipality found before",
        "find_import: ImportJob": "asked by the reader, in a collaboration found before",
        "collaboration_of: Membership": "of a municipality found before",
    },
    "surveys/views/imports.py": {"_twin: ImportJob": "same collaboration and file as an import found before"},
    "surveys/views/import_erasing.py": {"erase: ImportJob": "in a collaboration found before, for who may erase it"},
    "surveys/views/insight.py": {"*": "of a collaboration found before"},
    "surveys/views/covering.py": {"*": "of a collaboration found before"},
    "surveys/views/inventory.py": {
        "inventory: SystemUse": "of an inventory found before",
        "_shared: SystemUse": "of an inventory found before, by the sharing rule",
    },
    "surveys/views/own.py": {
        "waiting_in: SystemUse": "of an inventory found before",
        "collaborations_of: Membership": "of a municipality found before",
    },
    "surveys/views/maturity.py": {"*": "of a collaboration found before, or the reader's own municipality"},
    "surveys/views/maturity_models.py": {"*": "of a collaboration found before, and the templates that belong to all"},
    "surveys/views/procurement.py": {"*": "of a collaboration found before"},
    "surveys/views/own_purchases.py": {"*": "of a municipality found before"},
    "surveys/views/alerts.py": {"*": "of a municipality or an IT collaboration found before"},
    "surveys/views/remaining.py": {"copy: SystemUse": "of the neighbours, by the sharing rule"},
    "surveys/views/rounds.py": {
        "rounds: ConfirmationRound": "of a collaboration found before",
        "_find: ConfirmationRound": "of a collaboration found before",
        "_of: ConfirmationRound": "of a municipality found before",
    },
    "surveys/views/system.py": {
        "_alike: Product": "the catalogue, which belongs to all",
        "_suggested: Product": "the catalogue, which belongs to all",
        "_suggested: Supplier": "the catalogue, which belongs to all",
    },
    "surveys/views/collected.py": {"*": "of a collaboration found before"},
    "surveys/views/registers.py": {"_own: Organisation": "of a collaboration found before"},
    "surveys/views/solutions.py": {"*": "of a collaboration or a municipality found before"},
    "surveys/views/answers.py": {"texts: Answer": "of a survey found before"},
    "surveys/views/surveys.py": {"*": "of a collaboration found before"},
    "surveys/views/waves.py": {"find_series: SurveySeries": "of a collaboration found before"},
}  # fmt: skip


MANAGERS = ("objects", "_default_manager", "_base_manager")
# Narrow to what the reader may see, or may do something with.
GUARDED = ("visible_to", "open_to", "readable_by", "of_those_who_decide", "where_may", "reported_by")


def reads(path: Path) -> Iterator[tuple[str, str]]:
    """Each «Model.objects» of a file with its function, but those that go on with visible_to."""
    tree = ast.parse(path.read_text())
    guarded = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in GUARDED}
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                reads_all = isinstance(node, ast.Attribute) and node.attr in MANAGERS and id(node) not in guarded
                if reads_all:
                    yield function.name, ast.unparse(node.value)


def test_views_read_what_the_reader_may_see() -> None:
    unguarded = []
    for path in [*sources("views/*.py"), *sources("*/views.py")]:
        known = NARROWED.get(short(path), {})
        for function, model in reads(path):
            if not {"*", function, f"{function}: {model}"} & set(known):
                unguarded.append(f"{short(path)}: {function} reads {model}.objects")
    assert unguarded == []


def test_the_list_of_narrowed_reads_has_no_dead_line() -> None:
    dead = []
    for name, known in NARROWED.items():
        there = {key for function, model in reads(ROOT / name) for key in ("*", function, f"{function}: {model}")}
        dead += [f"{name}: {key}" for key in known if key not in there]
    assert dead == []


STRANGERS = re.compile(r"request\.(GET|POST|COOKIES|META|headers|body)\b")
# What goes through anything else, a form for example, has been looked over.
AS_IT_CAME = re.compile(r"(request\.\w+(\[.*\])?\.\w+|json\.loads|dict|str)$")
# These take names of columns as they stand.
NAMING = {"order_by", "values", "values_list", "only", "defer", "extra", "raw", "F", "OrderBy", "RawSQL", "Q"}


def test_no_query_is_built_from_what_a_stranger_names() -> None:
    """`filter(**request.GET)` lets an address choose the columns (CVE-2025-64459 and its kin)."""
    found = [f"{short(path)}:{line}" for path in sources() for line in named_by_strangers(path.read_text())]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "rows.filter(**request.GET.dict())",
        "Q(**{request.GET['felt']: 1})",
        "said = request.GET.dict(); rows.filter(**said)",
        "said = {key: 1 for key in request.POST}; rows.annotate(**said)",
        "said = json.loads(request.body); rows.filter(Q(**said))",
        "rows.order_by(request.GET.get('sort'))",
        "by = request.GET['sort']; rows.order_by(by, 'pk')",
    ],
)
def test_such_a_query_is_found(line: str) -> None:
    assert named_by_strangers(f"def view(request):\n    {line}") == [2]


def named_by_strangers(source: str) -> list[int]:
    """The lines where a stranger's words are spread over a call, or name a column, also by way of a name of ours."""
    lines = set()
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef):
            theirs: set[str] = set()
            for node in ast.walk(function):
                if isinstance(node, ast.Assign) and _is_theirs(node.value, theirs):
                    theirs |= {target.id for target in node.targets if isinstance(target, ast.Name)}
            lines |= {n.lineno for n in ast.walk(function) if any(_is_theirs(one, theirs) for one in _naming(n))}
    return sorted(lines)


def _is_theirs(node: ast.AST, names: set[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id in names
    if isinstance(node, ast.Attribute) and STRANGERS.fullmatch(ast.unparse(node)):
        return True
    if isinstance(node, ast.Compare) or (
        isinstance(node, ast.Call) and not AS_IT_CAME.match(ast.unparse(node.func)) and not _naming(node)
    ):
        return False
    return any(_is_theirs(child, names) for child in ast.iter_child_nodes(node))


def _naming(node: ast.AST) -> list[ast.expr]:
    """What is spread over it, and names of columns."""
    if isinstance(node, ast.Dict):
        return [value for key, value in zip(node.keys, node.values, strict=True) if key is None]
    if not isinstance(node, ast.Call):
        return []
    named = getattr(node.func, "attr", getattr(node.func, "id", ""))
    return [k.value for k in node.keywords if k.arg is None] + (list(node.args) if named in NAMING else [])


def test_no_test_takes_any_fault_for_the_one_it_means() -> None:
    """A wrong statement is a fault of the database too: ``the_database_refuses`` asks for a refusal."""
    broad = re.compile(r"pytest\.raises\((Exception|BaseException|DatabaseError|Error)\)")
    found = [short(path) for path in sorted((ROOT / "tests").rglob("*.py")) if broad.search(path.read_text())]
    assert found == []


# The worker loads the library once at its start, so that the first PDF does not wait three seconds for it.
PDF_LIBRARY = {"digivesteralen/documents/pdf.py", "digivesteralen/celery.py"}


def test_one_module_makes_pdfs() -> None:
    using = {short(path) for path in sources() if "weasyprint" in _imports(path)}

    assert using == PDF_LIBRARY


def _imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names


# Drawings and blocks that are escaped where they are written; everything else is escaped by the template.
TRUSTED = {
    "digivesteralen/ui/charts/chart.py": 1,
    # A list of choices, where each value and label is escaped.
    "digivesteralen/ui/forms/renderer.py": 1,
    "digivesteralen/ui/icons.py": 2,
    # Cleaned by the allow-list on the line above.
    "digivesteralen/ui/richtext.py": 1,
    "digivesteralen/ui/templatetags/ui.py": 2,
}


def test_little_is_trusted_to_be_html() -> None:
    trusted = {short(path): path.read_text().count("mark_safe(") for path in sources()}

    assert {name: number for name, number in trusted.items() if number} == TRUSTED


def test_imports_go_down_only() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint, "--cache-dir", "var/import-linter"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


# --- pages ----------------------------------------------------------------------------------------------


def test_templates_trust_nothing_but_the_style_of_pdfs() -> None:
    trusting = {
        f"{short(path)}: {found}"
        for path in TEMPLATES
        for found in re.findall(r"\{\{[^}]*\|\s*safe[^}]*\}\}|\{% autoescape off %\}|\|safeseq", path.read_text())
    }

    assert trusting == {"templates/pdf/base.html: {{ pdf_style|safe }}"}


INLINE = {
    # A block of data is never run.
    "a script of its own": re.compile(r"<script(?![^>]*(?:\bsrc=|\stype=.application/json))", re.IGNORECASE),
    "a style of its own": re.compile(r"<style|\sstyle\s*=", re.IGNORECASE),
    "an on… attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "htmx that evaluates text": re.compile(r"hx-on|hx-vals=.js:|hx-vars"),
}


@pytest.mark.parametrize("path", [p for p in TEMPLATES if p.parent.name != "pdf"], ids=short)
def test_no_page_has_inline_code(path: Path) -> None:
    """The content security policy would stop it; and it would stop working without a word."""
    page = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(), flags=re.DOTALL)

    assert [what for what, pattern in INLINE.items() if pattern.search(page)] == []


def test_pages_load_nothing_from_elsewhere() -> None:
    loading = re.compile(r"""(?:src|href|action|srcset)\s*=\s*["'](?:https?:)?//[^"']*""")
    found = [f"{short(path)}: {hit}" for path in TEMPLATES for hit in loading.findall(path.read_text())]

    assert found == []


def test_the_thousandth_row_is_named_as_the_first() -> None:
    """Numbers for people get a space at a thousand; in an address, an id or a version it would name nothing."""
    written = re.compile(r"\{\{ (?:\w+\.)*(?:pk|version|\w+_version|(?!auto_id\b)\w+_id) \}\}")
    found = [f"{short(path)}: {hit}" for path in TEMPLATES for hit in written.findall(path.read_text())]
    assert found == []
    page = Template("{{ row.pk|unlocalize }}").render(Context({"row": {"pk": 1002}}))
    assert page == "1002"


def test_every_static_file_of_a_template_is_there() -> None:
    """Vendored or our own: what lies under static/, built by `make install`."""
    named = {
        name for path in TEMPLATES for name in re.findall(r"""\{% static ["']([^"']+)["'] ?%\}""", path.read_text())
    }

    assert {name for name in named if not (ROOT / "static" / name).exists()} == set()


def test_no_two_addresses_share_a_name() -> None:
    names = Counter(_names(get_resolver().url_patterns))

    assert [name for name, number in names.items() if number > 1] == []


def _names(patterns: list[Any], space: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern) and pattern.name and not space.startswith("admin:"):
            yield f"{space}{pattern.name}"
