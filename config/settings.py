"""The project's settings: everything that differs between places comes from the environment."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = env.text("SECRET_KEY")
DEBUG = False
SITE_URL = env.text("SITE_URL").rstrip("/")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1 localhost")
IS_SECURE = SITE_URL.startswith("https://")

INSTALLED_APPS = [
    "surveys",
    "proms",
    "notifications",
    "config.apps.RegistryAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "csp",
    "rest_framework",
    "drf_spectacular",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.no_store",
    "config.middleware.no_nul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.middleware.ActorTransaction",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [
            BASE_DIR / "config" / "templates",
            BASE_DIR / "proms" / "entrance" / "templates",
            BASE_DIR / "proms" / "overview" / "templates",
            BASE_DIR / "surveys" / "pages" / "templates",
            BASE_DIR / "surveys" / "library" / "templates",
        ],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ]
        },
    }
]

# Which of the three database roles a process takes (design 5): web by wsgi, worker by Celery and
# commands, owner by migrate. A pool only for the web: Celery's children must not share one.
DATABASE_ROLE = env.text("DATABASE_ROLE", "worker")
_URLS = {"web": "DATABASE_URL", "worker": "WORKER_DATABASE_URL", "owner": "OWNER_DATABASE_URL"}
DATABASES = {"default": env.database(_URLS[DATABASE_ROLE])}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASE_ROLE == "web":
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 4, "timeout": 10}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 600
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "proms.Staff"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "overview:find"
LOGOUT_REDIRECT_URL = "login"
OTP_TOTP_ISSUER = "Utfall"

# Cookies are shared by every port of a host, so two installations on one machine need two names.
COOKIE_SUFFIX = env.text("COOKIE_SUFFIX", "")
_PREFIX = "__Host-" if IS_SECURE else ""
SESSION_COOKIE_NAME = f"{_PREFIX}staff{COOKIE_SUFFIX}"
CSRF_COOKIE_NAME = f"{_PREFIX}csrf{COOKIE_SUFFIX}"
LANGUAGE_COOKIE_NAME = f"{_PREFIX}language{COOKIE_SUFFIX}"
PATIENT_COOKIE_NAME = f"{'__Secure-' if IS_SECURE else ''}answering{COOKIE_SUFFIX}"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 15 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

SECURE_SSL_REDIRECT = IS_SECURE
SECURE_HSTS_SECONDS = 31_536_000 if IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_SECURE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "build" / "collected"
STATICFILES_DIRS = [BASE_DIR / "build" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["proms.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["proms.parsers.BoundedJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "proms.problems.problem",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Utfall",
    "DESCRIPTION": "Index events in, occasions and scores out.",
    "VERSION": "1",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_INCLUDE_SCHEMA": False,
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000

# Celery is a doorbell: the rows are the truth, so nothing it loses is lost (stack 3).
CELERY_BROKER_URL = env.text("REDIS_URL")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "health_check_interval": 10,
    "unacked_restore_interval": 30,
    "unacked_restore_throttle": 1,
    "unacked_mutex_expire": 30,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "open what is due": {"task": "surveys.tasks.open_due", "schedule": 5.0},
    "send what is due": {"task": "surveys.tasks.send_due", "schedule": 5.0},
    "close what is over": {"task": "surveys.tasks.close_overdue", "schedule": 60.0},
    "send notices": {"task": "notifications.tasks.send_due", "schedule": 5.0},
}
# The task that a queued message of each kind rings for.
SENDERS = {"invitation": "surveys.tasks.send_due", "reminder": "surveys.tasks.send_due"}

# The secrets of links and sealed columns. The first sealing key seals; all of them open.
LINK_KEY = env.secret_bytes("LINK_KEY")
SEALING_KEYS = env.secret_keys("SEALING_KEYS")
LOOKUP_KEY = env.secret_bytes("LOOKUP_KEY")

# The patient's strong login (OIDC).
OIDC_ISSUER = env.text("OIDC_ISSUER", "")
OIDC_CLIENT_ID = env.text("OIDC_CLIENT_ID", "utfall")
OIDC_CLIENT_SECRET = env.text("OIDC_CLIENT_SECRET", "")

ALLOW_DEMONSTRATION_WORDING = env.flag("ALLOW_DEMONSTRATION_WORDING", False)

# The 1177 inbox. Its contract 1.0 knows no key and answers no questions (reliability 0): a lost
# reply means a second copy, with the same thread, text and link. `dedupe` and `lookup` only where
# the peer is known to do so.
INBOX_URL = env.text("INBOX_URL", "")
INBOX_LOGICAL_ADDRESS = env.text("INBOX_LOGICAL_ADDRESS", "")
INBOX_SOURCE_SYSTEM = env.text("INBOX_SOURCE_SYSTEM", "")
INBOX_SYSTEM_ID = env.text("INBOX_SYSTEM_ID", "")
INBOX_PROMISE = env.text("INBOX_PROMISE", "prefer-complete")
# 1 message a second and 1,000 a batch: the national inbox's rule, off for the simulator.
INBOX_NATIONAL_LIMITS = env.flag("INBOX_NATIONAL_LIMITS", INBOX_URL.startswith("https://"))
INBOX_CERTIFICATE = env.text("INBOX_CERTIFICATE", "")
INBOX_CERTIFICATE_KEY = env.text("INBOX_CERTIFICATE_KEY", "")
INBOX_AUTHORITY = env.text("INBOX_AUTHORITY", "")

# E-mail: smtp://, smtp+tls:// (STARTTLS) or smtps:// with user, password, host and port.
_MAIL = urlsplit(env.text("EMAIL_URL", "smtp://127.0.0.1:25"))
EMAIL_HOST, EMAIL_PORT = _MAIL.hostname or "127.0.0.1", _MAIL.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_MAIL.username or ""), unquote(_MAIL.password or "")
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.scheme == "smtp+tls", _MAIL.scheme == "smtps"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "utfall@localhost")

# How long a worker holds a message; longer than all calls of one attempt may take.
DELIVERY_LEASE = timedelta(seconds=env.number("DELIVERY_LEASE_SECONDS", 60))
# After so many attempts a message waits for an operator.
DELIVERY_MAX_ATTEMPTS = env.number("DELIVERY_MAX_ATTEMPTS", 25)
# Where the simulated 1177 sends people on: systemId=address, as the real portal has it configured.
SIMULATOR_SYSTEMS = dict(
    pair.split("=", 1)
    for pair in env.words("SIMULATOR_SYSTEMS", f"{INBOX_SYSTEM_ID}={SITE_URL}/1177/")
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "config.logs.WithoutTokens",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {"django": {"handlers": [], "level": "WARNING"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
