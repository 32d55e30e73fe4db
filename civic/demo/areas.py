"""The demo's areas: Shanghai, Xuhui and its fourteen street-level units with their national codes (facts).

What lies below a street is invented: its codes have a letter, so that the real communities of
`civic import areas` find their own places beside them.
"""

from __future__ import annotations

from civic.rules.area_files import AreaLine

DISTRICT = "310104"
STREETS = (
    ("310104003", "天平路街道"),
    ("310104004", "湖南路街道"),
    ("310104007", "斜土路街道"),
    ("310104008", "枫林路街道"),
    ("310104010", "长桥街道"),
    ("310104011", "田林街道"),
    ("310104012", "虹梅路街道"),
    ("310104013", "康健新村街道"),
    ("310104014", "徐家汇街道"),
    ("310104015", "凌云路街道"),
    ("310104016", "龙华街道"),
    ("310104017", "漕河泾街道"),
    ("310104103", "华泾镇"),
    ("310104501", "漕河泾新兴技术开发区"),
)
TIANPING, HUNAN, TIANLIN, KANGJIAN, LONGHUA = (
    "310104003",
    "310104004",
    "310104011",
    "310104013",
    "310104016",
)
# Invented communities, each with the number of invented grids.
COMMUNITIES = {
    TIANPING: (("示例梧桐社区", 3), ("示例安福社区", 2)),
    HUNAN: (("示例花园社区", 2),),
    TIANLIN: (("示例田林东社区", 3), ("示例田林西社区", 2)),
    KANGJIAN: (("示例康健桂林社区", 2),),
    LONGHUA: (("示例滨江社区", 2),),
}
OTHER = "示例中心社区"


def communities(street: str) -> list[str]:
    """The codes of a street's communities."""
    return [f"{street}D{n:02}" for n, _ in enumerate(COMMUNITIES.get(street, ((OTHER, 1),)), 1)]


def lines() -> list[AreaLine]:
    """All of them, each after the one above it."""
    rows = [("31", "上海市", "province", ""), ("3101", "市辖区", "city", "31")]
    rows.append((DISTRICT, "徐汇区", "district", "3101"))
    for street, name in STREETS:
        rows.append((street, name, "street", DISTRICT))
        for number, (community, grids) in enumerate(COMMUNITIES.get(street, ((OTHER, 1),)), 1):
            code = f"{street}D{number:02}"
            rows.append((code, community, "community", street))
            rows += [
                (f"{code}G{g}", f"示例第{'一二三'[g - 1]}网格", "grid", code) for g in range(1, grids + 1)
            ]
    return [AreaLine(line, *row) for line, row in enumerate(rows, 1)]
