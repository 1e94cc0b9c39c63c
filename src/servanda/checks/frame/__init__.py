"""The frame of the checks: what a warning is, what a check is given, how all of them are run."""
