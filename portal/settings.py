"""Every setting of the portal, in sections; a missing or unsafe one stops start-up and says why.

Values come from the environment (`.env.example` lists them all). Any secret can come from a file
instead: `SECRET_KEY_FILE=/run/secrets/secret_key` is read in place of `SECRET_KEY`.
"""

import os
from datetime import datetime, time, timedelta
from pathlib import Path

import environ
from csp.constants import NONCE
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()

# ── Mode ─────────────────────────────────────────────────────────────────────────────────────────
# production: real data. demo: invented data and a set clock. test: the test suite.

MODE = env("PORTAL_MODE", default="production")
if MODE not in {"production", "demo", "test"}:
    raise ImproperlyConfigured("PORTAL_MODE must be production, demo or test.")
PRODUCTION = MODE == "production"
DEMO = MODE == "demo"
DEBUG = False


def required(name: str, *, default: str, example: str) -> str:
    """The setting's value: in production it must be given, elsewhere its default serves."""
    value = env(name, default="" if PRODUCTION else default)
    if not value or (PRODUCTION and value == default):
        raise ImproperlyConfigured(f"Set {name} (or {name}_FILE) in the environment: {example}")
    return value


SECRET_KEY = required(
    "SECRET_KEY",
    default="only-for-demo-and-tests-" + "0" * 40,
    example="50 random characters, for instance from `openssl rand -base64 48`.",
)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
if PRODUCTION and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY is shorter than 50 characters: make a longer one.")
FIELD_KEYS = env.list("FIELD_KEYS", default=[]) or (
    [] if PRODUCTION else ["cG9ydGFsLWRlbW8tZmllbGQta2V5LW5vdC1zZWNyZXQ="]
)
if not FIELD_KEYS:
    raise ImproperlyConfigured(
        "Set FIELD_KEYS: one or more Fernet keys, newest first, that encrypt stored secrets."
    )
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["*"])
if PRODUCTION and (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS):
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the portal's host names; * is refused.")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# ── Clock ────────────────────────────────────────────────────────────────────────────────────────
# A demo may set the domain's time. It stood at DEMO_NOW when the true clock stood at DEMO_ANCHOR.

DEMO_NOW: datetime | None = None
DEMO_ANCHOR: float | None = None
if env("PORTAL_DEMO_NOW", default=""):
    if PRODUCTION:
        raise ImproperlyConfigured("PORTAL_DEMO_NOW is refused in production: unset it.")
    DEMO_NOW = datetime.fromisoformat(env("PORTAL_DEMO_NOW"))
    if DEMO_NOW.tzinfo is None:
        raise ImproperlyConfigured(
            "PORTAL_DEMO_NOW needs an offset, for instance 2024-11-20T08:00+08:00."
        )
    DEMO_ANCHOR = env.float("PORTAL_DEMO_ANCHOR", default=0.0) or datetime.now().timestamp()  # noqa: DTZ005 (true epoch seconds)

# From when to when an office of the operation works on a working day, in WITA.

WORKING_HOURS = tuple(
    time.fromisoformat(part) for part in env("WORKING_HOURS", default="08:00-16:00").split("-")
)
if len(WORKING_HOURS) != 2 or WORKING_HOURS[0] >= WORKING_HOURS[1]:
    raise ImproperlyConfigured("WORKING_HOURS must be like 08:00-16:00.")

# ── Applications ─────────────────────────────────────────────────────────────────────────────────

INSTALLED_APPS = [
    "portal.access",
    "portal.web",
    "portal.audit",
    "portal.accounts",
    "portal.registry",
    "portal.background",
    "portal.notifications",
    "portal.attachments",
    "portal.documents",
    "portal.exports",
    "portal.imports",
    "portal.home",
    "coordination",
    "deployments",
    "incidents",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_bootstrap5",
    "crispy_forms",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "knox",
    "leaflet",
    "rest_framework",
    "template_partials.apps.SimpleAppConfig",
]

