"""What a mission pack may say: mandate, structure, places, counterparts, words and style of one field mission, as data.

The rule it guards: another mission is another folder, not another program. Whatever differs between missions has a part here;
whatever has no part here cannot be put into a pack by a slip of spelling, because unknown fields are refused.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from fairwitness.mission.pack_parts import Code, Codes, Fact, Number, Part, Spell, Text, When


class PackInfo(Fact):
    """The cover sheet: whose pack this is."""

    code: Code
    title: Text
    edition: Text
    operation: Code
    headquarters: Code
    area: Code
    time_zone: Text
    language_of_record: Code


class Language(Fact):
    code: Code
    name: Text
    own_name: Text
    script: Literal["Latn", "Cyrl", "Arab", "Grek", "Geor", "Armn"]
    standing: Literal["official", "community", "working"]


class Decision(Fact):
    code: Code
    symbol: Text
    body: Text
    adopted: When
    subject: Text
    operation: str = ""


class FieldOfActivity(Fact):
    code: Code
    name: Text
    description: Text


class Task(Fact):
    code: Code
    name: Text
    decisions: Codes = Field(min_length=1)
    fields: Codes = []
    parent: str = ""


class Step(Fact):
    """One step of the policy cycle, and the verb of the house that does it."""

    code: Code
    name: Text
    verb: Literal["monitor", "verify", "analyse", "warn", "report", "recommend", "assist", "share"]
    description: Text


class Operation(Fact):
    """One operation in the chain of predecessors and successors."""

    code: Code
    name: Text
    started: When
    ended: When = ""
    decisions: Codes = []
    predecessors: Codes = []
    end_kind: Literal["", "mandate not renewed", "withdrawn", "replaced", "closed by decision"] = ""
    end_reason: str = ""


class Template(Fact):
    """A set of rights by name; what the name allows stands with the rights, not here."""

    code: Code
    name: Text
    meaning: Text


class Unit(Spell):
    code: Code
    name: Text
    kind: Literal["mission", "senior management", "office", "department", "section", "regional centre", "field team"]
    parent: str = ""
    seat: str = ""


class Post(Spell):
    """A chair. Who sits on it is no part of a pack. `second_hat` names the organisation its holder also acts for."""

    code: Code
    unit: Code
    title: Text
    grants: Code
    second_hat: str = ""


class Area(Spell):
    """Which unit covers which place."""

    unit: Code
    place: Code


class Place(Spell):
    code: Code
    kind: Literal["mission area", "municipality", "town", "village", "quarter", "hamlet", "site"]
    parent: str = ""
    lat: Number = ""
    lon: Number = ""
    area_km2: Number = ""
    population_2011: Number = ""
    population_2024: Number = ""
    external_ids: Codes = []

    @model_validator(mode="after")
    def _on_the_globe(self) -> Self:
        for name, text, limit in (("lat", self.lat, 90), ("lon", self.lon, 180)):
            if text and abs(Decimal(text)) > limit:
                raise ValueError(f"{name} {text} lies outside -{limit} to {limit}")
        if bool(self.lat) != bool(self.lon):
            raise ValueError("lat and lon are given together or not at all")
        return self


class PlaceName(Spell):
    place: Code
    text: Text
    language: Code
    script: Literal["Latn", "Cyrl"]
    form: Literal["main", "definite", "variant", "house", "as printed", "short", "former", "renamed"]
    authority: Text


class Institution(Spell):
    code: Code
    name: Text
    kind: Text
    level: Literal["central", "regional", "municipal"]
    place: str = ""
    parent: str = ""
    successor: str = ""


class Share(Part):
    """What a partner may receive by default. A default is never a permission: the exit gate asks again each time."""

    what: Text
    level: Literal["never", "aggregates", "cleared text", "with consent"]
    condition: str = ""


class Partner(Fact):
    code: Code
    name: Text
    kind: Text
    shares: list[Share] = []


class Term(Part):
    code: Code
    label: Text
    labels: dict[str, str] = {}
    note: str = ""
    parent: str = ""
    aliases: list[str] = []


class Vocabulary(Fact):
    code: Code
    name: Text
    version: Text
    terms: list[Term] = Field(min_length=1)


class OrderException(Part):
    places: Codes
    order: Codes


class NameStyle(Spell):
    """How a document of this audience and time writes a place."""

    code: Code
    name: Text
    audience: Code
    order: Codes = Field(min_length=1)
    separator: str = "/"
    marks: bool = True
    prefer_form: str = ""
    prefer_authority: str = ""
    once_when_equal: bool = True
    exceptions: list[OrderException] = []


class Footnote(Spell):
    """A formula of status, word for word as its organisation prints it."""

    code: Code
    audience: Code
    language: Code
    text: Text


class WordRule(Fact):
    """A word the terminology check points at. It never edits, and quoted text is exempt."""

    code: Code
    avoid: list[str] = Field(min_length=1)
    prefer: Text
    reason: Text


class Figure(Fact):
    """A number of money or posts in a year, with its kind; a year without one is simply absent."""

    year: When = ""
    operation: Code
    what: Text
    kind: Literal["planned", "ceiling", "approved", "revised", "actual", "reported"]
    comparison: Literal["exactly", "more than", "about", "at most"] = "exactly"
    value: Number
    unit: Text


class Article(Part):
    code: Code
    number: Text
    text: Text


class Standard(Spell):
    """A law or instrument against which findings are made; article texts are short paraphrases, never quotations."""

    code: Code
    title: Text
    kind: Text
    adopted: When = ""
    amended_by: Codes = []
    articles: list[Article] = []


class Pack(Part):
    """A whole mission pack, read and checked."""

    info: PackInfo
    languages: list[Language]
    decisions: list[Decision]
    fields: list[FieldOfActivity]
    tasks: list[Task]
    cycle: list[Step]
    operations: list[Operation]
    templates: list[Template]
    units: list[Unit]
    posts: list[Post]
    areas: list[Area]
    places: list[Place]
    place_names: list[PlaceName]
    institutions: list[Institution]
    partners: list[Partner]
    vocabularies: list[Vocabulary]
    name_styles: list[NameStyle]
    footnotes: list[Footnote]
    words: list[WordRule]
    figures: list[Figure]
    standards: list[Standard]
    digest: str = ""
