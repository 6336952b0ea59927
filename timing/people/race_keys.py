"""Secret keys of a race, drawn when first asked for and the same on every server."""

import hashlib
import hmac
from typing import Final, Literal, get_args

from sqlalchemy import Connection, Engine, delete, select

from timing.race.chance import Bits, system_bits
from timing.store.database import writing
from timing.store.tables import race_key
from timing.store.upserts import insert_if_absent

KEY_BITS: Final = 256
DEVICE_BYTES: Final = 12
"""Of a device's hash: 96 bits, so that two devices of a race never share one."""
Name = Literal["ticket", "vote", "network", "revision"]


def draw_keys(engine: Engine, race: str) -> None:
    """Create all keys now, so that a server which starts on a full disk need not write."""
    for name in get_args(Name):
        key_of(engine, race, name)


def new_key(bits: Bits = system_bits) -> bytes:
    return bits(KEY_BITS).to_bytes(KEY_BITS // 8)


def key_of(engine: Engine, race: str, name: Name, bits: Bits = system_bits) -> bytes:
    """The key of this name; created on first use."""
    with engine.connect() as connection:
        found = _found(connection, race, name)
    if found is None:
        with writing(engine) as connection:
            found = drawn_key(connection, race, name, bits)
    return found


def drawn_key(connection: Connection, race: str, name: Name, bits: Bits = system_bits) -> bytes:
    """As `key_of`, within a writing transaction."""
    insert_if_absent(connection, race_key, {"race": race, "name": name, "key": new_key(bits)})
    found = _found(connection, race, name)
    assert found is not None
    return found


def forget_key(connection: Connection, race: str, name: Name) -> None:
    """Delete a key within a transaction; hashes made with it can no longer be linked to anything."""
    connection.execute(delete(race_key).where(race_key.c.race == race, race_key.c.name == name))


def _found(connection: Connection, race: str, name: str) -> bytes | None:
    asked = select(race_key.c.key).where(race_key.c.race == race, race_key.c.name == name)
    found: bytes | None = connection.scalar(asked)
    return found


def device_hash(key: bytes, device: str) -> bytes:
    """The keyed hash of a device's number, which is stored in its place."""
    return hmac.digest(key, device.encode(), hashlib.sha256)[:DEVICE_BYTES]
