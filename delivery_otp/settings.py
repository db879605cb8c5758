"""Every setting, read from the environment. `docs/operators.md` lists the variables."""

from datetime import timedelta
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from delivery_otp.keys import development_secrets, parse_master_keys
from delivery_otp.prices import parse_prices

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
env = environ.Env()

# --- What the environment says ------------------------------------------------------------------

# Django's own DEBUG stays off: its error page shows variables, and here those can hold a delivery code.
# The variable DEBUG switches on what a developer needs: made-up secrets, static files without a build.
DEBUG = False
DEVELOPMENT: bool = env.bool("DEBUG", default=False)


def secret(name: str) -> str:
    value: str = env.str(name, default="")
    if value:
        return value
    if DEVELOPMENT:
        return development_secrets(VAR_DIR)[name]
    raise ImproperlyConfigured(f"{name} is not set. Set it, or set DEBUG=1 on a development machine.")


SECRET_KEY = secret("SECRET_KEY")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
DELIVERY_CODE_KEYS: dict[str, bytes] = parse_master_keys(secret("DELIVERY_CODE_KEYS"))
QR_SIGNING_KEYS: dict[str, bytes] = parse_master_keys(secret("QR_SIGNING_KEYS"), "QR_SIGNING_KEYS")

HOST: str = env.str("HOST", default="127.0.0.1")
PORT: int = env.int("PORT", default=8000)
PUBLIC_URL: str = env.str("PUBLIC_URL", default=f"http://127.0.0.1:{PORT}" if DEVELOPMENT else "").rstrip("/")
if urlsplit(PUBLIC_URL).scheme not in {"http", "https"} or not urlsplit(PUBLIC_URL).hostname:
    raise ImproperlyConfigured(
        "PUBLIC_URL is not set to the address people reach this service at, like https://codes.example.com."
    )
PUBLIC_HOST: str = urlsplit(PUBLIC_URL).hostname or ""
SECURE = PUBLIC_URL.startswith("https://")

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[]) or [PUBLIC_HOST]
if DEVELOPMENT:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]

# How many proxies of our own a request comes through: so many addresses of X-Forwarded-For are believed.
TRUSTED_PROXIES: int = env.int("TRUSTED_PROXIES", default=0)
if TRUSTED_PROXIES < 0:
    raise ImproperlyConfigured("TRUSTED_PROXIES is a number of proxies, 0 or more.")

REDIS_URL: str = env.str("REDIS_URL", default="")
TWILIO_ACCOUNT_SID: str = env.str("TWILIO_ACCOUNT_SID", default="")
TWILIO_AUTH_TOKEN: str = env.str("TWILIO_AUTH_TOKEN", default="")
TWILIO_FROM: str = env.str("TWILIO_FROM", default="")
TWILIO_MESSAGING_SERVICE_SID: str = env.str("TWILIO_MESSAGING_SERVICE_SID", default="")
TWILIO_API_BASE: str = env.str("TWILIO_API_BASE", default="https://api.twilio.com")
# A number that may call, for codes read out over the phone; without it nobody is called.
TWILIO_VOICE_FROM: str = env.str("TWILIO_VOICE_FROM", default="")
# How fast Twilio is asked to send, over all workers; 0: as fast as it goes. Texts beyond what the sender may
# wait at Twilio: docs/operators.md.
TWILIO_MESSAGES_PER_SECOND: float = env.float("TWILIO_MESSAGES_PER_SECOND", default=10.0)
# 1: Twilio is asked not to keep texts (ContentRetention=discard), which it must have allowed the account.
TWILIO_DISCARD_TEXTS: bool = env.bool("TWILIO_DISCARD_TEXTS", default=False)
TWILIO_TIMEOUT_SECONDS = 10

# E-mail: an SMTP server by its address, or a provider that django-anymail knows, with its settings by the
# names that anymail's documentation gives them.
EMAIL_URL: str = env.str("EMAIL_URL", default="")
EMAIL_PROVIDER: str = env.str("EMAIL_PROVIDER", default="").lower()
ANYMAIL: dict[str, Any] = env.json("ANYMAIL", default={})
EMAIL_TIMEOUT = 10
EMAIL_CONFIGURED = bool(EMAIL_URL or EMAIL_PROVIDER)
if EMAIL_URL and EMAIL_PROVIDER:
    raise ImproperlyConfigured("EMAIL_URL and EMAIL_PROVIDER are both set. Keep the one that mail goes by.")
if EMAIL_URL:
    globals().update({name: value for name, value in env.email_url("EMAIL_URL").items() if name.isupper()})
