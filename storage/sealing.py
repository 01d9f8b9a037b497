"""Personal data at rest: sealed with keys that can be rotated, found again through keyed hashes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet, MultiFernet

SHORTEST_HASH_KEY = 32  # bytes: as long as the hash (RFC 2104, section 3)


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals and opens. The first key seals, all of them open; the hash key is one of its own and never changes."""

    fernet: MultiFernet
    hash_key: bytes

    def seal(self, data: bytes) -> bytes:
        """The data, unreadable without the keys."""
        return self.fernet.encrypt(data)

    def open(self, sealed: bytes) -> bytes:
        """What was sealed. Raises InvalidToken where no key fits: a wrong FANGANG_KEYS must be seen at once."""
        return self.fernet.decrypt(sealed)

    def seal_text(self, text: str) -> bytes:
        """The text, unreadable without the keys."""
        return self.seal(text.encode())

    def open_text(self, sealed: bytes) -> str:
        """The text that was sealed."""
        return self.open(sealed).decode()

    def hash(self, kind: str, text: str) -> bytes:
        """A keyed hash, 32 bytes, under which a value of that kind can be found without opening anything."""
        return hmac.digest(self.hash_key, f"{kind}\0{text}".encode(), hashlib.sha256)


def sealer(keys: Sequence[str], hash_key: str) -> Sealer:
    """A sealer from keys as text: Fernet keys (32 bytes in URL-safe base64) and the hash key (any long text)."""
    if len(hash_key) < SHORTEST_HASH_KEY:
        raise ValueError(f"the hash key has {len(hash_key)} characters, wanted at least {SHORTEST_HASH_KEY}")
    return Sealer(MultiFernet([Fernet(key) for key in keys]), hash_key.encode())


def pieces(name: str) -> Iterator[str]:
    """The pieces of one and two characters under which a name is found, and the whole.

    docs/adr/ weighs what the hashes of such short pieces tell to somebody who holds the hash key.
    """
    text = "".join(name.split()).lower()
    for length in (1, 2):
        for start in range(len(text) - length + 1):
            yield text[start : start + length]
    yield text


def kept_key(path: Path, *, fernet: bool) -> str:
    """The key in that file, made there on first use, readable by its owner only.

    It appears there whole: of two processes that start at once on an empty folder, both end with the same key.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        key = Fernet.generate_key().decode() if fernet else secrets.token_urlsafe(48)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_text(key + "\n")
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text().strip()
