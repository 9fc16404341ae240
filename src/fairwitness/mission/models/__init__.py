"""The kept things of the mission: mandate, places, structure, people, counterparts, words."""

from fairwitness.mission.models.counterparts import Counterpart
from fairwitness.mission.models.lists import Import, ImportedRow, ListProfile
from fairwitness.mission.models.mandate import Decision, FieldOfActivity, Figure, Footnote, MissionProfile, Operation, Standard, Task
from fairwitness.mission.models.people import Member, Power, SecondHat, Tenure
from fairwitness.mission.models.places import Place, PlaceName
from fairwitness.mission.models.searches import SavedSearch
from fairwitness.mission.models.structure import Area, Grant, Post, Unit
from fairwitness.mission.models.words import HouseStyle, Term

__all__ = [
    "Area", "Counterpart", "Decision", "FieldOfActivity", "Figure", "Footnote", "Grant", "HouseStyle", "Import", "ImportedRow",
    "ListProfile", "Member", "MissionProfile",
    "Operation", "Place", "PlaceName", "Post", "Power", "SavedSearch", "SecondHat", "Standard", "Task", "Tenure", "Term", "Unit",
]  # fmt: skip
