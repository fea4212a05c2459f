"""Celery's settings. Read lazily by the app, so importing `portal` needs no Django settings."""

from django.conf import settings

from portal.background import broker

timezone = settings.TIME_ZONE
task_default_queue = "portal"

# A task is acknowledged when it is over; one whose worker died goes to the next worker.
task_acks_late = True
task_reject_on_worker_lost = True
worker_prefetch_multiplier = 1
# No task may outlive the time after which Redis hands its message to another worker.
task_soft_time_limit = 220
task_time_limit = 240

# The effect is in PostgreSQL, the arguments are ids.
task_ignore_result = True
task_serializer = "json"
accept_content = ["json"]

broker_url = broker.broker_url(settings.REDIS_URL)
broker_transport_options = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": broker.SOCKET_TIMEOUT,
    "socket_connect_timeout": broker.SOCKET_TIMEOUT,
    "socket_keepalive": True,
}
broker_connection_retry_on_startup = True
broker_connection_max_retries = None

# The outbox counts the attempts and the heartbeat shows life: no gossip, no events needed.
worker_enable_remote_control = False
worker_send_task_events = False
worker_hijack_root_logger = False

beat_scheduler = "portal.background.beat:OutboxScheduler"
beat_max_loop_interval = 0.5
