"""The four people with fixed rights who appear in every test, and the small mission they work in.

Test Monitor and Test Stranger are monitors of two teams in two regions; Test Analyst sits at headquarters; Test Clearer heads a
department. Test Keeper opens identities and Test Custodian fills posts. Their rights are the rights the house ships, role by role,
so that a test cannot pass on rights nobody has. None of them is a person.

    def test_x(people: People) -> None:
        visit.keep(by=people.hand(people.monitor), verb=Verb.ACTIVITY_REPORT)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from fairwitness.mission.models import Area, Counterpart, HouseStyle, Member, MissionProfile, Place, PlaceName, Post, Tenure, Unit
from fairwitness.mission.seed_rights import seed_rights
from fairwitness.record.hand import Door, Hand, command
from fairwitness.record.keep import keep_many, writing
from fairwitness.record.verbs import Verb

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
UNITS = (
    ("HQ", "Headquarters", "senior management", ""),
    ("DHRC", "Department of Human Rights and Communities", "department", "HQ"),
    ("RC-PZ", "Regional Centre Prizren", "regional centre", "HQ"),
    ("PZ-T1", "Field Team Prizren 1", "field team", "RC-PZ"),
    ("RC-MI", "Regional Centre Mitrovicë/Mitrovica", "regional centre", "HQ"),
    ("MI-T1", "Field Team Mitrovicë/Mitrovica 1", "field team", "RC-MI"),
)
PLACES = (
    ("kosovo", "pack", "mission area", "", (("Kosovo", "sr-Latn"), ("Kosovë", "sq"), ("Косово", "sr-Cyrl"))),
    ("18", "ask", "municipality", "kosovo", (("Prizren", "sq"), ("Prizren", "sr-Latn"), ("Призрен", "sr-Cyrl"), ("Prizren", "tr"))),
    ("12", "ask", "municipality", "kosovo", (("Leposaviq", "sq"), ("Leposavić", "sr-Latn"), ("Лепосавић", "sr-Cyrl"))),
    ("-92047", "gns", "village", "18", (("Pllanjanë", "sq"), ("Planjane", "sr-Latn"), ("Плањане", "sr-Cyrl"))),
)
WHO = (
    ("monitor", "Test Monitor", "monitor", "PZ-T1"),
    ("stranger", "Test Stranger", "monitor", "MI-T1"),
    ("leader", "Test Leader", "team-leader", "PZ-T1"),
    ("analyst", "Test Analyst", "analyst", "HQ"),
    ("drafter", "Test Drafter", "drafter", "HQ"),
    ("clearer", "Test Clearer", "department-director", "HQ"),
    ("publisher", "Test Publisher", "press-officer", "HQ"),
    ("keeper", "Test Keeper", "identity-custodian", "HQ"),
    ("custodian", "Test Custodian", "administration", "HQ"),
)


@dataclass
class People:
    """The small mission: its people as attributes, its units by code, its places by name, its posts by the person's word."""

    monitor: Member
    stranger: Member
    leader: Member
    analyst: Member
    drafter: Member
    clearer: Member
    publisher: Member
    keeper: Member
    custodian: Member
    units: dict[str, Unit] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    counterparts: dict[str, Counterpart] = field(default_factory=dict)

    def hand(self, member: Member | None, door: Door = Door.STAFF) -> Hand:
        """A fresh hand: its rights are computed anew."""
        return hand(member, door)


def hand(member: Member | None, door: Door = Door.STAFF) -> Hand:
    """The hand of a member at a door; None is nobody in particular."""
    return Hand(member.id if member else None, door)


def build() -> People:
    """Build the small mission in the database at hand. Keeps everything through the one door, at the command line."""
    by = command()
    with writing(by):
        profile = MissionProfile(
            code="test", name="Test Mission", short_name="Test Mission", host_area="Kosovo", time_zone="Europe/Belgrade",
            languages=["en", "sq", "sr-Latn", "sr-Cyrl", "tr"],
        )  # fmt: skip
        profile.keep(by=by, verb=Verb.MANDATE_EDIT)
        units: dict[str, Unit] = {}
        for code, name, kind, parent in UNITS:
            units[code] = Unit(code=code, name=name, kind=kind, parent=units.get(parent), invented=True)
        keep_many(list(units.values()), by=by, verb=Verb.UNIT_EDIT)
        places = _places(by)
        area = Area(unit=units["PZ-T1"], place=places["Prizren"], invented=True)
        area.keep(by=by, verb=Verb.AREA_EDIT)
        counterparts = {
            "municipality": Counterpart(
                code="mun-18", name="Municipality of Prizren", kind="municipality", level="municipal", place=places["Prizren"]
            ),
            "partner": Counterpart(code="UNHCR", name="UN High Commissioner for Refugees", kind="partner", level=""),
        }
        keep_many(list(counterparts.values()), by=by, verb=Verb.COUNTERPART_EDIT)
        members = {word: Member(code=f"T-{word}", name=name, languages=["en"], invented=True) for word, name, _, _ in WHO}
        keep_many(list(members.values()), by=by, verb=Verb.MEMBER_ENROL)
        posts = {
            word: Post(code=f"P-{word}", title=name.replace("Test ", ""), unit=units[unit], role=role, invented=True)
            for word, name, role, unit in WHO
        }
        keep_many(list(posts.values()), by=by, verb=Verb.POST_EDIT)
        keep_many([Tenure(member=members[w], post=posts[w], since=LONG_AGO) for w in members], by=by, verb=Verb.POST_FILL)
        seed_rights(by=by)
    return People(**members, units=units, places=places, posts=posts, counterparts=counterparts)


def _places(by: Hand) -> dict[str, Place]:
    found: dict[str, Place] = {}
    named: dict[str, Place] = {}
    names: list[PlaceName] = []
    for code, authority, kind, parent, spellings in PLACES:
        place = Place(code=code, authority=authority, kind=kind, parent=found.get(parent), source="test")
        found[code] = place
        named[spellings[-1][0] if code == "18" else spellings[1][0] if code != "kosovo" else "Kosovo"] = place
        for text, language in spellings:
            script = "Cyrl" if language.endswith("Cyrl") else "Latn"
            names.append(PlaceName(place=place, text=text, language=language, script=script, form="main", authority="test", given=text))
    keep_many(list(found.values()), by=by, verb=Verb.PLACE_EDIT)
    keep_many(names, by=by, verb=Verb.PLACE_EDIT)
    style: dict[str, Any] = {
        "order": ["sq", "sr-Latn"], "separator": "/", "marks": True, "once_when_equal": True,
        "exceptions": [{"places": ["ask:12"], "order": ["sr-Latn", "sq"]}],
    }  # fmt: skip
    HouseStyle(code="osce-2019", name="Test style", audience="OSCE", rule=style, source="test").keep(by=by, verb=Verb.TERM_EDIT)
    return named


@pytest.fixture
def people(db: None) -> People:
    """The small mission in the test's own transaction."""
    return build()


def keeping_time() -> int:
    """Statements a page that is read asks beside its own on this engine: PostgreSQL is told a limit of time and told to forget it."""
    return 2 if connection.vendor == "postgresql" else 0
