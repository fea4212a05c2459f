"""The Celery app, and the timetable that beat keeps.

Start a worker with `celery -A portal worker` and beat with `celery -A portal beat`; more than one
beat may run, since a slot opens once whoever is first.
"""

import os
from datetime import time

from celery import Celery

from portal.background.timetable import Job, hours, minutes, seconds

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("portal.background.configuration")
app.autodiscover_tasks()

TIMETABLE = (
    # Each minute: look at what has come due. Due times stand in the apps' own tables.
    Job("coordination.remind_meetings", every=minutes(1)),
    Job("coordination.remind_obligations", every=minutes(1)),
    Job("deployments.open_cut_offs", every=minutes(1)),
    Job("deployments.remind_readiness", every=minutes(1)),
    Job("deployments.remind_ends", every=minutes(1)),
    Job("deployments.fold_rollups", every=minutes(1)),
    Job("incidents.remind_cases", every=minutes(1)),
    Job("incidents.remind_targets", every=minutes(1)),
    Job("incidents.expire_warnings", every=minutes(1)),
    Job("notifications.deliver", every=minutes(1)),
    Job("incidents.evaluate_silence", every=minutes(15)),
    Job("exports.sweep", every=minutes(15)),
    Job("imports.sweep", every=minutes(15)),
    # Once a day, at an hour in WITA when little happens.
    Job("deployments.return_drawn", daily=time(0, 10)),
    Job("deployments.rebuild_rollups", daily=time(1, 30)),
    Job("incidents.forget_public", daily=time(2, 30)),
    Job("incidents.forget_persons", daily=time(2, 40)),
    Job("background.clean", daily=time(3, 0), skip_after=hours(6)),
    # The pulse that /readyz/ listens for: beat → outbox → Redis → worker → database.
    Job("background.heartbeat", every=seconds(15)),
)
