"""Forms of the desk: what people may type, read strictly."""
