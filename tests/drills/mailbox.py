from portal.notifications.mailbox import FileMailbox
from tests.drills.points import pass_by


class HeldMailbox(FileMailbox):
    """A mailbox that can be held before and after it takes a message."""

    def deliver(self, message, folder):
        pass_by("before-mail")
        taken = super().deliver(message, folder)
        pass_by("after-mail")
        return taken
