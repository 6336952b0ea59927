"""How final what is shown is, in words; every page and paper says it by this one function. Pure."""

from results.display import View
from results.messages import MESSAGES
from timing.printed.sheets import Words


def state_words(view: View) -> Words:
    """Official with the edition's number; else provisional, and since which official edition results have changed.

    Live results are no edition, so a provisional one lends them no number.
    """
    edition = view.edition
    if edition is None or edition.state != "official" or view.state == "hidden":
        return MESSAGES[view.state]
    korean, english = MESSAGES["official_edition" if view.state == "official" else "changed_since"]
    return korean.format(number=edition.number), english.format(number=edition.number)
