"""Files encrypted to a public key of age, so that whoever carries or keeps them cannot read them."""

from pathlib import Path
from typing import IO, Any, Protocol

import pyrage
from pyrage import x25519

HEADER = b"age-encryption.org/v1\n"
ARMOUR = b"-----BEGIN AGE ENCRYPTED FILE-----"
PASSPHRASE = HEADER + b"-> scrypt "
KEY_START = "AGE-SECRET-KEY-1"


class Unusable(Exception):
    """A key, or a file, that is not what it should be; says so in a sentence."""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Watched:
    """A file, with the error it raised: of those the library makes text, or drops them."""

    def __init__(self, file: Any):
        self.file, self.error = file, None

    def read(self, size: int) -> bytes:
        return self.watch(self.file.read, size)

    def write(self, data: bytes) -> int:
        return self.watch(self.file.write, data)

    def flush(self) -> None:
        self.watch(self.file.flush)

    def watch(self, act, *words):
        try:
            return act(*words)
        except Exception as error:
            self.error = error
            raise


def encrypt(source: Readable, target: IO[bytes], recipient: str) -> None:
    """Encrypt piece by piece what `source` gives. Raises Unusable, and what reading and writing raise."""
    reader, writer = Watched(source), Watched(target)
    try:
        pyrage.encrypt_io(reader, writer, [x25519.Recipient.from_str(recipient)])
    except pyrage.RecipientError:
        raise Unusable("The recipient is not the public key of an age key pair.") from None
    except (pyrage.EncryptError, OSError):
        raise reader.error or writer.error or Unusable("The file could not be encrypted.") from None


def decrypt(source: IO[bytes], target: IO[bytes], identities: list[x25519.Identity]) -> None:
    """Decrypt piece by piece. Raises Unusable, however much was written then, and OSError."""
    refuse_other_kinds(source)
    reader, writer = Watched(source), Watched(target)
    try:
        pyrage.decrypt_io(reader, writer, identities)
    except pyrage.DecryptError:
        raise Unusable("The file is not encrypted to this key, or its first bytes were changed.") from None
    except OSError:
        changed = Unusable("The file was changed, or its end is missing.")
        raise reader.error or writer.error or changed from None


def refuse_other_kinds(source: IO[bytes]) -> None:
    start = source.read(len(PASSPHRASE))
    source.seek(0)
    if start == PASSPHRASE:
        raise Unusable("The file is encrypted with a passphrase, not to a key.")
    if not start.startswith(HEADER):
        raise Unusable("The file is not one that age encrypted.")


def identities(key_file: Path) -> list[x25519.Identity]:
    """The secret keys in a file as age-keygen writes it. Raises Unusable; none of its text is repeated."""
    try:
        content = key_file.read_bytes()
        lines = [line.strip() for line in content.decode().splitlines()]
        found = [x25519.Identity.from_str(line) for line in lines if line.startswith(KEY_START)]
    except OSError as error:
        raise Unusable(f"The key file {key_file} cannot be read: {error.strerror}.") from None
    except (UnicodeDecodeError, pyrage.IdentityError):
        found = []
    if content.startswith((HEADER, ARMOUR)):
        raise Unusable(f"The key file {key_file} is encrypted itself. To mend: age -d {key_file} > key.txt")
    if not found:
        raise Unusable(f"The key file {key_file} holds no whole secret key of age ({KEY_START}…).")
    return found
