from coordination.models.addendum import Addendum
from coordination.models.agenda import AgendaItem
from coordination.models.agenda_template import AgendaTemplate, AgendaTemplateItem
from coordination.models.attendance import Attendance, CodeUse
from coordination.models.carry_over import Dropped
from coordination.models.comment import Comment, Mention
from coordination.models.copy import IssuedCopy
from coordination.models.counter import Counter
from coordination.models.directive import Addressee, Directive
from coordination.models.following import Following
from coordination.models.ladder import LadderRung
from coordination.models.lesson import Lesson
from coordination.models.letter import Letter
from coordination.models.meeting import Meeting
from coordination.models.minutes import Minutes, MinutesSection
from coordination.models.objection import Objection
from coordination.models.obligation import Obligation, ProgressReport
from coordination.models.reminder import Reminder
from coordination.models.revision import SectionPresence, SectionRevision
from coordination.models.saved_view import SavedView
from coordination.models.seat import Invitation
from coordination.models.series import MeetingSeries
from coordination.models.waiting import Extension, Wait
from coordination.models.withdrawal import AgencyWithdrawal

__all__ = [
    "AgencyWithdrawal",
    "Addendum",
    "Addressee",
    "AgendaItem",
    "AgendaTemplate",
    "AgendaTemplateItem",
    "Attendance",
    "CodeUse",
    "Counter",
    "Directive",
    "Extension",
    "Invitation",
    "IssuedCopy",
    "Letter",
    "LadderRung",
    "Comment",
    "Counter",
    "Directive",
    "Dropped",
    "Following",
    "Invitation",
    "Lesson",
    "Meeting",
    "MeetingSeries",
    "Mention",
    "Minutes",
    "MinutesSection",
    "Objection",
    "Obligation",
    "ProgressReport",
    "Reminder",
    "SectionPresence",
    "SectionRevision",
    "Wait",
    "SavedView",
]
