"""Lists that nobody wrote: persons and events made from syllables by a seed, spelt by clerks of four schools, with the truth beside them.

The names are made of sounds, not taken from anybody. A clerk writes the same sounds as Albanian, Serbian Latin, Serbian Cyrillic or Turkish
has them, now and then without diacritics, and errs in digits as people do.
"""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from pathlib import Path

SCHOOLS = ("sq", "sr", "cyr", "tr")
# One sound, four spellings: Albanian, Serbian Latin, Serbian Cyrillic, Turkish.
SOUNDS = {
    "C": ("q", "ć", "ћ", "ç"), "Č": ("ç", "č", "ч", "ç"),
    "X": ("xh", "dž", "џ", "c"), "Đ": ("gj", "đ", "ђ", "c"), "S": ("sh", "š", "ш", "ş"),
    "Z": ("zh", "ž", "ж", "j"), "N": ("nj", "nj", "њ", "ny"), "L": ("l", "lj", "љ", "l"), "l": ("ll", "l", "л", "l"),
    "r": ("r", "r", "р", "r"),
    "R": ("rr", "r", "р", "r"), "j": ("j", "j", "ј", "y"), "a": ("a", "a", "а", "a"), "b": ("b", "b", "б", "b"), "d": ("d", "d", "д", "d"),
    "e": ("e", "e", "е", "e"), "f": ("f", "f", "ф", "f"), "g": ("g", "g", "г", "g"), "h": ("h", "h", "х", "h"), "i": ("i", "i", "и", "i"),
    "k": ("k", "k", "к", "k"), "m": ("m", "m", "м", "m"), "n": ("n", "n", "н", "n"), "o": ("o", "o", "о", "o"), "p": ("p", "p", "п", "p"),
    "s": ("s", "s", "с", "s"), "t": ("t", "t", "т", "t"), "u": ("u", "u", "у", "u"), "v": ("v", "v", "в", "v"), "z": ("z", "z", "з", "z"),
}  # fmt: skip
_BARE = str.maketrans("ćčçšşžđ", "cccsszd")


def spell(sounds: str, school: str) -> str:
    """The sounds as a clerk of that school writes them."""
    return "".join(SOUNDS[one][SCHOOLS.index(school)] for one in sounds).capitalize()


def made_name(luck: random.Random, syllables: int) -> str:
    """Sounds of a name."""
    return "".join(
        luck.choice("CČXĐSZNLlRrjbdfghkmnpstvz") + luck.choice("aeiou") + luck.choice(["", "", "r", "n", "m"]) for _ in range(syllables)
    )


def typed(luck: random.Random, text: str) -> str:
    """The text with one slip of the hand."""
    if len(text) < 3:
        return text
    at = luck.randrange(len(text) - 1)
    return luck.choice(
        [
            text[:at] + text[at + 1 :],
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
            text[:at] + luck.choice("aeirnst") + text[at + 1 :],
        ]
    )


def written(luck: random.Random, sounds: str, school: str) -> str:
    """A name as it stands in a list: one in four without diacritics, one in ten with a slip."""
    text = spell(sounds, school)
    if luck.random() < 0.25:
        text = text.translate(_BARE)
    return typed(luck, text) if luck.random() < 0.1 else text


def persons(seed: int, number: int, lists: int = 2, seen: float = 0.7) -> list[list[dict[str, str]]]:
    """Lists of persons; each person stands in each list with the probability `seen`, as a clerk of one of four schools wrote it down.

    The column `truth` is the person's number.
    """
    luck = random.Random(seed)
    given = [made_name(luck, 2) for _ in range(120)]
    surnames = [made_name(luck, luck.choice([2, 3])) + luck.choice(["", "i", "aj", "iC"]) for _ in range(400)]
    villages = [made_name(luck, luck.choice([2, 3])) for _ in range(80)]
    people = [(min(luck.choice(given), luck.choice(given)), luck.choice(surnames), luck.choice(given),
               date(1930, 1, 1) + timedelta(luck.randrange(25000)),
               luck.choice(villages)) for _ in range(number)]  # fmt: skip
    found: list[list[dict[str, str]]] = [[] for _ in range(lists)]
    for truth, (first, last, father, born, village) in enumerate(people):
        for place, rows in enumerate(found):
            if luck.random() >= seen:
                continue
            school = luck.choice(SCHOOLS)
            day = born.isoformat()
            if luck.random() < 0.08:
                day = luck.choice([f"{born.year}-01-01", (born + timedelta(luck.choice([1, 10, 30]))).isoformat()])
            names = [written(luck, one, school) for one in (first, last, father)]
            if luck.random() < 0.03:
                names[0], names[1] = names[1], names[0]
            row = {"unique_id": f"{'ABCDEF'[place]}{len(rows) + 1}", "given_name": names[0], "surname": names[1], "father_name": names[2],
                   "date_of_birth": day, "village": written(luck, village, luck.choice(SCHOOLS)), "truth": str(truth)}  # fmt: skip
            for column, share in (("father_name", 0.3), ("date_of_birth", 0.12), ("village", 0.15), ("given_name", 0.02)):
                if luck.random() < share:
                    row[column] = ""
            rows.append(row)
    for rows in found:
        luck.shuffle(rows)
    return found


