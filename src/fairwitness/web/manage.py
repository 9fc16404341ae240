"""Manage."""
from django.http import HttpResponse
from django.urls import path

from fairwitness.web.door import StaffRequest, door


@door(None)
def manage(request: StaffRequest) -> HttpResponse:
    """Manage."""
    return HttpResponse("")


urls = [path("manage/", manage, name="manage"), path("manage/hour/", manage, name="power_take")]
