"""Lines of managing: monitors and analysts read staff and structure; custodians change them, records officers change words and places."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from people import People

from fairwitness.mission.models import Area, Grant, HouseStyle, PlaceName, Power, Term
from fairwitness.record.hand import command
from fairwitness.record.verbs import Verb
from table import row

NO = (302, 403, 403, 403, 403)
ROWS = [
    row("web:manage"),
    row("web:people"),
    row("web:people?left=1"),
    row("web:person", {"key": "{person}"}),
    row("web:person_new", get=NO, post=NO),
    row("web:account_new", {"key": "{person}"}, get=NO, post=NO),
    row("web:reset_ask", {"key": "{person}"}, get=NO, post=NO),
    row("web:reset_confirm", {"key": "{person}"}, get=NO, post=NO),
    row("web:person_sessions_end", {"key": "{person}"}, get=NO, post=NO),
    row("web:person_why", {"key": "{person}"}),
    row("web:why"),
    row("web:why?verb=report.clear"),
    row("web:why?verb=nothing.at_all", get=(302, 400, 400, 400, 400)),
    row("web:styles"),
    row("web:style", {"key": "{style}"}),
    row("web:style_new", get=NO, post=NO),
    row("web:style_new?after={style}", get=NO, post=NO),
    row("web:style_edit", {"key": "{style}"}, get=NO, post=NO),
    row("web:hat_new", {"key": "{person}"}, get=NO, post=NO),
    row("web:person_end", {"key": "{person}"}, get=NO, post=NO),
    row("web:posts"),
    row("web:posts?state=vacant"),
    row("web:post", {"key": "{post}"}),
    row("web:post_new", get=NO, post=NO),
    row("web:post_edit", {"key": "{post}"}, get=NO, post=NO),
    row("web:post_fill", {"key": "{post}"}, get=NO, post=NO),
    row("web:post_handover", {"key": "{post}"}, get=NO, post=NO),
    row("web:post_vacate", {"key": "{post}"}, get=NO, post=NO),
    row("web:rights"),
    row("web:rights?role=monitor"),
    row("web:grant_new", get=NO, post=NO),
    row("web:grant_end", {"key": "{grant}"}, get=NO, post=NO),
    row("web:powers"),
    row("web:powers?state=waiting"),
    row("web:power_take", post=422),
    row("web:power_review", {"key": "{power}"}, get=(302, 403, 403, 200, 403), post=(302, 403, 403, 422, 403)),
    row("web:units"),
    row("web:unit", {"key": "{unit}"}),
    row("web:unit_new", get=NO, post=NO),
    row("web:unit_edit", {"key": "{unit}"}, get=NO, post=NO),
    row("web:area_new", {"key": "{unit}"}, get=NO, post=NO),
    row("web:area_end", {"key": "{area}"}, get=NO, post=NO),
    row("web:counterparts"),
    row("web:counterparts?q=priz"),
    row("web:counterpart", {"key": "{counterpart}"}),
    row("web:counterpart_new", get=NO, post=NO),
    row("web:counterpart_edit", {"key": "{counterpart}"}, get=NO, post=NO),
    row("web:places"),
    row("web:places?q=Плањане&kind=village"),
    row("web:place", {"key": "{place}"}),
    row("web:name_new", {"key": "{place}"}, get=NO, post=NO),
    row("web:name_end", {"key": "{place}", "name_key": "{name}"}, get=NO, post=NO),
    row("web:terms"),
    row("web:term_new", get=NO, post=NO),
    row("web:term_edit", {"key": "{term}"}, get=NO, post=NO),
]


def things(people: People) -> dict[str, object]:
    """An hour somebody took, a word, and the ids of what the small mission holds."""
    now, by = datetime.now(UTC), command()
    power = Power(
        member=people.monitor,
        verb="observation.read",
        ceiling=1,
        reason="A colleague is ill; the case cannot wait.",
        since=now - timedelta(hours=2),
        until=now - timedelta(hours=1),
    )
    power.keep(by=by, verb=Verb.POWER_TAKE)
    term = Term(vocabulary="kind", code="road", label="Road closed")
    term.keep(by=by, verb=Verb.TERM_EDIT)
    return {
        "person": people.stranger.id, "post": people.posts["leader"].id, "grant": Grant.objects.all()[0].id, "power": power.id,
        "term": term.id, "style": HouseStyle.objects.all()[0].id,
        "unit": people.units["PZ-T1"].id, "area": Area.objects.all()[0].id, "counterpart": people.counterparts["municipality"].id,
        "place": people.places["Prizren"].id, "name": PlaceName.objects.filter(place=people.places["Prizren"])[0].id,
    }  # fmt: skip