def save(folder: Path, name: str, rows: list[dict[str, str]]) -> Path:
    """The rows as a CSV file."""
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


# A narrow and a broad meaning, and each source's word for it.
KINDS = {
    ("theft of livestock", "property"): ("livestock theft", "vjedhje bagëtish", "krađa stoke"),
    ("burglary", "property"): ("break-in", "vjedhje e rëndë", "provala"),
    ("damage to a house", "property"): ("house damaged", "dëmtim i shtëpisë", "oštećenje kuće"),
    ("beating", "person"): ("assault", "rrahje", "prebijanje"),
    ("threat", "person"): ("verbal threat", "kanosje", "pretnja"),
    ("stones thrown", "person"): ("stoning", "gjuajtje me gurë", "kamenovanje"),
    ("roadblock", "order"): ("road blocked", "bllokim rruge", "blokada puta"),
    ("protest", "order"): ("demonstration", "protestë", "protest"),
}
SOURCES = ("patrols", "partner", "police")


def taxonomy() -> list[dict[str, str]]:
    """Which words of the three sources mean the same."""
    return [{"data.source": source, "base.categories": words[place], "narrow": narrow, "broad": broad}
            for (narrow, broad), words in KINDS.items() for place, source in enumerate(SOURCES)]  # fmt: skip


def events(seed: int, number: int = 300, days: int = 120, villages: int = 300) -> list[list[dict[str, str]]]:
    """Three sources' lists of incidents: days that are off by one or two, points that differ, villages in three spellings. `truth` is
    the incident.
    """
    luck = random.Random(seed)
    places = [(made_name(luck, luck.choice([2, 3])), 42.1 + luck.random(), 20.5 + luck.random()) for _ in range(villages)]
    found: list[list[dict[str, str]]] = [[], [], []]
    for truth in range(number):
        village, north, east = luck.choice(places)
        kind = luck.choice(list(KINDS))
        day = date(2025, 3, 1) + timedelta(luck.randrange(days))
        for place, rows in enumerate(found):
            if luck.random() >= 0.6:
                continue
            told = kind
            if luck.random() < 0.06:
                told = luck.choice([one for one in KINDS if one[1] == kind[1]])
            off = luck.choices([0, 1, -1, 2], [70, 18, 7, 5])[0] if place else 0
            spread = 0.012 if luck.random() < 0.15 else 0.003
            rows.append({
                "event": f"{SOURCES[place][:2]}{len(rows) + 1}", "date": (day + timedelta(off)).isoformat(),
                "latitude": f"{north + luck.gauss(0, spread):.5f}", "longitude": f"{east + luck.gauss(0, spread):.5f}",
                "village": written(luck, village, luck.choice(SCHOOLS)), "incident": KINDS[told][place], "truth": str(truth),
            })  # fmt: skip
    return found


def true_pairs(lists: list[list[dict[str, str]]], number: str) -> set[frozenset[str]]:
    """Every two entries of different lists that are of one person or event, by their numbers."""
    home: dict[str, list[tuple[int, str]]] = {}
    for place, rows in enumerate(lists):
        for row in rows:
            home.setdefault(row["truth"], []).append((place, row[number]))
    return {frozenset({one[1], other[1]}) for heap in home.values() for one in heap for other in heap if one[0] < other[0]}


def f1(found: set[frozenset[str]], truth: set[frozenset[str]]) -> float:
    """The harmonic mean of precision and recall."""
    return 2 * len(found & truth) / (len(found) + len(truth))
