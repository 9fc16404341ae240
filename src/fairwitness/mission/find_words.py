"""Find words: under which words the mission's own things are found: institutions, posts, members by code, the mandate.

They are open to every member. The rule it guards: a member is found by code, never by name, and a post by its title;
places are found by their names (see `find_places`), words of a vocabulary and rights are read on their own pages.
"""

from __future__ import annotations

from fairwitness.mission.index import Line, indexed, left_out, mark
from fairwitness.mission.models import Counterpart, Member, Post, Unit


@indexed(Counterpart)
def _counterpart(one: Counterpart) -> Line:
    return Line("", f"{one.code} {one.name} {one.kind}", place=one.place_id, facts=(mark("institution", one.pk),))


@indexed(Member)
def _member(one: Member) -> Line:
    return Line("", one.code)


@indexed(Post)
def _post(one: Post) -> Line:
    return Line("", f"{one.code} {one.title}", facts=(mark("unit", one.unit_id),))


@indexed(Unit)
def _unit(one: Unit) -> Line:
    return Line("", f"{one.code} {one.name} {one.kind}", facts=(mark("unit", one.pk),))


left_out("found by its names, in any spelling", "mission.place")
left_out("is how a place is found", "mission.placename")
left_out("stands on every page", "mission.missionprofile", "mission.footnote")
left_out(
    "read on the page of the mandate", "mission.decision", "mission.task", "mission.fieldofactivity", "mission.operation",
    "mission.figure", "mission.standard",
)  # fmt: skip
left_out("read on the page of what it belongs to", "mission.area", "mission.tenure", "mission.secondhat", "mission.power", "mission.grant")
left_out("read on the page of words", "mission.term", "mission.housestyle")
left_out("is for its member alone", "mission.savedsearch")
left_out("read on the pages of lists that were brought along", "mission.import", "mission.importedrow", "mission.listprofile")
left_out("is a file, found by what it belongs to", "record.blob")
