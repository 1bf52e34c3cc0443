"""The demo town's elders: the named ones as written, the others drawn from the tables by chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from assistant.vocabulary import Diet
from backend.database import word_of
from backend.elders.words import Gender, Hearing, Living

ELDER_PHONES, FIRST_CONTACTS, SECOND_CONTACTS = 1000, 2000, 3000
"""Telephones are 130 0000 and one of these plus the elder's number: a range that nobody has."""

MOST_CONDITIONS = 4
"""More illnesses than these are left out: a card that lists all is not read."""

LATE_AGE = 75
"""Illnesses are a third more frequent from this age on."""


@dataclass(frozen=True, kw_only=True)
class ElderRows:
    """Rows of the elders' tables, ready to insert."""

    elders: list[dict[str, Any]]
    contacts: list[dict[str, Any]]
    tags: list[dict[str, Any]]


def elders(
    tables: Mapping[str, Any], *, villages: Sequence[Mapping[str, Any]], year: int, random: Random
) -> ElderRows:
    """Return the demo town's elders.

    Args:
        tables: ``elders.yml``.
        villages: the villages of ``town.yml``; each gets an equal share of elders, in order of their ids.
        year: the year in which they live, for their ages.
        random: source of chance; the same state gives the same elders.
    """
    named = {entry["id"]: entry for entry in tables["named"]}
    names = {entry["name"] for entry in tables["named"]}
    count = tables["count"]
    share = -(-count // len(villages))
    by_id = {village["id"]: village for village in villages}
    rows = ElderRows(elders=[], contacts=[], tags=[])
    for number in range(1, count + 1):
        elder_id = f"E{number:04d}"
        drawn = _drawn(tables, village=villages[(number - 1) // share], year=year, names=names, random=random)
        card = {**drawn, "diet": None, "id": elder_id, "number": number, **named.get(elder_id, {})}
        card["village"] = by_id[card["village"]]
        _add(rows, card, tables, year=year, others=drawn["diet"] if elder_id not in named else [])
    return rows


def _drawn(
    tables: Mapping[str, Any], *, village: Mapping[str, Any], year: int, names: set[str], random: Random
) -> dict[str, Any]:
    gender = random.choice(("female", "female", "female", "male", "male"))
    name = _new_name(tables, gender, names, random)
    earliest, latest = tables["birth_years"]
    birth_year = round(random.triangular(earliest, latest, earliest + 0.6 * (latest - earliest)))
    living = _one_of(tables["living"], random)
    odds = 4 / 3 if year - birth_year >= LATE_AGE else 1.0
    conditions = [
        condition
        for condition, about in tables["conditions"].items()
        if _happens(about["share"] * odds, random)
    ]
    return {
        "name": name,
        "called": name[0] + random.choice(tables["called"][gender]),
        "gender": gender,
        "birth_year": birth_year,
        "village": village["id"],
        "group": random.randint(1, 9),
        "house": random.randint(1, 60),
        "living": living,
        "conditions": conditions[:MOST_CONDITIONS],
        "diet": [limit for limit, share in tables["other_limits"].items() if _happens(share, random)],
        "hearing": _one_of(tables["hearing"], random),
        "preferences": {
            "likes": random.sample(tables["hobbies"], random.randint(1, 2)),
            "accent": random.choice(tables["accents"]),
        },
        "contacts": _contacts(tables, name=name, gender=gender, living=living, random=random),
        "tags": [tag for tag, share in tables["tags"].items() if _happens(share, random)],
    }


def _new_name(tables: Mapping[str, Any], gender: str, names: set[str], random: Random) -> str:
    while True:
        name = str(random.choice(tables["surnames"]) + random.choice(tables["given"][gender]))
        if name not in names:
            names.add(name)
            return name


def _contacts(
    tables: Mapping[str, Any], *, name: str, gender: str, living: str, random: Random
) -> list[dict[str, Any]]:
    relations = random.sample(tables["relations"], random.choice((1, 2, 2)))
    contacts = []
    for about in relations:
        own = gender == "male" and about["relation"] in ("儿子", "女儿", "侄子")
        surname = name[0] if own else random.choice(tables["surnames"])
        given = random.choice(tables["younger"][about["gender"]])
        contacts.append({"name": surname + given, "relation": about["relation"]})
    if living == "with_spouse":
        other = "male" if gender == "female" else "female"
        spouse = random.choice(tables["surnames"]) + random.choice(tables["given"][other])
        contacts.append({"name": spouse, "relation": "老伴"})
    return contacts[:2]


def _add(
    rows: ElderRows, card: Mapping[str, Any], tables: Mapping[str, Any], *, year: int, others: list[str]
) -> None:
    village, number = card["village"], card["number"]
    limits = {limit for condition in card["conditions"] for limit in tables["conditions"][condition]["diet"]}
    rows.elders.append(
        {
            "id": card["id"],
            "name": card["name"],
            "called": card["called"],
            "gender": word_of(Gender, card["gender"]),
            "birth_year": card["birth_year"],
            "village_id": village["id"],
            "address": f"{village['name']}{card['group']}组{card['house']}号",
            "phone": _phone(ELDER_PHONES + number),
            "living": word_of(Living, card["living"]),
            "hearing": word_of(Hearing, card["hearing"]),
            "conditions": card["conditions"],
            "diet": [str(limit) for limit in Diet if str(limit) in limits.union(others)],
            "preferences": card["preferences"],
            "is_demo": True,
        }
    )
    ranges = (FIRST_CONTACTS, SECOND_CONTACTS)
    for position, (contact, first) in enumerate(zip(card["contacts"], ranges, strict=False), start=1):
        rows.contacts.append(
            {"phone": _phone(first + number), **contact, "elder_id": card["id"], "position": position}
        )
    tags = set(card["tags"])
    if card["living"] == "alone":
        tags.add("独居")
    if year - card["birth_year"] >= tables["old_age"]:
        tags.add("高龄")
    rows.tags.extend({"elder_id": card["id"], "tag": tag} for tag in sorted(tags))


def _phone(number: int) -> str:
    return f"130 0000 {number:04d}"


def _happens(share: float, random: Random) -> bool:
    return random.uniform(0, 100) < share


def _one_of(shares: Mapping[str, int], random: Random) -> str:
    return random.choices(list(shares), weights=list(shares.values()))[0]
