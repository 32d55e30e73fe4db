"""Residents in number: each signs in through an invented identity provider, claims a home, and shows a document."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from civic.acts import people, residencies
from civic.acts.core import Actor
from civic.demo.areas import HUNAN, KANGJIAN, LONGHUA, STREETS, TIANLIN, TIANPING, communities
from civic.demo.stage import Scene, Stage

FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = [
    "秀英",
    "建华",
    "桂兰",
    "志强",
    "丽萍",
    "国平",
    "玉梅",
    "海燕",
    "永福",
    "淑珍",
    "文博",
    "雨桐",
    "子涵",
    "思远",
    "晓峰",
    "佳琪",
    "振宇",
    "美玲",
    "长根",
    "月琴",
    "立新",
    "春生",
    "彩霞",
    "明亮",
    "小芳",
    "卫东",
    "红梅",
    "少华",
    "宝珠",
    "学文",
]
FOREIGN = [
    "Emma Clarke",
    "Jonas Weber",
    "Aiko Tanaka",
    "Marta Silva",
    "Liam O’Brien",
    "Sofia Rossi",
    "Noah Martin",
    "Priya Nair",
]
# How many live where; the other streets have a few each.
NUMBERS = {TIANPING: 78, TIANLIN: 74, KANGJIAN: 40, LONGHUA: 36, HUNAN: 22}
ELSEWHERE = 4
PROVIDER = "https://id.demo.example"


def name(number: int) -> str:
    """The name of the nth resident: invented, and marked so."""
    family, given = FAMILY[number % len(FAMILY)], GIVEN[(number * 7 + number // len(FAMILY)) % len(GIVEN)]
    return f"{family}{given}（示例）"


def scenes(stage: Stage) -> list[Scene]:
    """They arrive over two months, a street after the other."""
    found: list[Scene] = []
    number = 0
    for place, (street, _) in enumerate(STREETS):
        homes = communities(street)
        for i in range(NUMBERS.get(street, ELSEWHERE)):
            foreign = street == HUNAN and i < len(FOREIGN)
            who = f"{FOREIGN[i]} (demo)" if foreign else name(number)
            day = -176 + (i * 3 + place * 5) % 52
            home = homes[i % len(homes)]
            found.append(
                Scene(stage.on(day, 9 + i % 8, number % 60), arrive(stage, number, who, home, foreign))
            )
            number += 1
    return found


def arrive(stage: Stage, number: int, who: str, home: str, foreign: bool) -> Callable[[], Awaitable[None]]:
    """Somebody signs in for the first time, claims a home and is verified at the counter."""

    async def play() -> None:
        person = await people.sign_in_with_provider(
            issuer=PROVIDER, subject=f"resident-{number}", email=None, name=who
        )
        if foreign:
            person = await people.edit(Actor(person), name=who, language="en")
        claim = await residencies.claim(Actor(person), area=home)
        stage.documents[person.id] = f"DEMO{number:06}"
        await residencies.verify(
            stage.as_("clerk", "district"), claim, document_number=stage.documents[person.id]
        )
        stage.homes.setdefault(home, []).append(person)
        await asyncio.sleep(0)

    return play
