"""How the documentation is built: four rooms (tutorials, how-to, reference, explanation) and the decisions.

The rule it guards: what can be read from the code is read from the code, so that a page cannot say
something else than the program; and a warning stops the build.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

project = "Fairwitness"
author = "The Fairwitness contributors"
html_title = "Fairwitness"
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "furo"
language = "en"
nitpicky = True


def print_verbs(app: Sphinx, name: str, source: list[str]) -> None:
    """Put the table of all verbs into the page that asks for it, straight from the page of verbs in the code."""
    if "%VERBS%" not in source[0]:
        return
    from fairwitness.record.verbs import Verb

    rows = "\n".join(f"| `{verb.value}` | {verb.past} |" for verb in Verb)
    source[0] = source[0].replace("%VERBS%", f"| verb | the line of history |\n|---|---|\n{rows}")


def setup(app: Sphinx) -> None:
    app.connect("source-read", print_verbs)
