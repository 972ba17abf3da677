"""Settings and addresses of the benches: those of Relais, and the stock Django admin on the same rows.

The admin is the rival of the lists. It exists here only: the product has none.
"""

from typing import Any

from relais.config.settings import *  # noqa: F403
from relais.config.settings import INSTALLED_APPS as PRODUCT_APPS
from relais.config.settings import ROOT

INSTALLED_APPS = [*PRODUCT_APPS, "django.contrib.admin"]
ROOT_URLCONF = "bench.admin_urls"
SILENCED_SYSTEM_CHECKS = ["admin.E406", "admin.E408", "admin.E409", "admin.E410"]
ALLOWED_HOSTS: Any = ["testserver", "127.0.0.1"]
STATICFILES_DIRS = [ROOT / "var" / "assets"]
"""The assets of the clone, built by its set-up; everything else lies in the folder of the bench."""
