"""How many examples a property test tries: its own number, or more where a profile asks for it."""

from hypothesis import settings


def examples(number: int) -> settings:
    """As many as the test says; with `--hypothesis-profile=long` as many as that profile says."""
    return settings(
        max_examples=max(number, settings.get_current_profile_name() == "long" and 10_000)
    )
