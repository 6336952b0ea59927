"""Above the four rooms: puts together what they hand to one another, and serves it.

`features` lists what can be deleted; `printer` is what the bibs' room draws and reads for the others; `intake_side` and `board_side`
are the two halves of `race_server`; `serving` serves it, `commands` are the commands that need more than one room.
"""

VERSION = "0.1.0"
