"""When: the nightly, the watch, the emergency, the schedules and the command line."""
