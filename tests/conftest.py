"""Settings of the property tests: few examples in `make test`, many in `make fuzz`."""

from hypothesis import HealthCheck, settings

settings.register_profile("default", deadline=None, max_examples=60)
settings.register_profile(
    "fuzz", deadline=None, max_examples=5_000, suppress_health_check=list(HealthCheck)
)
settings.load_profile("default")
