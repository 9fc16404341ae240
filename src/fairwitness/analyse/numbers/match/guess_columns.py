"""Guess columns: what a column of a list of persons holds, read from its header in the languages of the field, or as the analyst says.

The rule it guards: a column that gives the answer away (a known cluster, a known person's number) is never compared, and a column nobody
can name is left out and said to be left out, not used in silence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from fairwitness.analyse.numbers.read_table import Table
from fairwitness.errors import BadInput, say

KINDS = ("given", "surname", "name", "date", "id", "email", "code", "text", "category")

_COLUMNS: dict[str, str] = {
    "given": "given_name|first_name|firstname|forename|fname|given|prenom|emri|ime|ad|adi|vorname",
    "surname": "surname|last_name|lastname|family_name|lname|family|mbiemri|prezime|soyad|soyadi|nachname",
    "name": "name|full_name|fullname|first_and_surname|person|person_name|father_name|fathers_name|mother_name|mothers_name|"
    "emri_i_babait|ime_oca|baba_adi",
    "date": "dob|date_of_birth|birth_date|birthdate|birthday|born|datelindja|datum_rodenja|datum_rodjenja|dogum_tarihi|date|"
    "death_date|date_of_death",
    "id": "soc_sec_id|ssn|nin|nhs_number|national_id|personal_no|personal_number|numri_personal|jmbg|passport|passport_no|"
    "id_number|card_no|phone|"
          "telephone|mobile",
    "email": "email|e_mail|email_address|mail",
    "code": "postcode|postal_code|zip|zip_code|postcode_fake|street_number|house_number|house_no|year_of_birth|birth_year|yob|age",
    "text": "address|address_1|address_2|address1|address2|street|suburb|city|town|village|place|settlement|municipality|"
    "birth_place|birthplace|"
            "place_of_birth|place_of_death|fshati|selo|koy|komuna|opstina|belediye|vendlindja|mesto_rodjenja|occupation|profession|employer",
    "category": "gender|sex|state|country|region|gjinia|pol|cinsiyet",
}  # fmt: skip
_KIND_OF = {word: kind for kind, words in _COLUMNS.items() for word in words.split("|")}
_ID = ("unique_id", "rec_id", "record_id", "uid", "uuid", "id", "entry_id", "row_id")
_ANSWERS = frozenset(
    {"cluster", "cluster_id", "true_id", "truth", "entity", "entity_id", "person_id", "label", "ground_truth", "true_match_id"}
)


def header_word(column: str) -> str:
    """A header as it is looked up: lower case, without accents, one underscore between words."""
    bare = unicodedata.normalize("NFKD", column.casefold().replace("đ", "dj").replace("ı", "i"))
    return re.sub(r"[^a-z0-9]+", "_", "".join(one for one in bare if not unicodedata.combining(one))).strip("_")


def guess_id(tables: Sequence[Table], asked: str | None) -> str | None:
    """The column with an entry's own number, the same in every list; None where there is none and none was asked for."""
    if asked is not None:
        for table in tables:
            table.texts(asked)
        return asked
    shared = [column for column in tables[0].columns if all(column in table.columns for table in tables)]
    by_word = {header_word(column): column for column in shared}
    return next((by_word[word] for word in _ID if word in by_word), None)


def guess_columns(
    tables: Sequence[Table], own: str | None, compare: Mapping[str, str], ignore: Sequence[str]
) -> tuple[dict[str, str], list[str]]:
    """The kind of each column to compare, and the columns left out. BadInput where a column or kind does not exist or nothing is left.

    compare: column to kind, said by the analyst; it comes before every guess. ignore: columns never compared.
    """
    for column in (*compare, *ignore):
        for table in tables:
            table.texts(column)
    for column, kind in compare.items():
        if kind not in KINDS:
            raise BadInput("“{kind}” is no kind of column ({column}); there are {kinds}.", kind=kind, column=column, kinds=", ".join(KINDS))
    found: dict[str, str] = {}
    left_out: list[str] = []
    for column in tables[0].columns:
        if column == own or column in ignore:
            continue
        if any(column not in table.columns for table in tables):
            left_out.append(column)
            continue
        word = header_word(column)
        known = compare.get(column) or ("" if word in _ANSWERS else _KIND_OF.get(word, ""))
        if known:
            found[column] = known
        else:
            left_out.append(column)
    # A whole name beside its parts would count the same agreement twice.
    if {"given", "surname"} <= set(found.values()):
        for column in [one for one, kind in found.items() if kind == "name" and one not in compare and header_word(one) in _WHOLE]:
            del found[column]
            left_out.append(column)
    if not set(found.values()) & {"given", "surname", "name", "id", "date", "email"}:
        raise BadInput.of(tables[0].fault("", say(
            "has no column with a name, a date or a number of a person that could be recognised; name them, e.g. --compare "
            "emri=given. It has {columns}.",
            columns=", ".join(tables[0].columns))))  # fmt: skip
    return found, left_out


_WHOLE = frozenset({"name", "full_name", "fullname", "first_and_surname", "person", "person_name"})
