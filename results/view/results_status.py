"""The status of the results in words, by one function for every page and paper. Pure."""

from results.view.view import View
from results.view.words import STATES
from timing.language import Text, _


def state_words(view: View) -> Text:
    """Official with the edition's number; else provisional, and since which official edition results have changed.

    Live results are no edition, so a provisional one lends them no number.
    """
    edition = view.edition
    if edition is None or edition.state != "official" or view.state == "hidden":
        return STATES[view.state]
    if view.state == "official":
        return _("Official results, edition {number}", number=edition.number)
    return _("Provisional: changed since official edition {number}", number=edition.number)
