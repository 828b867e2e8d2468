"""What the others see of a system is what the agreement says, on every page and in every file (rule 9)."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from governance.actions import adoptions, collaborations, people
from governance.models import Appointment, Collaboration, Role
from surveys import sharing
from surveys.actions import inventory
from surveys.actions.sharing import set_sharing
from surveys.models import NationalSolution, SystemUse
from tests.people import director_of, person

MARK = "Merketsak"
AMOUNT = Decimal("87654321.12")
NUMBER = 765432
RULE = "/vesteralen/kartlegging/deling/"
OWN = "/kommune/1870/systemer/"


@pytest.fixture
def agreement(digi):
    return digi.agreements.create(title="Samarbeidsavtale", slug="samarbeidsavtale")


@pytest.fixture
def marked(ours, hadsels, areas, it_leader):
    """A system of Sortland with a mark in everything that is not shared by itself."""
    solution = NationalSolution.objects.create(slug="x", name="Felles postløsning", owner="KS", category="Post")
    soon = timezone.localdate() + timedelta(days=200)
    words = ("function", "release", "operated_by", "owner", "responsible", "planned_replacement", "remark")
    use = inventory.add_system(
        inventory=ours, area=areas["Sak/arkiv"], product="Elements", contract_end=soon, annual_cost=AMOUNT,
        shares_cost=True, users=NUMBER, criticality="critical", dpia="missing", personal_data="sensitive",
        integrations={solution.pk: "ready"}, **{name: f"{MARK} {name}" for name in words}, by=None,
    )  # fmt: skip
    inventory.add_system(inventory=hadsels, area=areas["Sak/arkiv"], product="Elements", contract_end=soon, by=None)
    return use


def places(patterns, prefix=""):
    """The addresses that name no more than the collaboration or the municipality."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            takes = list(pattern.pattern.converters)
            if hasattr(pattern.callback, "need") and takes in (["samarbeid"], ["nummer"]) and not prefix:
                yield reverse(pattern.name, args=["vesteralen" if takes == ["samarbeid"] else "1870"])
        elif not pattern.namespace:
            yield from places(pattern.url_patterns, prefix + str(pattern.pattern))


def read(response):
    """What stands in an answer, also in a workbook or a Word file."""
    content = response.getvalue() if response.streaming else response.content
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as packed:
            content = b"".join(packed.read(name) for name in packed.namelist())
    return content.decode(errors="replace")


def plain(text):
    return text.replace("\u00a0", "").replace(" ", "").replace("&nbsp;", "")


def test_no_page_and_no_file_shows_a_neighbour_what_is_not_shared(client, marked, hadsels_it_leader):
    client.force_login(hadsels_it_leader)
    told, seen = [], 0
    for path in places(get_resolver().url_patterns):
        for query in ("", "?format=xlsx", "?format=json", f"?q={MARK}"):
            response = client.get(path + query)
            text = plain(read(response))
            seen += response.status_code == 200
            marks = [text.count(mark) for mark in (MARK, str(NUMBER), "87654321")]
            marks[0] -= text.count(f"q={MARK}") + text.count(f'value="{MARK}"') + text.count(f">{MARK}<")
            told += [path + query] if any(count > 0 for count in marks) and "?q=" not in query else []
            told += [path + query] if f"{MARK}f" in text or f"{MARK}r" in text or f"{MARK}o" in text else []
    assert told == []
    assert seen > 40


def test_what_the_agreement_opens_is_seen_and_the_rest_is_not(
    client, marked, hadsels_it_leader, secretary, digi, agreement
):
    set_sharing(collaboration=digi, agreement=agreement, costs=True, operation=True, users=True, fit=True, by=secretary)
    client.force_login(hadsels_it_leader)

    page = plain(read(client.get("/vesteralen/kartlegging/systemer/liste/")))
    book = read(client.get("/vesteralen/kartlegging/systemer/liste/?format=xlsx"))

    for text in (page, plain(book)):
        assert "87654321" in text
        assert f"{MARK}release" in text
        for kept in ("function", "owner", "responsible", "remark"):
            assert f"{MARK}{kept}" not in text


def test_a_cost_is_seen_only_where_the_municipality_has_said_yes(
    client, marked, hadsels_it_leader, secretary, digi, agreement
):
    set_sharing(collaboration=digi, agreement=agreement, costs=True, by=secretary)
    SystemUse.objects.filter(pk=marked.pk).update(shares_cost=False)
    client.force_login(hadsels_it_leader)

    assert "87654321" not in plain(read(client.get("/vesteralen/kartlegging/systemer/liste/")))
    assert sharing.shared_values(SystemUse.objects.filter(pk=marked.pk), digi)[0]["shared_cost"] is None


def test_the_values_for_others_have_no_column_that_is_not_shared(marked, digi):
    row = sharing.shared_values(SystemUse.objects.filter(pk=marked.pk), digi, "inventory__municipality")[0]

    assert {"area", "product", "contract_end", "binding_until", "notice_months"} <= set(row)
    assert not {"remark", "annual_cost", "criticality", "dpia", "users", "owner"} & set(row)


