"""Addresses of pictures: who gets what, by method. The stranger is a monitor of another region; the clearer may read and no more."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from monitor.pictures import camera, jpeg, scene
from people import People

from fairwitness.mission.handling import Use
from fairwitness.mission.tell_time import today
from fairwitness.monitor import attach, observe, source
from fairwitness.monitor.consent import Scope
from fairwitness.monitor.consent_picture import give_for_picture
from fairwitness.monitor.describe_picture import Person, describe_picture, on_it
from fairwitness.share.publish_picture import publish_picture
from table import row

READ = (302, 200, 200, 200, 404)
OWN = (302, 200, 200, 403, 404)
SENT = (302, 422, 422, 403, 404)
FIELD = (302, 200, 403, 403, 404)
FIELD_SENT = (302, 422, 403, 403, 404)
LINE = {"code": "{picture}", "line_id": "{line}"}
PRESS = (302, 403, 403, 403, 403)

ROWS = [
    row("web:pictures", get=200),
    row("web:pictures?need=people", get=200),
    row("web:pictures?need=cover&page=9", get=200),
    row("web:picture", {"code": "{picture}"}, get=READ),
    row("web:picture_preview", {"code": "{picture}"}, get=READ),
    row("web:picture_place", {"code": "{picture}"}, get=405, post=(302, 200, 200, 403, 404)),
    row("web:picture_describe", {"code": "{picture}"}, get=OWN, post=SENT),
    row("web:picture_cover", {"code": "{picture}"}, get=OWN, post=SENT),
    row("web:picture_consent", LINE, get=FIELD, post=FIELD_SENT),
    row("web:picture_consent_back", LINE, get=FIELD, post=FIELD_SENT),
    row("web:picture_releases", get=200),
    row("web:picture_gate", {"code": "{picture}"}, get=PRESS, post=PRESS),
    row("web:picture_release", {"slug": "{left}"}, get=200),
    row("web:picture_release_file", {"slug": "{left}"}, get=PRESS),
    row("web:picture_release_down", {"slug": "{left}"}, get=PRESS, post=PRESS),
    row("web:public_pictures", get=(200, 200, 200, 200, 200), post=(405, 405, 405, 405, 405)),
    row("web:public_picture", {"slug": "{left}"}, get=(200, 200, 200, 200, 200), post=(405, 405, 405, 405, 405)),
    row("web:public_picture_points", {"slug": "{left}"}, get=(200, 200, 200, 200, 200), post=(405, 405, 405, 405, 405)),
]


def things(people: People) -> dict[str, object]:
    """A picture of the test monitor with somebody on it who allowed it, and what left of it."""
    by, noon = people.hand(people.monitor), datetime(2026, 5, 13, 12, tzinfo=UTC)
    seen = observe.submit_observation(
        headline="Three signs", kind="sign", means="saw", place=people.places["Prizren"], occurred_from=noon, by=by
    )
    said = {"caption": "The mayor at the sign", "credit": "T-monitor", "licence": "CC BY 4.0"}
    picture = attach.attach_file(seen, io.BytesIO(jpeg(scene(), exif=camera())), file_name="sign.jpg", by=by, **said)
    mayor = source.register_source(category="mayor", by=by)
    describe_picture(picture, **said, people="some", persons=[Person(mayor)], by=by)
    line = on_it(picture)[0]
    give_for_picture(line, [Scope(Use.PUBLIC)], given=today(), language="sq", by=by)
    left = publish_picture(picture, by=people.hand(people.publisher))
    return {"picture": picture.code, "line": line.id, "left": left.slug}
