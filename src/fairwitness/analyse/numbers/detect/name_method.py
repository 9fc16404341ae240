"""Name the method: the names and spellings under which the published software and its papers know a method, made ours.

The rule it guards: an analyst who brings a published call need not translate it, and a name that could mean two methods is refused.
"""

from __future__ import annotations

import re

from fairwitness.analyse.numbers.detect.state_points import refuse
from fairwitness.errors import say

ALIASES = {
    "farringtonflexible": "farrington_flexible",
    "farrington": "farrington",
    **{f"{name}{number}": f"ears_c{number}" for name in ("earsc", "earscc") for number in (1, 2, 3)},
    **{name: name for name in ("bayes", "bayes1", "bayes2", "bayes3", "rki1", "rki2", "rki3", "cusum", "outbreakp", "ours")},
    "rki": "rki3",
    **dict.fromkeys(("glrpois", "glrpoisson"), "glr_pois"),
    **dict.fromkeys(("glrnb", "glrnegbin"), "glr_nb"),
}
FITS = {"farrington_flexible": "algo.farrington.fitGLM.flexible", "farrington": "algo.farrington.fitGLM.fast"}
"""The one fit each method of the Farrington family has, by the name the published software gives it."""


def name_method(given: str) -> str:
    """Our name of a method: capitals, underscores, points and a leading “algo.” do not matter. An unknown name comes back as it is."""
    plain = re.sub(r"[\W_]+", "", given.casefold()).removeprefix("algo")
    return ALIASES.get(plain, given)


def name_power(given: str) -> str:
    """The power transform as the papers write it: .5 is 1/2, 1 is none, .6667 is 2/3. Anything else comes back as it is."""
    try:
        value = float(given)
    except ValueError:
        return given.casefold() if given.casefold() == "none" else given
    for name, power in (("none", 1.0), ("1/2", 0.5), ("2/3", 2 / 3)):
        if abs(value - power) < 1e-3:
            return name
    return given


def check_fit(method: str, given: str | None) -> None:
    """Refuse a fit other than the one the method has."""
    if given is None:
        return
    if method not in FITS:
        refuse("fit_fun", say("is not a parameter of {method}; only {names} fit a regression that has one.", method=method,
                              names=", ".join(FITS)))  # fmt: skip
    if given != FITS[method]:
        refuse("fit_fun", say("“{name}” is not one; {method} has {known}.", name=given[:60], method=method, known=FITS[method]))
