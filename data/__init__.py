"""Facts: sources, lexicons, rules, templates, models and the sample day."""
