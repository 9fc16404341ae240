"""Settings: safe when unset, everything from the environment.

Each variable, what it is for and what holds when it is unset stands in `docs/reference/settings.md`; a test holds that page and this
code against each other. A value that cannot be used stops the node at once, with a sentence, and is never read as something else.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

from fairwitness.errors import BadInput, Fault


def _choice(name: str, default: str, *others: str) -> str:
    """One of these words."""
    said = os.environ.get(name) or default
    if said not in (default, *others):
        raise BadInput.of(Fault(name, f"is {said!r}; write {' or '.join((default, *others))}"))
    return said


def _whole(name: str, default: int, least: int, most: int) -> int:
    """A whole number within bounds."""
    said = os.environ.get(name) or str(default)
    if not said.isascii() or not said.isdigit() or len(said) > 9 or not least <= int(said) <= most:
        raise BadInput.of(Fault(name, f"is {said!r}; give a whole number from {least} to {most}"))
    return int(said)


def _zone(name: str, default: str) -> str:
    """The name of a time zone."""
    said = os.environ.get(name) or default
    try:
        return str(ZoneInfo(said))
    except (ValueError, KeyError, OSError):
        raise BadInput.of(Fault(name, f"is {said!r}, which is no time zone; write one such as Europe/Belgrade")) from None


FAIRWITNESS_DATA = Path(os.environ.get("FAIRWITNESS_DATA", "data")).resolve()
FAIRWITNESS_DEMO = os.environ.get("FAIRWITNESS_DEMO") == "1"
TLS_CERT, TLS_KEY = os.environ.get("FAIRWITNESS_TLS_CERT", ""), os.environ.get("FAIRWITNESS_TLS_KEY", "")
SECURE = _choice("FAIRWITNESS_SECURE", "0", "1") == "1" or bool(TLS_CERT)
SECOND_FACTOR = _choice("FAIRWITNESS_SECOND_FACTOR", "required", "offered")
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES = _whole("FAIRWITNESS_PROXIES", 0, 0, 9)
METRICS_TOKEN = os.environ.get("FAIRWITNESS_METRICS_TOKEN", "")
if METRICS_TOKEN and len(METRICS_TOKEN) < 20:
    raise BadInput.of(Fault("FAIRWITNESS_METRICS_TOKEN", "is shorter than twenty signs; make a longer one by chance"))
UPLOAD_MOST = _whole("FAIRWITNESS_UPLOAD_MB", 25, 1, 25) * 1024 * 1024
UPLOAD_DAY_MOST = _whole("FAIRWITNESS_UPLOAD_DAY_MB", 1024, 1, 1_000_000) * 1024 * 1024
BLOBS_MOST = _whole("FAIRWITNESS_BLOBS_GB", 0, 0, 1_000_000) * 1024**3
MAIL_HOST, MAIL_PORT = os.environ.get("FAIRWITNESS_MAIL_HOST", ""), _whole("FAIRWITNESS_MAIL_PORT", 587, 1, 65_535)
MAIL_SECURITY = _choice("FAIRWITNESS_MAIL_SECURITY", "starttls", "tls", "none")
MAIL_USER, MAIL_PASSWORD = os.environ.get("FAIRWITNESS_MAIL_USER", ""), os.environ.get("FAIRWITNESS_MAIL_PASSWORD", "")
MAIL_FROM, MAIL_SITE = os.environ.get("FAIRWITNESS_MAIL_FROM", ""), os.environ.get("FAIRWITNESS_MAIL_SITE", "").rstrip("/")
MAIL_HOUR = _whole("FAIRWITNESS_MAIL_HOUR", 6, 0, 23)
if MAIL_HOST and ("@" not in MAIL_FROM or any(sign.isspace() for sign in MAIL_FROM)):
    raise BadInput.of(Fault("FAIRWITNESS_MAIL_FROM", "is no address; with a mail server given, name the address mails come from"))
if MAIL_HOST and (urlsplit(MAIL_SITE).scheme not in ("http", "https") or not urlsplit(MAIL_SITE).hostname):
    raise BadInput.of(Fault("FAIRWITNESS_MAIL_SITE", "is no address of this node; write it as people open it, such as https://node.example"))
if MAIL_PASSWORD and MAIL_SECURITY == "none":
    raise BadInput.of(Fault("FAIRWITNESS_MAIL_PASSWORD", "would travel in the open; set FAIRWITNESS_MAIL_SECURITY to starttls or tls"))
LEAST_FREE = _whole("FAIRWITNESS_LEAST_FREE_GB", 2, 1, 100_000) * 1024**3
DEBUG = False


def _secret() -> str:
    """The key of sessions and form tokens: a file of this node, made at first use, readable by its owner."""
    path = FAIRWITNESS_DATA / "session.key"
    try:
        return path.read_text("ascii")
    except FileNotFoundError:
        FAIRWITNESS_DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text("ascii")
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
        return path.read_text("ascii")


def _database(address: str) -> dict[str, Any]:
    if address == "sqlite":
        pragmas = (
            "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON", "busy_timeout=20000",
            "temp_store=MEMORY", "mmap_size=134217728", "journal_size_limit=27103364", "cache_size=-20000", "secure_delete=ON",
        )  # fmt: skip
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": FAIRWITNESS_DATA / "fairwitness.sqlite3",
            "CONN_MAX_AGE": 60,  # opening it reads the whole schema: a third of a small page's work
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "".join(f"PRAGMA {pragma};" for pragma in pragmas),
            },
        }
    parts = urlsplit(address)
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/") or "fairwitness",
        "USER": unquote(parts.username or "postgres"),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [unquote(parts.hostname or "")])[0],
        "PORT": str(parts.port or query.get("port", [""])[0]),
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
    }


SECRET_KEY = os.environ.get("FAIRWITNESS_SESSION_KEY") or _secret()
DATABASES = {"default": _database(os.environ.get("FAIRWITNESS_DATABASE", "sqlite"))}
ALLOWED_HOSTS = [host.strip() for host in (os.environ.get("FAIRWITNESS_HOSTS") or "localhost,127.0.0.1,[::1]").split(",") if host.strip()]
if any("*" in host or host.startswith(".") for host in ALLOWED_HOSTS):
    raise BadInput.of(Fault("FAIRWITNESS_HOSTS", "names each host in full; a star would let any site speak in the mission's name"))

ROOMS = ("record", "mission", "monitor", "verify", "analyse", "warn", "report", "recommend", "assist", "share", "web")
INSTALLED_APPS = [
    *(f"fairwitness.{room}.apps.{room.capitalize()}Config" for room in ROOMS),
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "fairwitness.web.watch.WatchMiddleware",
    "fairwitness.web.shrink.ShrinkMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "fairwitness.web.tongue.TongueMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "fairwitness.web.refuse.RefusalMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "fairwitness.web.urls"
ASGI_APPLICATION = "fairwitness.web.asgi.application"
WSGI_APPLICATION = "fairwitness.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "fairwitness.web.frame.frame",
            ],
        },
    }
]
AUTH_USER_MODEL = "web.Account"
AUTHENTICATION_BACKENDS = ["fairwitness.web.sign_in.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/?left=1"  # the page then forgets what this device kept
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "fairwitness.web.sign_in.Adapter"
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "60/m/ip", "reauthenticate": "20/m/user"}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {"login": "fairwitness.web.sign_in.PasswordForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Fairwitness"
MFA_ADAPTER = "fairwitness.web.sign_in.SecondFactor"
MFA_FORMS = {
    "authenticate": "fairwitness.web.sign_in.CodeForm", "reauthenticate": "fairwitness.web.sign_in.CodeAgainForm",
    "add_webauthn": "fairwitness.web.sign_in.AddPasskey",
}  # fmt: skip
CSRF_FAILURE_VIEW = "fairwitness.web.refuse.form_out_of_date"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
if SECURE:  # browsers then refuse these from another host of the same domain, or without TLS
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^health/$", r"^metrics/$"]  # asked by this machine's own watch, without TLS where a proxy ends it
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE and PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "web_cache", "OPTIONS": {"MAX_ENTRIES": 200_000}}
}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_MOST
DATA_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_MOST + 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("sq", "Shqip"), ("sr-latn", "Srpski"), ("sr", "Српски"), ("tr", "Türkçe"), ("bs", "Bosanski")]
PUBLIC_LANGUAGES = [("rom", "Romani")]  # pages of the public door alone, see web/tongue.py
LOCALE_PATHS = [Path(__file__).parent.parent / "locale"]
FORMAT_MODULE_PATH = ["fairwitness.web.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = _zone("FAIRWITNESS_TIME_ZONE", "Europe/Belgrade")
STATIC_URL = "/static/"
STATICFILES_DIRS = [Path(__file__).parent / "static"]
STATIC_ROOT = FAIRWITNESS_DATA / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# W001: allauth's wish for mail, which a node has not. W021: whether browsers carry this host in a list of their own is not ours to ask for.
SILENCED_SYSTEM_CHECKS = ["account.W001", "security.W021"]
LOG_REQUESTS = _choice("FAIRWITNESS_LOG", "warnings", "requests") == "requests"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "fairwitness.web.watch.Lines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "fairwitness.requests": {"level": "INFO" if LOG_REQUESTS else "ERROR"},
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
