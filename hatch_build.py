"""Compiles the catalogues of texts into the wheel, and beside the sources of an editable installation."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Catalogues(BuildHookInterface):  # type: ignore[type-arg]
    """`timing/locale/*/LC_MESSAGES/marathon.po` become `.mo` files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it packs."""
        for source in Path(self.root).glob("timing/locale/*/LC_MESSAGES/*.po"):
            with source.open("rb") as po, source.with_suffix(".mo").open("wb") as mo:
                write_mo(mo, read_po(po))
            build_data["artifacts"].append(str(source.with_suffix(".mo").relative_to(self.root)))
