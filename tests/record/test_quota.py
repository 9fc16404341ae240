"""What does not fit is refused before it is sealed, and says which end was met; reports can always be written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from people import People

from fairwitness.errors import BadInput, Unreachable
from fairwitness.record import blobs, quota
from fairwitness.record.ledger.entry import stamp
from fairwitness.record.models import Blob, Entry
from fairwitness.record.verbs import Verb

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path, db: None) -> None:
    settings.UPLOAD_MOST, settings.UPLOAD_DAY_MOST, settings.BLOBS_MOST, settings.LEAST_FREE = 1000, 2500, 0, 1


def send(people: People, size: int, who: str = "monitor", most: int | None = None) -> Blob:
    data = bytes([len(Blob.objects.all()) % 250]) * size
    return blobs.store([data], scope="item:quota", by=people.hand(getattr(people, who)), verb=Verb.ATTACHMENT_ADD, most=most)


def test_a_file_ends_where_the_setting_says(people: People) -> None:
    send(people, 1000)
    before = (Blob.objects.count(), len(list(blobs.lying_about())))
    with pytest.raises(BadInput, match="1000 bytes"):
        send(people, 1001)
    with pytest.raises(BadInput, match="10 bytes"):
        send(people, 11, most=10)
    assert (Blob.objects.count(), len(list(blobs.lying_about()))) == before


def test_a_day_ends_for_one_member_and_for_nobody_else(people: People, settings: Any) -> None:
    settings.UPLOAD_DAY_MOST = 2100
    send(people, 900)
    send(people, 900)
    with pytest.raises(BadInput):
        send(people, 900)
    settings.UPLOAD_DAY_MOST = 1500
    with pytest.raises(BadInput, match="tomorrow"):
        send(people, 1)
    send(people, 900, who="stranger")


def test_a_full_node_says_so_and_goes_on(people: People, settings: Any) -> None:
    send(people, 500)
    settings.BLOBS_MOST = quota.used()
    with pytest.raises(Unreachable, match="Reports can still be written"):
        send(people, 1)
    settings.BLOBS_MOST, settings.LEAST_FREE = 0, 1 << 60
    with pytest.raises(Unreachable, match="nearly full"):
        send(people, 1)


def test_the_first_entry_since_a_moment_is_found_without_reading_the_log(people: People, django_assert_max_num_queries: Any) -> None:
    entries = list(Entry.objects.order_by("seq").values_list("seq", "recorded"))
    for moment in (datetime(2000, 1, 1, tzinfo=UTC), datetime.now(UTC) + timedelta(days=1)):
        with django_assert_max_num_queries(25):
            found = quota.first_since(moment)
        assert found == next((seq for seq, recorded in entries if recorded >= stamp(moment)), len(entries))
    middle = entries[len(entries) // 2][1]
    found = quota.first_since(datetime.fromisoformat(middle))
    assert found == next(seq for seq, recorded in entries if recorded >= middle)
