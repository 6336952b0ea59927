"""Every word the pages and explanations say, Korean first and English beside it: one catalogue, no key without both."""

from typing import Literal

Language = Literal["ko", "en"]
LANGUAGES: tuple[Language, ...] = ("ko", "en")

MESSAGES: dict[str, tuple[str, str]] = {
    "registered": ("등록", "Registered"),
    "started": ("출발", "Started"),
    "on_course": ("코스 위", "On course"),
    "finished": ("완주", "Finished"),
    "provisional": ("잠정 기록", "Provisional results"),
    "individuals": ("개인", "Runners"),
    "everybody": ("전체", "All"),
    "men": ("남자", "Men"),
    "women": ("여자", "Women"),
    "companies": ("소속 순위", "Firms"),
    "all_companies": ("참가한 모든 소속", "All firms"),
    "teams": ("팀 순위", "Teams"),
    "company": ("소속", "Firm"),
    "team": ("팀", "Team"),
    "place": ("순위", "Place"),
    "bib": ("배번", "Bib"),
    "name": ("이름", "Name"),
    "net": ("기록", "Time"),
    "net_time": ("넷타임", "Net time"),
    "gun_time": ("건타임", "Gun time"),
    "pace": ("페이스", "Pace"),
    "sex_place": ("성별", "By sex"),
    "category": ("부문", "Category"),
    "status": ("상태", "Status"),
    "score": ("기록", "Score"),
    "counted": ("계산된 배번", "Bibs counted"),
    "people": ("명", "people"),
    "search": ("배번, 이름, 소속 찾기 (초성도 됩니다)", "Find a bib, name or firm"),
    "away": ("연결이 끊겼습니다. 마지막 소식", "Connection lost; as of"),
    "nothing_found": ("찾지 못했습니다", "Nothing found"),
    "found": ("찾음", "found"),
    "more_by_search": (
        "앞 100명입니다. 나머지는 검색이나 소속 쪽에서 보세요.",
        "The first 100. Find the others by search or on their firm's page.",
    ),
    "no_finishers": ("아직 결승선을 통과한 사람이 없습니다.", "Nobody has crossed the finish line yet."),
    "no_groups": ("아직 순위에 오른 곳이 없습니다.", "No group ranks yet."),
    "basis_net": ("넷타임(출발선부터 결승선까지) 순위", "Ranked by net time, start line to finish line"),
    "basis_gun": ("건타임(총성부터 결승선까지) 순위", "Ranked by gun time, gun to finish line"),
    "ties_share": ("같은 기록은 같은 순위", "equal times share a place"),
    "ties_arrival": ("같은 기록은 기록된 순서", "equal times keep the order of recording"),
    "course": ("코스", "Course"),
    "uncertified": ("비공인 기록", "uncertified course and times"),
    "language": ("English", "한국어"),
    "skip": ("본문으로", "Skip to results"),
    "version": ("기록 번호", "log position"),
    "runners_of": ("소속 참가자", "Runners of this firm"),
    "evidence": ("이 기록의 근거", "What this time rests on"),
    "start": ("출발", "Start"),
    "finish": ("도착", "Finish"),
    "gun": ("총성", "Gun"),
    "source_scan": ("카메라", "camera"),
    "source_gun": ("출발을 보지 못해 총성으로 대신함", "start not seen, the gun stands in"),
    "no_place": ("아직 순위가 없습니다", "no place yet"),
    "not_yet": ("아직 없음", "not yet"),
    "place_suffix": ("위", ""),
    "reason_start_used": ("출발로 인정", "counts as the start"),
    "reason_start_superseded": ("나중의 출발이 있어 쓰지 않음", "a later start counts"),
    "reason_before_gun": ("총성 전이라 쓰지 않음", "before the gun"),
    "reason_after_window": ("출발 시간이 지나 쓰지 않음", "after the start window"),
    "reason_after_finish": ("도착한 뒤라 쓰지 않음", "after the finish"),
    "reason_finish_used": ("도착으로 인정", "counts as the finish"),
    "reason_too_early": ("도착하기에는 너무 일러 쓰지 않음", "too early to be a finish"),
    "reason_repeated": ("이미 도착하여 쓰지 않음", "had finished already"),
}


def message(key: str, language: Language) -> str:
    return MESSAGES[key][LANGUAGES.index(language)]


def both(key: str) -> str:
    """Both languages in one line, for the terminal."""
    return " / ".join(MESSAGES[key])
