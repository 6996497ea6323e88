"""One file a command: reads its arguments, calls one function, prints what came of it."""
