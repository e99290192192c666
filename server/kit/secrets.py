"""Secrets at rest and in memory: encrypted with rotating keys, and silent in every repr."""

import hashlib
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from server.kit.errors import AppError


class Secret:
    """Text that must not be printed: ``str`` and ``repr`` show stars, ``reveal()`` is greppable."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself; call it only where it leaves for the wire or the cipher."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash(self._text)


class SecretUnreadable(AppError):
    """A stored secret was written with a key that is no longer in ``SECRET_KEYS``."""

    code = "SECRET_UNREADABLE"


class Vault:
    """Encrypts with the first key and reads with any: put a new key first, drop an old one when nothing needs it."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, secret: Secret) -> str:
        """Ciphertext, base64, safe to store."""
        return self._fernet.encrypt(secret.reveal().encode()).decode()

    def open(self, sealed: str) -> Secret:
        """The secret behind a stored ciphertext; ``SecretUnreadable`` when no key fits."""
        try:
            return Secret(self._fernet.decrypt(sealed.encode()).decode())
        except InvalidToken:
            raise SecretUnreadable("A stored secret cannot be read: put its old key back into SECRET_KEYS.") from None

    def rotate(self, sealed: str) -> str:
        """The same secret, written anew with the first key."""
        try:
            return self._fernet.rotate(sealed.encode()).decode()
        except InvalidToken:
            raise SecretUnreadable("A stored secret cannot be read: put its old key back into SECRET_KEYS.") from None


def fingerprint(secret: Secret) -> str:
    """SHA-256 in hex: enough to look a high-entropy token up, useless for signing in."""
    return hashlib.sha256(secret.reveal().encode()).hexdigest()
