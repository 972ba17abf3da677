"""The settings of Relais: one file, read once from the environment, loud when wrong.

Every variable is documented in docs/operations.md; a value that cannot be read stops the start.
"""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from environs import Env

env = Env()
PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent
VAR = Path(env.str("RELAIS_VAR", str(ROOT / "var")))

DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)
"""The demonstration: one-click accounts on the login page, mails kept in a folder. Never in production."""

LOCAL_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", LOCAL_HOSTS)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [])
HTTPS = env.bool("HTTPS", False)
SECRET_KEY = env.str("SECRET_KEY", "")
if not SECRET_KEY:
    if env.bool("PRODUCTION", False) or HTTPS or not set(ALLOWED_HOSTS) <= set(LOCAL_HOSTS):
        raise ImproperlyConfigured(
            "SECRET_KEY is empty, and this site is not for one machine alone (PRODUCTION, HTTPS or "
            "ALLOWED_HOSTS). Set it to 50 random characters or more."
        )
    SECRET_KEY = "local-only-" + "0" * 50

SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
if env.bool("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_AGE = 10 * 3600
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

INSTALLED_APPS = [
    "relais.config",
    "relais.demo",
    "relais.insight",
    "relais.execution",
    "relais.clauses",
    "relais.screening",
    "relais.procurement",
    "relais.offer",
    "relais.organisations",
    "relais.territories",
    "relais.kit",
    "allauth",
    "allauth.account",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "relais.organisations.middleware.ActorMiddleware",
    "relais.kit.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "relais.config.urls"
WSGI_APPLICATION = "relais.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "relais.config.frame.frame",
            ],
        },
    }
]
FORM_RENDERER = "relais.kit.forms.Renderer"

DATABASE_URL = env.str("DATABASE_URL", f"sqlite:///{VAR / 'relais.sqlite3'}")
DATABASES = {"default": env.dj_db_url("DATABASE_URL", DATABASE_URL, conn_max_age=60, conn_health_checks=True)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    Path(DATABASES["default"]["NAME"] or ".").parent.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000;",
    }
elif DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"].get("OPTIONS", {}),
        "options": "-c statement_timeout=60000 -c lock_timeout=10000",
    }
else:
    raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:// or postgresql://.")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 14},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "relais.organisations.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/5m/key,60/m/ip"}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "core" / "locale"]
FORMAT_MODULE_PATH = ["relais.kit.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [VAR / "assets"]
for folder in (STATIC_ROOT, *STATICFILES_DIRS):
    folder.mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env.bool("STATIC_MANIFEST", False)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(VAR / "media")))
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", 64 * 1024 * 1024)
"""Largest file taken by a page, in bytes; longer files go through the command line."""

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "relais@localhost")
MAIL_URL = urlsplit(env.str("MAIL_URL", ""))
"""Where mails go: smtp://, submission:// (STARTTLS), smtps:// (TLS); empty keeps them in RELAIS_VAR/mail."""
if not MAIL_URL.scheme:
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(VAR / "mail")},
        }
    }
elif MAIL_URL.scheme in ("smtp", "submission", "smtps"):
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": MAIL_URL.hostname or "localhost",
                "port": MAIL_URL.port or {"smtp": 25, "submission": 587, "smtps": 465}[MAIL_URL.scheme],
                "username": unquote(MAIL_URL.username or ""),
                "password": unquote(MAIL_URL.password or ""),
                "use_tls": MAIL_URL.scheme == "submission",
                "use_ssl": MAIL_URL.scheme == "smtps",
                "timeout": 20,
            },
        }
    }
else:
    raise ImproperlyConfigured("MAIL_URL must begin with smtp://, submission:// or smtps://.")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
}
TEST_RUNNER = "django.test.runner.DiscoverRunner"
