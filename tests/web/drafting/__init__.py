"""Tests of drafts that are held back until they are released."""
