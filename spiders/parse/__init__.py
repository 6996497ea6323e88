"""Parsers: pure functions of a saved response; no network, no clock, no framework."""
