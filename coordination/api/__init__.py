from coordination.api.addenda import AddendumViewSet
from coordination.api.directives import DirectiveViewSet
from coordination.api.ladder import LadderRungViewSet
from coordination.api.lessons import FollowingViewSet, LessonViewSet, ScoreViewSet
from coordination.api.minutes import MinutesViewSet, ObjectionViewSet
from coordination.api.obligations import ObligationViewSet
from coordination.api.planning import AgendaItemViewSet, SeriesViewSet
from coordination.api.records import InvitationViewSet, MeetingViewSet
from coordination.api.saved_views import SavedViewViewSet
from coordination.api.stage_due import StageDueViewSet
from coordination.api.templates import AgendaTemplateViewSet
from coordination.api.withdrawals import AgencyWithdrawalViewSet

ROUTES = [
    ("meeting-series", SeriesViewSet, "meeting-series"),
    ("agenda-items", AgendaItemViewSet, "agenda-item"),
    ("meetings", MeetingViewSet, "meeting"),
    ("invitations", InvitationViewSet, "invitation"),
    ("agenda-templates", AgendaTemplateViewSet, "agenda-template"),
    ("minutes", MinutesViewSet, "minutes"),
    ("objections", ObjectionViewSet, "objection"),
    ("addenda", AddendumViewSet, "addendum"),
    ("directives", DirectiveViewSet, "directive"),
    ("stage-due-dates", StageDueViewSet, "stage-due"),
    ("agency-withdrawals", AgencyWithdrawalViewSet, "agency-withdrawal"),
    ("ladder-rungs", LadderRungViewSet, "ladder-rung"),
    ("saved-views", SavedViewViewSet, "saved-view"),
    ("obligations", ObligationViewSet, "obligation"),
    ("lessons", LessonViewSet, "lesson"),
    ("scores", ScoreViewSet, "score"),
    ("followings", FollowingViewSet, "following"),
]
