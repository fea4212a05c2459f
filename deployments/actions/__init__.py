"""The only writers of strength, deployments, expected reports, readiness and roll-ups."""

from deployments.actions.checking import release_report, return_report, verify_report
from deployments.actions.classifying import classify_matching, classify_stations
from deployments.actions.conflicts import decide_conflict
from deployments.actions.ends import remind_ends
from deployments.actions.events import (
    add_finding,
    cancel_event,
    carry_out_event,
    change_event,
    oblige_finding,
    plan_event,
    set_participant,
)
from deployments.actions.expectations import advance, open_cut_offs, schedule_reports
from deployments.actions.folding import fold, rebuild
from deployments.actions.intake import ImportedReport, import_reports
from deployments.actions.ledger import refuse_reversal, reverse_transfer, settle, transfer
from deployments.actions.levels import set_level
from deployments.actions.patterns import end_guard_pattern, set_guard_pattern
from deployments.actions.placement_guard import refuse_finished
from deployments.actions.placements import (
    change_deployment,
    move_deployment,
    place_deployment,
    withdraw_deployment,
)
from deployments.actions.reinforcements import (
    ask_reinforcement,
    decline_need,
    give_people,
    release_people,
    return_drawn,
    withdraw_reinforcement,
)
from deployments.actions.reminders import remind_readiness
from deployments.actions.report_forms import (
    add_group,
    begin_form,
    change_field,
    change_group,
    copy_form,
    drop_field,
    drop_group,
    publish_form,
)
from deployments.actions.reports import (
    drop_draft,
    lines_of,
    repeat_report,
    save_draft,
    submit_report,
)
from deployments.actions.roster import (
    add_roster_member,
    change_roster_member,
    remove_roster_member,
)
from deployments.actions.schedules import add_schedule, change_schedule
from deployments.actions.shares import declare_shares
from deployments.actions.shipped_forms import load_forms
from deployments.actions.stations import load_classes, load_tags, set_tags
from deployments.actions.strength import declare_strength
from deployments.actions.thresholds import add_rule, change_rule, change_threshold

__all__ = [
    "begin_form",
    "ImportedReport",
    "add_finding",
    "add_group",
    "add_schedule",
    "add_roster_member",
    "add_rule",
    "advance",
    "ask_reinforcement",
    "cancel_event",
    "carry_out_event",
    "change_deployment",
    "change_event",
    "change_field",
    "change_group",
    "change_roster_member",
    "change_rule",
    "change_schedule",
    "change_threshold",
    "classify_matching",
    "classify_stations",
    "copy_form",
    "decide_conflict",
    "declare_shares",
    "declare_strength",
    "decline_need",
    "drop_draft",
    "drop_field",
    "drop_group",
    "end_guard_pattern",
    "fold",
    "give_people",
    "import_reports",
    "lines_of",
    "load_classes",
    "load_forms",
    "load_tags",
    "move_deployment",
    "oblige_finding",
    "open_cut_offs",
    "place_deployment",
    "refuse_finished",
    "plan_event",
    "publish_form",
    "rebuild",
    "release_people",
    "release_report",
    "remind_ends",
    "remind_readiness",
    "remove_roster_member",
    "return_drawn",
    "repeat_report",
    "return_report",
    "refuse_reversal",
    "reverse_transfer",
    "save_draft",
    "schedule_reports",
    "set_guard_pattern",
    "set_level",
    "set_participant",
    "set_tags",
    "settle",
    "submit_report",
    "transfer",
    "verify_report",
    "withdraw_reinforcement",
    "withdraw_deployment",
]
