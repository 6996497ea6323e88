"""What the house keeps: stage types, settings, errors, models, queries and the audit chain."""
