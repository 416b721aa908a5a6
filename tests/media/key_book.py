"""A hand-written keeper of keys for tests of the vault alone."""


class KeyBook:
    """Keys in memory."""

    def __init__(self) -> None:
        self.keys: dict[str, bytes] = {}

    def find(self, sha256: str) -> bytes | None:
        return self.keys.get(sha256)

    def keep(self, sha256: str, key: bytes | None = None) -> bytes:
        return self.keys.setdefault(sha256, key or bytes(32))
