"""Settings: from the environment only; they compute addresses and start nothing."""

import sys
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from digivesteralen import environment as env
from digivesteralen.accounts import oidc
from digivesteralen.operations import logs
from digivesteralen.servers import addresses

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))
TESTING = "pytest" in sys.modules

# --- What kind of installation this is ------------------------------------------------------
DEBUG = env.flag("DEBUG", default=False)
PRODUCTION = env.flag("PRODUCTION", default=False)
# Demo sign-ins and demo data.
DEMO = env.flag("DEMO", default=not PRODUCTION)
if PRODUCTION and DEMO:
    raise env.Nonsense("DEMO and PRODUCTION are both on: demo sign-ins have passwords that everybody knows.")

SECRET_KEY = env.secret("SECRET_KEY")
if not SECRET_KEY:
    if PRODUCTION:
        raise env.Nonsense("SECRET_KEY is empty: set SECRET_KEY or SECRET_KEY_FILE.")
    # The same key on every start, so that sessions live on; known to this machine alone.
    SECRET_KEY = env.kept_secret(VAR_DIR / "secret_key")

ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,[::1]")
if PRODUCTION and not ALLOWED_HOSTS:
    raise env.Nonsense("ALLOWED_HOSTS is empty: name the addresses of the portal, with commas between.")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

# Links in e-mails begin with this; there is no request to take it from.
PORTAL_ADDRESS = env.text("PORTAL_ADDRESS", f"http://localhost:{env.text('PORT', '8000')}").rstrip("/")

# --- Apps ----------------------------------------------------------------------------------
INSTALLED_APPS = [
    "digivesteralen.run",
    "digivesteralen.start",
    "digivesteralen.privacy",
    "digivesteralen.operations",
    "digivesteralen.reports",
    "digivesteralen.demo",
    "digivesteralen.bench",
    "portfolio",
    "surveys",
    "governance",
    "digivesteralen.mail",
    "digivesteralen.audit",
    "digivesteralen.documents",
    "digivesteralen.ui",
    "digivesteralen.accounts",
    "digivesteralen.servers",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "guardian",
    "pgtrigger",
    "pghistory",
    "import_export",
    "django_htmx",
    "django_tables2",
    "csp",
]

MIDDLEWARE = [
    "digivesteralen.operations.middleware.RequestMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "digivesteralen.ui.bodies.LargestBodyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "digivesteralen.ui.middleware.FragmentMiddleware",
    "digivesteralen.ui.middleware.LanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "digivesteralen.accounts.middleware.SignInLimitsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "digivesteralen.audit.middleware.HistoryMiddleware",
    "digivesteralen.operations.trail.middleware.WholeHistoryMiddleware",
    "digivesteralen.ui.middleware.RefusalMiddleware",
    "digivesteralen.ui.middleware.LimitsMiddleware",
    "digivesteralen.ui.sending.SendingMiddleware",
    "governance.middleware.AppointmentsOfTheDayMiddleware",
    "digivesteralen.accounts.middleware.RightsMiddleware",
    "digivesteralen.accounts.middleware.SecondStepMiddleware",
    "governance.on_behalf.OnBehalfMiddleware",
    "governance.emergency.EmergencyMiddleware",
    "governance.middleware.OldNumberMiddleware",
]

ROOT_URLCONF = "digivesteralen.urls"
WSGI_APPLICATION = "digivesteralen.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["digivesteralen.ui.templatetags.ui", "django.templatetags.l10n"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "digivesteralen.ui.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "digivesteralen.ui.forms.renderer.PortalRenderer"

# --- Data ----------------------------------------------------------------------------------
DATABASES = {"default": addresses.database("app")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "digivesteralen.servers.cache.ForgivingCache",
        "LOCATION": addresses.cache_url(),
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    },
    # Guesses at passwords and codes.
    "brakes": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_brake",
        "KEY_FUNCTION": "digivesteralen.servers.cache.unreadable",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}
