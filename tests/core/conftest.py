"""Laws of the core are drawn by hypothesis; a busy machine must not fail them for being slow."""

from hypothesis import HealthCheck, settings

settings.register_profile("core", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("core")
