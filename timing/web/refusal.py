"""The refusal of a request, as JSON for programs. Pure."""

from collections.abc import Mapping

from msgspec import Struct

from timing.language import Text, pair


class Refusal(Struct, frozen=True):
    """Why a request was refused, in both languages."""

    korean: str
    english: str

    @classmethod
    def of(cls, text: Text) -> "Refusal":
        """The refusal that says this."""
        return cls(text.to("ko"), text.to("en"))

    @property
    def text(self) -> Text:
        """What it says."""
        return pair(self.korean, self.english)


class HttpError(Exception):
    """A refused request: the status of the response, and why."""

    def __init__(self, status: int, why: Refusal, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(why.english)
        self.status, self.why, self.headers = status, why, dict(headers or {})
