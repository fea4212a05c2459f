"""The portal's settings with a mailbox that can be held, and mails in the drill's folder."""

import os
from pathlib import Path

from portal.settings import *  # noqa: F403

EMAIL_BACKEND = "tests.drills.mailbox.HeldMailbox"
MAILBOX_DIR = Path(os.environ["DRILL_FOLDER"]) / "mail"