MIDDLEWARE = [
    "portal.web.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.web.middleware.SecurityHeadersMiddleware",
    "portal.web.middleware.CleanInputMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.access.middleware.ActorMiddleware",
    "portal.access.middleware.ClosedByDefaultMiddleware",
    "portal.web.middleware.WrongMethodMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ── Templates ────────────────────────────────────────────────────────────────────────────────────

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.web.context.layout",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "portal.web.templatetags.portal",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# ── Database ─────────────────────────────────────────────────────────────────────────────────────
# The application connects as a role that owns nothing; `manage.py migrate` connects as the owner.

DATABASE_ROLE = env("PORTAL_DB_ROLE", default="app")
_database = "DATABASE_OWNER_URL" if DATABASE_ROLE == "owner" else "DATABASE_URL"
if not env(_database, default=""):
    raise ImproperlyConfigured(
        f"Set {_database}, for instance postgres://user:password@host:5432/portal. "
        "`make demo` and `make test` start a database of their own."
    )
DATABASES = {
    "default": {
        **env.db(_database),
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": env("PORTAL_TEST_DB", default="test_portal")},
    }
}
# The application role that `migrate` grants rights to, whatever role it runs as itself.
DATABASE_APP_USER = env.db("DATABASE_URL", default=env(_database)).get("USER") or "portal_app"
DATABASES["default"].setdefault("OPTIONS", {})
# Compiling the roll-up's statements takes a second, running them a few milliseconds: no JIT.
DATABASES["default"]["OPTIONS"]["options"] = "-c jit=off " + (
    "-c lock_timeout=3s -c idle_in_transaction_session_timeout=30s"
    if DATABASE_ROLE == "owner"
    else "-c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
)

# ── Cache, Redis, Celery ─────────────────────────────────────────────────────────────────────────
# Redis holds nothing that cannot be rebuilt: sessions, sign-in limits and locks are in PostgreSQL.

REDIS_URL = env("REDIS_URL", default="")
if not REDIS_URL:
    raise ImproperlyConfigured(
        "Set REDIS_URL, for instance redis://:password@host:6379/0. "
        "`make demo` and `make test` start a Redis of their own."
    )
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "web_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Of one process, for what may be forgotten.
    "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
OUTBOX_RESEND_AFTER = timedelta(seconds=env.float("OUTBOX_RESEND_SECONDS", default=120.0))
# A mail still "being sent" after this long was left behind by a worker that died.
DELIVERY_ABANDONED_AFTER = timedelta(seconds=env.float("DELIVERY_ABANDONED_SECONDS", default=120.0))

# ── Sign-in ──────────────────────────────────────────────────────────────────────────────────────

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["portal.accounts.hashers.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "portal.accounts.passwords.GuessableValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:dashboard"
ACCOUNT_ADAPTER = "portal.accounts.adapters.AccountAdapter"
MFA_ADAPTER = "portal.accounts.adapters.MfaAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Portal Mantap Praja] "
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reauthenticate": "10/m/user",
}
if MODE != "production":
    # A demo or a test has every office behind one address.
    ACCOUNT_RATE_LIMITS["login"] = "600/m/ip"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1 if PRODUCTION else 0)
MFA_FORMS = {
    "authenticate": "portal.accounts.factor_forms.SignInCodeForm",
    "reauthenticate": "portal.accounts.factor_forms.ProofCodeForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Portal Mantap Praja"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
# Roles that may do nothing but enrol until they have a second factor.
MFA_REQUIRED_ROLES = frozenset(
    env.list(
        "MFA_REQUIRED_ROLES",
        default=["administrator", "auditor", "commander", "coordinator"] if PRODUCTION else [],
    )
)
USERSESSIONS_TRACK_ACTIVITY = False
# How the chair proves himself before he signs minutes: "mfa"; with invented data also "password".
SIGN_STEP_UP = env("SIGN_STEP_UP", default="mfa" if PRODUCTION else "password")
if SIGN_STEP_UP not in {"mfa", "password"} or (PRODUCTION and SIGN_STEP_UP != "mfa"):
    raise ImproperlyConfigured(
        "SIGN_STEP_UP must be mfa: signing minutes needs a second factor. "
        "Only a demo may set it to password."
    )

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.web.errors.csrf_failure"

# ── Transport and headers ────────────────────────────────────────────────────────────────────────

if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz/$", r"^readyz/$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MAP_TILES_URL = env("MAP_TILES_URL", default="")
MAP_PMTILES = env("MAP_PMTILES", default="")
MAP_ATTRIBUTION = env("MAP_ATTRIBUTION", default="")


def _origin(address: str) -> list[str]:
    """What the policy must allow for an address: its origin, nothing for one of our own."""
    return ["/".join(address.split("/")[:3]).replace("{s}", "*")] if "://" in address else []


CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'", NONCE],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", *_origin(MAP_TILES_URL)],
        "font-src": ["'self'"],
        "connect-src": ["'self'", *_origin(MAP_PMTILES)],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}

