"""The tables of a race's database, the same on SQLite and PostgreSQL."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

SCHEMA_VERSION = 13
"""It only goes up, and no number is used twice: `tests/timing/store/test_schemas.py` keeps what each one meant."""
metadata = MetaData()

schema = Table("marathon_schema", metadata, Column("version", Integer, nullable=False))

race_head = Table(
    "race_head",
    metadata,
    Column("race", String(64), primary_key=True),
    Column("last_pos", BigInteger, nullable=False),
    Column("last_hash", LargeBinary, nullable=False),
)

lineage_head = Table(
    "lineage_head",
    metadata,
    Column("lineage", String(80), primary_key=True),
    Column("race", String(64), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

event = Table(
    "event",
    metadata,
    Column("race", String(64), primary_key=True),
    Column("pos", BigInteger, primary_key=True, autoincrement=False),
    Column("lineage", String(80), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),  # the bytes as received, never written anew
    Column("lineage_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    UniqueConstraint("lineage", "seq"),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("lineage", String(80), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("lineage_hash", LargeBinary, primary_key=True),
    Column("race", String(64), nullable=False),
    Column("prev_hash", LargeBinary, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("received_at", BigInteger, nullable=False),
)

# Names live apart from the facts, so that a person can be forgotten while the log stays whole.
person = Table(
    "person",
    metadata,
    Column("race", String(64), primary_key=True),
    Column("entrant", String(80), primary_key=True),
    Column("name", String(200), nullable=False),
)

group = Table(
    "entry_group",
    metadata,
    Column("race", String(64), primary_key=True),
    Column("id", String(80), primary_key=True),
    Column("kind", String(16), nullable=False),  # company | team | former
    Column("name", String(200), nullable=False),
    Column(
        "company", String(80), nullable=False, server_default=""
    ),  # of a team (empty: a joint team) or a former name; since version 5
)

# What a firm shows of itself; since version 2.
firm = Table(
    "firm",
    metadata,
    Column("race", String(64), primary_key=True),
    Column("company", String(80), primary_key=True),
    Column("building", String(200), nullable=False),
    Column("floor", String(200), nullable=False),
    Column("link", String(300), nullable=False),
    Column("blurb", String(200), nullable=False),
    Column("approved", Boolean, nullable=False),
    Column("design", Text, nullable=False),  # JSON
)

station = Table(
    "station",
    metadata,
    Column("race", String(64), primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("token_hash", LargeBinary, nullable=False),
)

# Which station a lineage belongs to: of the first token that came with it; since version 3.
station_lineage = Table(
    "station_lineage",
    metadata,
    Column("lineage", String(80), primary_key=True),
    Column("race", String(64), nullable=False),
    Column("station", String(80), nullable=False),
)

# How each lineage's station was when last heard, so that every server can tell; since version 3.
heartbeat = Table(
    "heartbeat",
    metadata,
    Column("lineage", String(80), primary_key=True),
    Column("race", String(64), nullable=False),
    Column("data", LargeBinary, nullable=False),  # JSON
)

# What waits for a person beside the log: a bib and a few words that a runner reports from the board (since version 3), or a line of a
# paper sheet that was not recorded.
report = Table(
    "report",
    metadata,
    Column("race", String(64), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("bib", Integer, nullable=False),  # 0: no number could be made of what was written
    Column("written", String(40), nullable=False, server_default=""),  # the bib as written; since version 6
    Column("text", String(300), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("done", Boolean, nullable=False),
    # of a paper sheet's line, since version 13: start | finish, and when, as written there (0: cannot be read)
    Column("point", String(16), nullable=False, server_default=""),
    Column("passed", BigInteger, nullable=False, server_default="0"),
)

# Who agreed to their full name on public pages, and who took that back; since version 4.
consent = Table(
    "consent",
    metadata,
    Column("race", String(64), primary_key=True),
    Column("entrant", String(80), primary_key=True),
    Column("agreed", Boolean, nullable=False),
)

# How often names, consents and firms' cards were written: whoever keeps a copy of them reads it again when this grows; since version 11.
directory_edits = Table(
    "directory_edits",
    metadata,
    Column("race", String(64), primary_key=True),
    Column("number", BigInteger, nullable=False),
)

# When a person's name was last erased: what was printed before may still bear it; since version 4.
erasure = Table(
    "erasure",
    metadata,
    Column("race", String(64), primary_key=True),
    Column("entrant", String(80), primary_key=True),
    Column("at", BigInteger, nullable=False),
)

# Links that open a page for one person alone, a firm's captain or the announcer; since version 4.
private_link = Table(
    "private_link",
    metadata,
    Column("race", String(64), primary_key=True),
    Column("kind", String(16), primary_key=True),  # captain | announcer
    Column("holder", String(80), primary_key=True),  # the captain's firm; empty where the kind says it all
    Column("token_hash", LargeBinary, nullable=False),
)

# Who may work in the race office: a link that opens once, and the session that it opened; since version 9.
office_seat = Table(
    "office_seat",
    metadata,
    Column("race", String(64), primary_key=True),
    Column("link_hash", LargeBinary, primary_key=True),
    Column("name", String(80), nullable=False),
    Column("role", String(16), nullable=False),
    Column("given_at", BigInteger, nullable=False),
    Column("opened_at", BigInteger),
    Column("session_hash", LargeBinary, index=True),
)

# Forms of the race office that stand recorded: one that is sent again counts once; since version 10.
sent_form = Table(
    "sent_form",
    metadata,
    Column("race", String(64), primary_key=True),
    Column("form", String(64), primary_key=True),  # the number that the form was given
    Column("told", LargeBinary(32), nullable=False),  # SHA-256 of its fields
    Column("page", String(300), nullable=False),  # that it was answered with
    Column("at", BigInteger, nullable=False, server_default="0"),  # when it was recorded; since version 12
)

# Who decided in the race office what the log does not hold: firms' links and designs, runners' reports; since version 12.
office_act = Table(
    "office_act",
    metadata,
    Column("race", String(64), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("what", String(16), nullable=False),
    Column("of", String(80), nullable=False),  # the firm, or the report's number
    Column("by", String(80), nullable=False),
    Column("role", String(16), nullable=False),
    Column("at", BigInteger, nullable=False),
)

# Keys of our own making, shared by the servers of a race: for tickets and for the numbers of devices; since version 4.
race_key = Table(
    "race_key",
    metadata,
    Column("race", String(64), primary_key=True),
    Column("name", String(16), primary_key=True),  # ticket | vote | network | revision
    Column("key", LargeBinary, nullable=False),
)

# A day's key for spectators' devices; it goes with the day, and then nobody can tie a device to a scan; since version 4.
day_key = Table(
    "day_key",
    metadata,
    Column("race", String(64), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("key", LargeBinary, nullable=False),
)

# Which devices scanned which firm's bib today; emptied with the day's key; since version 4.
spectator_device = Table(
    "spectator_device",
    metadata,
    Column("race", String(64), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("company", String(80), primary_key=True),
    Column("device", LargeBinary(16), primary_key=True),
)

# How often spectators scanned a firm's bibs; all that stays; since version 4.
spectator_count = Table(
    "spectator_count",
    metadata,
    Column("race", String(64), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("company", String(80), primary_key=True),
    Column("scans", Integer, nullable=False),
)

# Tickets of spectators' scans that were shown, until they expire; since version 4.
spent_ticket = Table(
    "spent_ticket",
    metadata,
    Column("race", String(64), primary_key=True),
    Column("nonce", LargeBinary(8), primary_key=True),
    Column("until", BigInteger, nullable=False),
)

# How many scans and votes were not taken, by reason; since version 4.
rejected_scan = Table(
    "rejected_scan",
    metadata,
    Column("race", String(64), primary_key=True),
    Column("what", String(16), primary_key=True),  # scan | vote
    Column("reason", String(16), primary_key=True),
    Column("number", Integer, nullable=False),
)

# The spectators' vote on the firms' QR designs; since version 8.
design_poll = Table(
    "design_poll",
    metadata,
    Column("race", String(64), primary_key=True),
    Column("open", Boolean, nullable=False),
    Column("live", Boolean, nullable=False),  # counts are shown while it is open
)

# The firms to choose from; since version 8.
design_candidate = Table(
    "design_candidate",
    metadata,
    Column("race", String(64), primary_key=True),
    Column("company", String(80), primary_key=True),
)

# One vote per device, and a hash of the network that it came from; since version 8.
design_ballot = Table(
    "design_ballot",
    metadata,
    Column("race", String(64), primary_key=True),
    Column("device", LargeBinary(16), primary_key=True),
    Column("company", String(80), nullable=False),
    Column("network", LargeBinary(16), nullable=False),
)

# By which a person's row is hashed for the signed checkpoints; who is erased loses it, and the digest tells nothing; since version 7.
row_salt = Table(
    "row_salt",
    metadata,
    Column("race", String(64), primary_key=True),
    Column("of", String(16), primary_key=True),  # the table: person | consent
    Column("entrant", String(80), primary_key=True),
    Column("salt", LargeBinary(16), nullable=False),
)

# version -> the columns that it added to tables of before, each with a default. A database of any older version gets these, and all
# tables that it lacks, when it is opened, and keeps all it holds. (3 to 5 meant several things while the program was made: so what
# is there is looked at, and not the number alone.)
ADDED = {5: (group.c.company,), 6: (report.c.written,), 12: (sent_form.c.at,), 13: (report.c.point, report.c.passed)}