if EMAIL_PROVIDER:
    if not EMAIL_PROVIDER.isidentifier() or find_spec(f"anymail.backends.{EMAIL_PROVIDER}") is None:
        raise ImproperlyConfigured(f"EMAIL_PROVIDER={EMAIL_PROVIDER} is not a provider of django-anymail.")
    EMAIL_BACKEND = f"anymail.backends.{EMAIL_PROVIDER}.EmailBackend"
    # Not every provider can be told for each mail not to track it; those are told in their own settings.
    ANYMAIL = {"REQUESTS_TIMEOUT": EMAIL_TIMEOUT, "IGNORE_UNSUPPORTED_FEATURES": True} | ANYMAIL
    ANYMAIL["DEBUG_API_REQUESTS"] = False  # it prints whole mails
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default=f"Delivery codes <no-reply@{PUBLIC_HOST}>")

# A message is tried so often, over about an hour; a worker that says nothing for so long is taken for lost.
MESSAGE_TRIES = 12
MESSAGE_LEASE_SECONDS: float = env.float("MESSAGE_LEASE_SECONDS", default=60.0)
# How many messages one worker process has under way at once, each on a connection of its own to PostgreSQL.
MESSAGE_SENDERS: int = env.int("MESSAGE_SENDERS", default=4)
# Messages are deleted after so many days, with the address they went to. 0: never.
MESSAGES_KEPT_DAYS: int = env.int("MESSAGES_KEPT_DAYS", default=0)
# Real messages to one address in a day (UTC); delivery codes twice as many. 0: as many as there are.
MESSAGE_CAP_PER_ADDRESS_PER_DAY: int = env.int("MESSAGE_CAP_PER_ADDRESS_PER_DAY", default=30)
# Text messages and calls in a day to numbers with the same first seven digits, to one country, and for one
# merchant that has no cap of its own. 0: as many as there are.
SMS_CAP_PER_PREFIX_PER_DAY: int = env.int("SMS_CAP_PER_PREFIX_PER_DAY", default=500)
SMS_CAP_PER_COUNTRY_PER_DAY: int = env.int("SMS_CAP_PER_COUNTRY_PER_DAY", default=20_000)
SMS_CAP_PER_MERCHANT_PER_DAY: int = env.int("SMS_CAP_PER_MERCHANT_PER_DAY", default=10_000)
# And to numbers that people want to add to their accounts, of all of them together. 0: as many as there are.
SMS_CAP_OF_ACCOUNTS_PER_DAY: int = env.int("SMS_CAP_OF_ACCOUNTS_PER_DAY", default=500)
# Countries (ISO 3166-1 alpha-2) whose numbers get text messages and calls; none named: all of them.
SMS_COUNTRIES: frozenset[str] = frozenset(
    country.upper() for country in env.list("SMS_COUNTRIES", default=[])
)
# What one message, or one segment of a text, costs by channel and country, until the provider says it.
MESSAGE_PRICES_CURRENCY: str = env.str("MESSAGE_PRICES_CURRENCY", default="USD").upper()
MESSAGE_PRICES: dict[tuple[str, str], Decimal] = parse_prices(env.list("MESSAGE_PRICES", default=[]))
WAKE_WORKERS = "delivery_otp.celery.publish_drain"

SANDBOX: bool = env.bool("SANDBOX", default=False)
SANDBOX_PASSWORD: str = env.str("SANDBOX_PASSWORD", default="")
if SANDBOX and (TWILIO_ACCOUNT_SID or EMAIL_CONFIGURED):
    raise ImproperlyConfigured(
        "SANDBOX=1 shows every message to whoever opens /sandbox/, but a real channel is configured. "
        "Set SANDBOX=0, or unset TWILIO_ACCOUNT_SID, EMAIL_URL and EMAIL_PROVIDER."
    )
if SANDBOX and not SANDBOX_PASSWORD and not {HOST, PUBLIC_HOST} <= LOOPBACK:
    raise ImproperlyConfigured(
        "SANDBOX=1 on an address that others can reach needs SANDBOX_PASSWORD. Set it, or set SANDBOX=0."
    )

# --- The parts ----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "support",  # before the admin, whose templates it replaces
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "allauth.account",
    "allauth.mfa",
    "api",
    "notifications",
    "accounts",
    "orders",
    "fleet",
    "handoffs",
    "merchants",
    "couriers",
    "customers",
    "delivery_otp",
]

MIDDLEWARE = [
    "api.middleware.RequestIdMiddleware",
    "delivery_otp.languages.LanguageMiddleware",
    "api.middleware.ProblemMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "delivery_otp.headers.HeadersMiddleware",
    "delivery_otp.middleware.SessionMiddleware",
    "delivery_otp.middleware.CommonMiddleware",
    "api.middleware.BodyMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "delivery_otp.middleware.AuthenticationMiddleware",
    "delivery_otp.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "delivery_otp.middleware.CSPMiddleware",
    "delivery_otp.middleware.NulMiddleware",
]

