"""What was printed for a firm: the PDFs of its packet in the race folder, by name."""

from glob import escape
from pathlib import Path


def packet_files(bibs: Path, company: str) -> dict[str, Path]:
    """The bibs and the hand-out list, as `packet` left them below `bibs`; empty where nothing was printed yet."""
    folders = sorted(bibs.glob(f"{escape(company)}-*/")) if company else []
    return {file.name: file for folder in folders for file in sorted(folder.glob("*.pdf")) if file.is_file()}
