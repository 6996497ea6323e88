"""Reports made from the store."""