# ── Requests, files ──────────────────────────────────────────────────────────────────────────────

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_BYTES", default=20_000_000)
STATE_DIR = Path(env("PORTAL_STATE_DIR", default=str(BASE_DIR / "var")))
MEDIA_ROOT = STATE_DIR / "media"
STATIC_URL = "static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(STATE_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = MODE == "test"
# A test finds the file that it asks for; each of its many clients would else list them all first.
WHITENOISE_AUTOREFRESH = MODE == "test"

# ── Mail ─────────────────────────────────────────────────────────────────────────────────────────

DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Portal Mantap Praja <portal@demo.test>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
PORTAL_URL = env("PORTAL_URL", default="" if PRODUCTION else "http://127.0.0.1:8000")
if not PORTAL_URL:
    raise ImproperlyConfigured("Set PORTAL_URL: the address that links in mails begin with.")
if env("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
elif PRODUCTION:
    raise ImproperlyConfigured("Set EMAIL_URL, for instance smtp+tls://user:pass@host:587.")
else:
    EMAIL_BACKEND = "portal.notifications.mailbox.FileMailbox"
EMAIL_TIMEOUT = 5
MAILBOX_DIR = STATE_DIR / "mail"

# ── Language and time ────────────────────────────────────────────────────────────────────────────

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Makassar"
USE_TZ = True
USE_I18N = True
# Grouping is asked for by `|angka`: ids and years in templates must stay plain digits.
USE_THOUSAND_SEPARATOR = False
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True

# ── API ──────────────────────────────────────────────────────────────────────────────────────────

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "portal.accounts.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["portal.access.needs.Needs"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["portal.web.parsing.TextParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "portal.web.pagination.ApiPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["portal.web.throttling.ApiThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "6000/hour"},
    "EXCEPTION_HANDLER": "portal.web.problems.problem",
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
    "PAGE_SIZE": 50,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Portal Mantap Praja",
    "DESCRIPTION": "API koordinasi pengamanan pemilihan. Hak akses sama dengan halaman portal.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    # Choices whose field has the name of another's, or two names of its own.
    "ENUM_NAME_OVERRIDES": {
        "AccountPartEnum": "deployments.enums.AccountPart",
        "AgencyRequestKindEnum": "incidents.enums.requests.RequestKind",
        "AgencyRequestStateEnum": "incidents.enums.requests.RequestState",
        "AssignmentStateEnum": "incidents.enums.assignments.AssignmentState",
        "CaseEntryKindEnum": "incidents.enums.gakkumdu.EntryKind",
        "DirectiveKindEnum": "coordination.enums.DirectiveKind",
        "DeploymentStateEnum": "deployments.enums.DeploymentState",
        "DeploymentStatusEnum": "deployments.enums.DeploymentStatus",
        "EventKindEnum": "deployments.enums.EventKind",
        "FieldKindEnum": "deployments.enums.FieldKind",
        "PersonPartEnum": "incidents.enums.persons.PersonPart",
        "GakkumduOutcomeEnum": "incidents.enums.gakkumdu.Outcome",
        "GakkumduStepEnum": "incidents.enums.gakkumdu.StepCode",
        "IncidentStateEnum": "incidents.enums.IncidentState",
        "IncidentUpdateKindEnum": "incidents.enums.UpdateKind",
        "IncidentSeverityEnum": "incidents.enums.Severity",
        "LadderRecipientEnum": "coordination.models.ladder.RECIPIENTS",
        "LessonKindEnum": "coordination.enums.LessonKind",
        "LessonStateEnum": "coordination.enums.LessonState",
        "MeetingKindEnum": "coordination.enums.MeetingKind",
        "MinutesStateEnum": "coordination.enums.MinutesState",
        "OdditySeverityEnum": "deployments.enums.Severity",
        "MeetingStateEnum": "coordination.enums.MeetingState",
        "ObligationStateEnum": "coordination.enums.ObligationState",
        "PresenceEnum": "coordination.enums.Presence",
        "PriorityEnum": "coordination.enums.Priority",
        "PublicReportStateEnum": "incidents.enums.PublicState",
        "PlaceKindEnum": "portal.registry.enums.PlaceKind",
        "PublicMessageKindEnum": "incidents.enums.MessageKind",
        "QualityEnum": "portal.registry.enums.Quality",
        "RecipientEnum": "coordination.enums.Recipient",
        "RuleKindEnum": "deployments.enums.RuleKind",
        "TargetRecipientEnum": "incidents.enums.targets.TargetRecipient",
        "TpsClassEnum": "deployments.enums.TpsClass",
        "UnitKindEnum": "portal.registry.enums.UnitKind",
        "WarningRuleKindEnum": "incidents.enums.warning.RuleKind",
        "WarningStateEnum": "incidents.enums.warning.WarningState",
        "WarningUrgencyEnum": "incidents.enums.warning.Urgency",
    },
}
REST_KNOX = {
    "TOKEN_TTL": timedelta(days=90),
    "TOKEN_LIMIT_PER_USER": 10,
    "AUTO_REFRESH": False,
}
KNOX_TOKEN_MODEL = "accounts.ApiToken"  # noqa: S105 (a model's name)