ROOT_URLCONF = "delivery_otp.urls"
WSGI_APPLICATION = "delivery_otp.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- Accounts -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL, LOGIN_REDIRECT_URL = "account_login", "account_home"
PASSWORD_RESET_TIMEOUT = 3600  # seconds; what the message says
# NIST SP 800-63B-4, 3.1.1.2: eight characters beside a second factor, nothing common, no mixing rules.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "UserAttributeSimilarityValidator")
]
# Of django-allauth we use the login with its stages and, for apps and passkeys, its models and flows; none of
# its addresses, messages and counters (docs/decisions/0050).
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_TIMEOUT = 900  # seconds from the right password to the code
ACCOUNT_RATE_LIMITS = False
MFA_ADAPTER = "accounts.factors.passkeys.PasskeyAdapter"
MFA_SUPPORTED_TYPES = ["webauthn"]  # its app and recovery codes are off: ours are in accounts/factors
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
SESSION_ENGINE = "accounts.session_store"
# Staff sign in anew after so long (NIST SP 800-63B-4, 2.2.3: a day at most), and others after 14 days unused.
STAFF_SESSION = timedelta(hours=env.float("STAFF_SESSION_HOURS", default=12.0))

# --- Data ---------------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
VAR_DIR.mkdir(exist_ok=True) if DEVELOPMENT else None
database: dict[str, Any] = dict(env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}"))
if database["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE takes the write lock at BEGIN, which is what "lock first, then read" means on SQLite.
    # secure_delete overwrites what is deleted: an erased nonce must not stay in the file's free space.
    # recursive_triggers: the triggers that keep tables append-only see an INSERT OR REPLACE too.
    database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
        "PRAGMA secure_delete=ON; PRAGMA recursive_triggers=ON;",
    }
else:
    # Where the network swallows packets, libpq waits for minutes unless told otherwise, and a thread with it.
    noticed = {
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,  # milliseconds
    }
    database["OPTIONS"] = noticed | database.get("OPTIONS", {})
    database |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "DISABLE_SERVER_SIDE_CURSORS": True}
DATABASES = {"default": database}
# What a handoff sends is prepared once per connection. A pooler that does not carry prepared statements over
# (PgBouncer before 1.21, or without max_prepared_statements) wants 0.
PREPARED_STATEMENTS: bool = env.bool("PREPARED_STATEMENTS", default=True)

if REDIS_URL:
    CACHES: dict[str, Any] = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Pages --------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
# The languages that our words to recipients exist in (docs/messages.md): a page never mixes two.
LANGUAGES = [
    ("en-gb", "English"),
    ("es", "Español"),
    ("pt-br", "Português"),
    ("fr", "Français"),
    ("de", "Deutsch"),
    ("hi", "हिन्दी"),
    ("ar", "العربية"),
    ("ja", "日本語"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
WHITENOISE_USE_FINDERS = DEVELOPMENT
WHITENOISE_AUTOREFRESH = DEVELOPMENT
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # In production each file is collected under a name with its hash, which browsers keep for ever.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEVELOPMENT
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # forms carry the token in a field; no script of ours reads the cookie
if SECURE:
    # A browser takes these names only over https, from this host itself, for the whole of it (RFC 6265bis).
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SECURE_CONTENT_TYPE_NOSNIFF = True
# Not no-referrer everywhere: under it browsers send `Origin: null` with a form, which Django's CSRF check
# refuses. The pages whose address is a secret say no-referrer themselves and take that origin.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_SSL_REDIRECT = SECURE
SECURE_SSL_HOST = urlsplit(PUBLIC_URL).netloc if SECURE else None
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]  # asked from inside, past the proxy
# HSTS for subdomains and on browsers' preload lists is for the owner of the whole domain to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576

# --- API ----------------------------------------------------------------------------------------

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["api.negotiation.JSONRenderer"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "api.schema.ApiSchema",
    "EXCEPTION_HANDLER": "api.errors.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Delivery codes",
    "DESCRIPTION": "A parcel that matters is handed over only to the person who holds its delivery code.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.schema.describe_problems",
    ],
}

# --- Log ----------------------------------------------------------------------------------------

LOG_LEVEL: str = env.str("LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "delivery_otp.logs.Formatter",
            "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s",
        }
    },
    "filters": {"request_id": {"()": "api.request_ids.RequestIdFilter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]},
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
    },
}
