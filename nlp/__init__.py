"""What it says: pure functions over Chinese text."""
