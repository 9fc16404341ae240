"""The application as the server calls it: requests are received in whole (see `receive`), then the pages do their work."""

from __future__ import annotations

from django.conf import settings

from fairwitness.web.receive import Receiver, Room
from fairwitness.web.wsgi import application as pages

MOST = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
application = Receiver(pages, Room(most=MOST + 64 * 1024, together=6 * MOST))
