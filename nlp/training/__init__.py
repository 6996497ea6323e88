"""One file a model: from labelled rows to a saved model and the line that says how well it judged what it had not seen."""
