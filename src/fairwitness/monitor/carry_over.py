"""Carry over: how rows of monitoring that went on record in an earlier form read in the present one.

What is stored is never rewritten. An attachment of form 1 knew nothing of pictures: it has no size in points, no preview, nothing
read from the camera, and is nobody's copy. A claim of form 1 did not say whether the hour of telling was known, and was said to us.
"""

from __future__ import annotations

from typing import Any

from fairwitness.record.look_back import upcast


@upcast("monitor.attachment", 1)
def _attachment_before_pictures(row: dict[str, Any]) -> dict[str, Any]:
    new: dict[str, Any] = {"redacted_from": None, "width": None, "height": None, "preview": "", "facts": "", "whereabouts": "", "boxes": []}
    return {**new, **row}


@upcast("monitor.claim", 1)
def _claim_before_quoting(row: dict[str, Any]) -> dict[str, Any]:
    return {"told_precision": "minute", "quoted_from": "", **row}
