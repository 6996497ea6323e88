"""How well the language rooms judge, measured on public sets and our own gold: one file a task, one figure a line."""
