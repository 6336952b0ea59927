"""A missing system part skips on a laptop and fails on CI."""

import pytest

from tests.system import missing


def test_a_laptop_skips_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="libzbar is missing: install libzbar0"):
        missing("libzbar", "install libzbar0")


def test_ci_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="libzbar is missing on CI"):
        missing("libzbar", "install libzbar0")
