"""A made-up roster for demonstrations: firms and people that do not exist, the same for the same seed."""

import csv
from pathlib import Path

import numpy as np

FIRMS = (
    "㈜한빛소프트웨어테크놀로지",
    "가람전자",
    "두리산업 주식회사",
    "새벽별게임즈",
    "(주)온누리바이오",
    "구로정밀",
    "마루디자인",
    "Daon Robotics Korea",
)
FAMILY_NAMES = "김이박최정강조윤장임한오서신권황안송류홍"
GIVEN_NAMES = [
    "하늘",
    "서연",
    "민준",
    "지우",
    "도윤",
    "예은",
    "시우",
    "수아",
    "건우",
    "지호",
    "유진",
    "현우",
    "다은",
    "은서",
    "준서",
    "소율",
    "태양",
    "보람",
    "아름",
    "슬기",
    "한결",
    "가온",
    "라온",
    "나래",
    "새롬",
]
TEAMS = ("개발팀", "생산팀", "")
CATEGORIES = ("20대", "30대", "40대", "50대")


def write_madeup_roster(path: Path, people: int, seed: int) -> None:
    """Write a CSV roster of `count` people in eight firms of different sizes."""
    chance = np.random.default_rng(seed)
    shares = np.array([14, 11, 9, 8, 7, 5, 4, 2], dtype=float)
    members = np.concatenate(
        [np.arange(len(FIRMS)), chance.choice(len(FIRMS), people - len(FIRMS), p=shares / shares.sum())]
    )
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["소속", "성명", "팀", "성별", "부문"])
        for firm in sorted(members):
            name = str(chance.choice(list(FAMILY_NAMES))) + str(chance.choice(GIVEN_NAMES))
            rows.writerow(
                [FIRMS[firm], name, chance.choice(TEAMS), chance.choice(["남", "여"]), chance.choice(CATEGORIES)]
            )