def test_the_own_people_see_exactly_what_the_others_see(client, marked, it_leader, secretary, digi, agreement):
    client.force_login(it_leader)
    assert str(NUMBER) not in plain(read(client.get(f"{OWN}som-andre/")))

    set_sharing(collaboration=digi, agreement=agreement, users=True, by=secretary)

    page = client.get(f"{OWN}som-andre/")
    assert str(NUMBER) in plain(read(page))
    assert MARK not in read(page)
    own = client.get(OWN).context_data["shared"]
    assert [len(words) for _place, words in own] == [4]


def test_more_is_shared_only_by_an_agreement_of_this_collaboration(digi, secretary, agreement, outsider):
    with pytest.raises(NotAllowedNow, match="avtale"):
        set_sharing(collaboration=digi, costs=True, by=secretary)
    strange = outsider.person.appointments.get().collaboration.agreements.create(title="En annen", slug="annen")
    with pytest.raises(NotAllowedNow):
        set_sharing(collaboration=digi, agreement=strange, costs=True, by=secretary)
    assert sharing.shared_fields(digi).isdisjoint({"annual_cost", "users"})


def test_only_the_secretariat_sets_the_rule(client, digi, it_leader, survey_admin, secretary, agreement):
    for who in (it_leader, survey_admin):
        with pytest.raises(PermissionDenied):
            set_sharing(collaboration=digi, agreement=agreement, users=True, by=who)
        client.force_login(who)
        assert client.get(RULE).status_code == 200
        assert client.post(RULE, {"users": "on"}).status_code == 403
    client.force_login(secretary)
    wrong = client.post(RULE, {"users": "on", "version": 0})
    assert list(wrong.context_data["form"].errors) == ["agreement"]
    assert client.post(RULE, {"users": "on", "agreement": agreement.pk, "version": 0}).status_code == 302
    assert "users" in sharing.shared_fields(digi)


def test_two_who_set_the_rule_at_once_do_not_overwrite_each_other(digi, secretary, agreement):
    set_sharing(collaboration=digi, version=0, agreement=agreement, users=True, by=secretary)

    with pytest.raises(Stale):
        set_sharing(collaboration=digi, version=0, integrations=False, by=secretary)


def test_who_writes_a_municipality_down_as_a_member_reads_nothing_of_its_own_before_its_own_yes(
    client, outsider, marked, sortland, it_leader, secretary
):
    """A second secretariat lists Sortland; its director says yes, or it adopts the agreement itself (rules 1 and 9)."""
    theirs = Collaboration.objects.get(slug="annet-sted")
    director = director_of(sortland)
    listed = collaborations.add_member(collaboration=theirs, organisation=sortland, by=outsider)
    client.force_login(outsider)

    def reads():
        page = client.get("/kommune/1870/").content.decode()
        told = [SystemUse.objects.visible_to(outsider), SystemUse.objects.of(theirs)]
        people = [Appointment.objects.visible_to(outsider), Appointment.objects.of(theirs)]
        found = [rows.filter(inventory__municipality=sortland).exists() for rows in told]
        found += [rows.filter(organisation=sortland).exists() for rows in people]
        matrix = client.get("/annet-sted/kartlegging/systemer/").content.decode()
        return [*found, director.name in page, "Elements" in matrix]

    assert not any(reads())
    for attempt in (
        lambda: people.appoint(person=person("Medsammensvoren"), role=Role.DIRECTOR, at=sortland, by=outsider),
        lambda: people.knows(outsider, director.person),
        lambda: collaborations.confirm_member(membership=listed, by=outsider),
        lambda: collaborations.confirm_member(membership=listed, by=it_leader),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert client.post(f"/kommune/1870/medlemskap/{listed.pk}/").status_code == 403
    with pytest.raises(IntegrityError), transaction.atomic():
        listed.confirmed_at = timezone.now()
        listed.save()

    client.force_login(director)
    assert f"/kommune/1870/medlemskap/{listed.pk}/" in client.get("/kommune/1870/").content.decode()
    assert client.post(f"/kommune/1870/medlemskap/{listed.pk}/", {"version": 1}).status_code == 302
    client.force_login(outsider)
    assert all(reads())
    with pytest.raises(PermissionDenied):
        people.appoint(person=person("Enda en"), role=Role.DIRECTOR, at=sortland, by=outsider)


def test_the_municipality_s_own_adoption_of_the_agreement_is_its_yes(outsider, sortland, digi):
    theirs = Collaboration.objects.get(slug="annet-sted")
    director = director_of(sortland)
    listed = collaborations.add_member(collaboration=theirs, organisation=sortland, by=outsider)
    made = theirs.agreements.create(title="Avtale", slug="avtale")
    asked = {"collaboration": theirs, "organisation": sortland, "matter": "Avtale", "by": outsider}
    other = adoptions.open_adoption(**asked)
    about = adoptions.open_adoption(**asked, agreement=made)
    said = {"state": "adopted", "decided_by": "Kommunestyret", "decided_on": timezone.localdate(), "by": director}

    adoptions.register_adoption(adoption=other, case_number="1/26", text="Ja.", **said)
    listed.refresh_from_db()
    assert listed.awaits
    adoptions.register_adoption(adoption=about, case_number="2/26", text="Ja.", **said)
    listed.refresh_from_db()
    assert not listed.awaits and listed.confirmed_by == director