# Not also in the cache: what somebody signed out of while Valkey was away would open again when it is back.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 8 * 60 * 60  # a sign-in ends then, however much it is used
SESSION_IDLE_AGE = 60 * 60
MEDIA_ROOT = VAR_DIR / "files"
FILES_BUCKET = env.text("FILES_BUCKET")
STORAGES = {
    "default": {
        "BACKEND": "digivesteralen.documents.bucket.BucketStorage",
        "OPTIONS": {
            "bucket_name": FILES_BUCKET,
            "endpoint_url": env.text("S3_ENDPOINT_URL") or None,
            "region_name": env.text("S3_REGION") or None,
            "access_key": env.secret("S3_ACCESS_KEY"),
            "secret_key": env.secret("S3_SECRET_KEY"),
        },
    }
    if FILES_BUCKET
    else {"BACKEND": "digivesteralen.documents.storage.WholeFileStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- People --------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "digivesteralen.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "digivesteralen.accounts.passwords.NotTheUsual"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "digivesteralen.mail.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by the secretariat, never by oneself
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True  # nothing to choose: the limits of a sign-in are the same for all
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # the sessions elsewhere end, the one in which it is done goes on
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
# Who must have a second step: system_admin, secretariat, director. A collaboration may ask it of everybody in it.
SECOND_STEP_FOR = env.words("SECOND_STEP_FOR", "system_admin,secretariat,director" if PRODUCTION else "")
INVITATION_DAYS = env.number("INVITATION_DAYS", 14)
ACCOUNT_FORMS = {"reset_password": "digivesteralen.accounts.forms.ResetPasswordForm"}
SOCIALACCOUNT_ADAPTER = "digivesteralen.accounts.social.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS = oidc.providers(env.text("OIDC_PROVIDERS_FILE"))
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that ends at another host is what the CSP refuses
MFA_FORMS = {
    "authenticate": "digivesteralen.accounts.forms.CodeForm",
    "reauthenticate": "digivesteralen.accounts.forms.CodeAgainForm",
    "add_webauthn": "digivesteralen.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "digivesteralen.accounts.forms.NamePasskeyForm",
}
MFA_ADAPTER = "digivesteralen.accounts.adapter.MFAAdapter"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "DigiVesterålen"
MFA_TOTP_TOLERANCE = 1  # a code that changed while it was typed, or a telephone half a minute off (RFC 6238, 5.2)
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0)
if TESTING:
    ACCOUNT_RATE_LIMITS = False
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Rights stand on containers only; a right without its container opens nothing.
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False

# --- History (triggers; see digivesteralen.audit) ----------------------------------------------
# The lists of trackers and fields stand in digivesteralen.audit.settings, so that they are read once.
from digivesteralen.audit.settings import *  # noqa: E402, F403

# The chain over the history is told here too, outside the database; take the file to another machine (docs/drift.md).
CHAIN_FILE = Path(env.text("CHAIN_FILE", str(VAR_DIR / "chain" / "chain.jsonl")))

# --- Language and time -----------------------------------------------------------------------
LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", _("Norwegian bokmål")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Oslo"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True

# --- E-mail ----------------------------------------------------------------------------------
EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_HOST = env.text("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.secret("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=False)  # STARTTLS; without it nothing is sent
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL", default=False)  # TLS from the first byte, mostly on port 465
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "portal@digivesteralen.example")
# What comes back goes to name+number-signature@…; “manage.py read_bounces” reads it.
EMAIL_BOUNCE_ADDRESS = env.text("EMAIL_BOUNCE_ADDRESS")

# --- Safety ----------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
# What no page of ours uses, no page may use.
PERMISSIONS_POLICY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", default=False) else None
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True  # no script of ours reads them
SESSION_COOKIE_HTTPONLY = True
SILENCED_SYSTEM_CHECKS: list[str] = []

# --- Spreadsheets: the engine is used behind our own pages only ---------------------------------
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "add"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "view"
IMPORT_EXPORT_USE_TRANSACTIONS = True