# ── The public ───────────────────────────────────────────────────────────────────────────────────

# Whether /lapor/angka/ shows late and rounded counts of the public's reports to everybody.
PUBLIC_COUNTS = env.bool("PUBLIC_COUNTS", default=False)

# ── Names of people in incidents ─────────────────────────────────────────────────────────────────

# Days after which a name is wiped, by the part that somebody has (incidents.enums.persons); a child
# has its own, and the shorter of the two counts.
PERSON_NAME_DAYS = {"terduga": 365, "korban": 180, "saksi": 180, "anak": 90} | env(
    "PERSON_NAME_DAYS", cast={"value": int}, default={}
)
if not all(1 <= days <= 3_650 for days in PERSON_NAME_DAYS.values()) or len(PERSON_NAME_DAYS) != 4:
    raise ImproperlyConfigured(
        "Set PERSON_NAME_DAYS to whole days from 1 to 3650, for instance "
        "terduga=365,korban=180,saksi=180,anak=90."
    )

# ── Map ──────────────────────────────────────────────────────────────────────────────────────────

# Measures that apps above deployments bring to the map, as dotted paths.
MAP_MEASURES = [
    "incidents.maps.OPEN_INCIDENTS",
    "incidents.maps.WEEK_OF_INCIDENTS",
    "incidents.maps.THREAT",
]
# Parts that apps above deployments bring to the daily report, as dotted paths.
DAILY_SECTIONS = ["incidents.exports.daily_incidents"]
# Who can tell whether a reader may open the page that a directive or an agenda item came from, as
# dotted paths.
DIRECTIVE_ORIGINS = ["incidents.queries.directives.opens"]
LEAFLET_CONFIG = {
    "TILES": [("", MAP_TILES_URL, {"attribution": MAP_ATTRIBUTION})] if MAP_TILES_URL else [],
    "SPATIAL_EXTENT": (114.3, -4.2, 116.6, -1.3),
    "MIN_ZOOM": 6,
    "MAX_ZOOM": 14,
    "RESET_VIEW": False,
    "SCALE": "metric",
    "ATTRIBUTION_PREFIX": "",
    "NO_GLOBALS": False,
}

# ── Logs ─────────────────────────────────────────────────────────────────────────────────────────

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "portal.web.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", default="WARNING")},
    "loggers": {"portal": {"level": "INFO"}},
}

# The unique constraint on lower(email) is stricter than the check can see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
os.environ.setdefault("TZ", "UTC")
