"""The WSGI application of the web doors."""

from __future__ import annotations

import gc
import os
import warnings

from django.core.wsgi import get_wsgi_application

warnings.filterwarnings("ignore", message="No directory at")  # static files come from the package, not from a collected copy
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fairwitness.web.settings")
application = get_wsgi_application()
gc.collect()
gc.freeze()  # what stands since the start is never looked through again: a page does not wait for that