# --- Jobs ------------------------------------------------------------------------------------
# The Job row is the truth; the broker only wakes a worker (see digivesteralen.documents.running).
CELERY_BROKER_URL = addresses.broker_url()
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
}
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_RETRY_ON_WORKER_LOST = True
CELERY_TASK_ANNOTATIONS = {"*": {"max_retries": 3}}
CELERY_TASK_SOFT_TIME_LIMIT = 180
CELERY_TASK_TIME_LIMIT = 240
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_TASK_DEFAULT_QUEUE = "mail"  # the short work: messages, and the sweeper
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 50
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 1_200_000  # kilobytes; a table of 6 000 rows took 1.05 GiB
JOB_MEMORY_MB = env.number("JOB_MEMORY_MB", 4096)  # address space of the process that does the work; more is refused
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "documents.sweep", "schedule": 30, "options": {"expires": 30}},
    "appointments": {
        "task": "governance.tasks.housekeeping",
        "schedule": crontab(hour=0, minute=10),
        "options": {"expires": 60 * 60},
    },
    "reminders": {
        "task": "governance.tasks.reminders",
        "schedule": crontab(hour=7, minute=15),
        "options": {"expires": 60 * 60},
    },
    "status": {
        "task": "portfolio.tasks.remind_of_status",
        "schedule": crontab(hour=7, minute=30),
        "options": {"expires": 60 * 60},
    },
    "benefits": {
        "task": "portfolio.tasks.remind_of_benefits",
        "schedule": crontab(hour=7, minute=40),
        "options": {"expires": 60 * 60},
    },
    "shares": {
        "task": "portfolio.tasks.shares_of_the_day",
        "schedule": crontab(hour=0, minute=20),
        "options": {"expires": 60 * 60},
    },
    "contracts": {
        "task": "surveys.tasks.contract_alerts",
        "schedule": crontab(hour=6, minute=45),
        "options": {"expires": 60 * 60},
    },
    "imports-left-behind": {"task": "surveys.tasks.imports_left_behind", "schedule": 60, "options": {"expires": 60}},
    "retention": {
        "task": "digivesteralen.privacy.tasks.erase_what_is_over",
        "schedule": crontab(hour=2, minute=10),
        "options": {"expires": 60 * 60},
    },
    "coverage": {
        "task": "surveys.tasks.coverage_of_the_day",
        "schedule": crontab(hour=0, minute=25),
        "options": {"expires": 60 * 60},
    },
    "seal": {"task": "audit.seal", "schedule": crontab(hour=0, minute=40), "options": {"expires": 12 * 60 * 60}},
    "remove-orphans": {"task": "documents.remove_orphans", "schedule": 24 * 60 * 60, "options": {"expires": 60 * 60}},
}
# Where the night's backup is kept, in a folder for each day; empty: another makes it (`manage.py backup`).
BACKUP_DIR = env.text("BACKUP_DIR")
BACKUP_KEEP_DAYS = env.number("BACKUP_KEEP_DAYS", 14)
if BACKUP_DIR:
    CELERY_BEAT_SCHEDULE["backup"] = {
        "task": "backup",
        "schedule": crontab(hour=3, minute=10),
        "options": {"expires": 3 * 60 * 60, "queue": "documents"},
    }
# --- End of jobs -----------------------------------------------------------------------------

# --- Tables ------------------------------------------------------------------------------------
DJANGO_TABLES2_TEMPLATE = "ds/table.html"

# --- How much one may ask for in a minute (see digivesteralen.accounts.limits) ----------------------
MOST_PER_MINUTE = {
    "pages": env.number("PAGES_PER_MINUTE", 300),
    # Search, spreadsheets, calendars and PDF files that are made while one waits.
    "costly": env.number("COSTLY_PER_MINUTE", 40),
    # From one address, of pages that ask for no sign-in and of those for signing in; a town hall has one address.
    "public": env.number("PUBLIC_PER_MINUTE", 300),
    "public-costly": env.number("PUBLIC_COSTLY_PER_MINUTE", 60),
    # Of one calendar, by the key in its address; a calendar program asks every quarter.
    "feed": env.number("FEED_PER_MINUTE", 10),
}
if TESTING:
    MOST_PER_MINUTE = {}

# --- Those who watch the installation ------------------------------------------------------------
# Reads the figures and what /readyz tells besides yes or no.
WATCH_TOKEN = env.secret("WATCH_TOKEN")
# Where faults are told (a Sentry server or one that speaks as it does); empty: nowhere.
ERRORS_DSN = env.secret("ERRORS_DSN")

# --- The log (see digivesteralen.operations.logs) ------------------------------------------------
LOG_AS_JSON = env.flag("LOG_JSON", default=PRODUCTION)
LOGGING = logs.configuration(as_json=LOG_AS_JSON, level=env.text("LOG_LEVEL", "WARNING"))
