"""Fuzzing of whatever reads: the same targets for hypothesis and a coverage-guided fuzzer."""
