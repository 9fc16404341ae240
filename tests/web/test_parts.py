"""The parts of a page: no style or script inside a page, a state is never without its word, an unwritten consent reads No."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
from django import forms
from django.template.loader import get_template, render_to_string

import fairwitness.web

WEB = Path(fairwitness.web.__file__).parent
PARTS = sorted(one.relative_to(WEB / "templates").as_posix() for one in (WEB / "templates" / "web").rglob("*.html"))


@pytest.mark.parametrize("name", PARTS)
def test_every_page_keeps_the_security_policy(name: str) -> None:
    get_template(name)
    text = re.sub(r"\{%.*?%\}", "", (WEB / "templates" / name).read_text(encoding="utf-8"))
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


def test_the_style_sheet_fits_a_weak_link_and_fetches_nothing() -> None:
    sheet = (WEB / "static" / "fairwitness.css").read_bytes()
    assert len(sheet) <= 20_000 and b"url(" not in sheet and b"@import" not in sheet


@pytest.mark.parametrize("state", ["seen", "heard", "recorded", "reported", "alleged", "unable", "verified"])
def test_a_state_is_a_symbol_of_the_sprite_and_a_word(state: str) -> None:
    made = render_to_string("web/parts/state.html", {"state": state})
    assert f'href="#e-{state}"' in made and f'id="e-{state}"' in render_to_string("web/parts/sprite.html")
    assert re.search(r"</svg>[A-Z][a-z ]+</span>", made)


@pytest.mark.parametrize("state", ["", "se", "seen heard", None, "<b>"])
def test_anything_else_is_not_stated(state: str | None) -> None:
    made = render_to_string("web/parts/state.html", {"state": state})
    assert "Not stated" in made and "<svg" not in made


def test_f_and_six_are_values_and_a_dash_is_not_yet_rated() -> None:
    rated = render_to_string("web/parts/grade.html", {"source": "F", "info": 6})
    assert ">F<" in rated and ">6<" in rated and "cannot be judged" in rated
    unrated = render_to_string("web/parts/grade.html", {"source": "", "info": None})
    assert unrated.count("–") == 2 and unrated.count("not yet rated") == 2


def test_what_is_not_written_is_a_no() -> None:
    uses = [
        {"use": "Mission", "allowed": True, "name": "Code only"},
        {"use": "Public", "name": "Full"},
        {"use": "Courts", "allowed": "ask"},
    ]
    given = re.sub(r"\s+", " ", render_to_string("web/parts/consent.html", {"of": "S-1", "uses": uses}))
    assert re.findall(r'<th scope="row">(\w+)</th><td[^>]*>([^<]+)</td><td>([^<]+)', given) == [
        ("Mission", "Yes", "Code only"),
        ("Public", "No", "–"),
        ("Courts", "Ask again", "–"),
    ]
    taken = render_to_string("web/parts/consent.html", {"of": "S-1", "uses": uses, "withdrawn": "Taken back 1 June"})
    assert "Yes" not in taken and taken.count(">No<") == 3 and "Code only" not in taken


class Visit(forms.Form):
    what = forms.CharField(help_text="Only what you saw.")
    day = forms.DateField(required=False)
    how = forms.ChoiceField(choices=[("s", "Seen"), ("h", "Heard")], widget=forms.RadioSelect)
    photo = forms.FileField(required=False)
    safe = forms.BooleanField(label="Nobody was put at risk")


@pytest.mark.parametrize("data", [None, {}, {"what": "<i>", "day": "32.13.2026"}])
def test_every_name_a_field_points_to_is_on_the_page(data: dict[str, str] | None) -> None:
    made = render_to_string(
        "web/parts/form.html", {"form": Visit(data), "submit": "Send the observation", "draft": "visit", "blocked": "Later."}
    )
    names = re.findall(r'\bid="([^"]+)"', made)
    assert len(names) == len(set(names))
    pointed = [name for found in re.findall(r'(?:aria-describedby|aria-labelledby|for|href)="#?([^"]+)"', made) for name in found.split()]
    assert pointed and set(pointed) <= set(names)
    assert 'enctype="multipart/form-data"' in made and "<i>" not in made
    assert ("There is a problem" in made) == (data is not None)


def test_history_shows_moments_and_words_and_folds_the_proof() -> None:
    at = datetime.datetime(2026, 5, 13, 18, 31)
    entries = [
        {"seq": 48176, "at": at, "door": "phone door", "post": "PZ-04", "act": "submitted <it>", "proof": "leaf 3f9c\nroot b771"},
        {"seq": 7, "at": "13 May 2026", "door": "letter", "post": "Municipality", "act": "rated"},
    ]
    made = render_to_string("web/parts/history.html", {"entries": entries})
    assert "№ 48176" in made and "13 May 2026, 18:31" in made and made.count("<details>") == 1 and "submitted &lt;it&gt;" in made
    assert "Nothing is on record" in render_to_string("web/parts/history.html", {"entries": []})


def test_both_ratings_stand_and_an_unassessed_row_is_hatched() -> None:
    rows = [{"when": "2026", "mission": 0, "authority": 2}, {"when": "2025", "not_assessed": True}, {"when": "2024"}]
    made = render_to_string("web/parts/ratings.html", {"steps": ["None", "Started", "Done"], "rows": rows, "label": "Ratings"}).split(
        "</table>"
    )[0]
    assert made.count('class="m"') == 1 and made.count('class="a"') == 1 and 'class="nv" colspan="3"' in made


def test_a_public_page_says_who_may_read_it_and_that_it_is_invented() -> None:
    made = render_to_string(
        "web/public_base.html",
        {
            "lang": "sr-Cyrl",
            "mission_name": "Mission in Kosovo*",
            "marking": "Public",
            "demo_notice": "Invented <all>",
            "footnote": "* Resolution 1244",
            "languages": [{"code": "sq", "name": "Shqip", "href": "/sq/"}, {"code": "sr-Cyrl", "name": "Српски", "current": True}],
        },
    )
    assert made.startswith('<!doctype html>\n<html lang="sr-Cyrl">') and "Invented &lt;all&gt;" in made and "* Resolution 1244" in made
    assert made.index("Public") < made.index("<main") and "built/app.js" not in made
