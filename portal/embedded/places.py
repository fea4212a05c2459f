"""Where the embedded servers keep their files.

Data lies in the state folder (`var/demo`, `var/test`). Sockets lie elsewhere: their path may have
107 characters at most, and a checkout may stand deeper than that.
"""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

LONGEST_SOCKET = len("/postgres/.s.PGSQL.5432")
SOCKET_PATH_LIMIT = 103  # macOS; Linux allows 107


@dataclass(frozen=True)
class Places:
    """The folders of one pair of servers, named after the state folder they serve."""

    state: Path

    @property
    def log(self) -> Path:
        return self.state / "log"

    @property
    def sockets(self) -> Path:
        """A short folder of our own; the same one for every process, whatever its environment."""
        remembered = self.state / "sockets"
        if remembered.is_symlink():
            return remembered.readlink()
        digest = hashlib.sha256(str(self.state.resolve()).encode()).hexdigest()[:12]
        name = f"portal-{os.getuid()}-{digest}"
        return next(
            base / name
            for base in _bases()
            if len(os.fsencode(base / name)) + LONGEST_SOCKET <= SOCKET_PATH_LIMIT
        )

    def make(self) -> None:
        """Create the folders. Refuse a socket folder that somebody else put there before us."""
        self.log.mkdir(parents=True, exist_ok=True)
        sockets = self.sockets
        sockets.mkdir(mode=0o711 if os.getuid() == 0 else 0o700, exist_ok=True)
        if sockets.is_symlink() or sockets.stat().st_uid != os.getuid():
            raise SystemExit(f"{sockets} belongs to somebody else: remove it and start again.")
        remembered = self.state / "sockets"
        if not remembered.is_symlink():
            remembered.symlink_to(sockets)

    def forget_sockets(self) -> None:
        """Remove the socket folder once the servers are down."""
        sockets = self.sockets
        for leftover in sorted(sockets.rglob("*"), reverse=True):
            leftover.rmdir() if leftover.is_dir() else leftover.unlink()
        if sockets.is_dir():
            sockets.rmdir()
        (self.state / "sockets").unlink(missing_ok=True)


def _bases() -> list[Path]:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    own = [Path(runtime)] if runtime and os.access(runtime, os.W_OK | os.X_OK) else []
    return [*own, Path(tempfile.gettempdir()), Path("/tmp")]  # noqa: S108 (a folder of our own in it)
