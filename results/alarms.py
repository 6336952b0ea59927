"""What whoever works at the race must see in red, on whatever page they look at. Pure."""

from timing.language import Text
from timing.race.admission import set_aside_words
from timing.race.fold import Race, jump_words


def alarms(race: Race) -> tuple[Text, ...]:
    """Items of the log that count for nothing, and jumps of clocks of which nobody has said whose it was."""
    aside, jumps = race.set_aside(), race.open_jumps()
    return ((set_aside_words(len(aside)),) if aside else ()) + ((jump_words(jumps),) if jumps else ())
