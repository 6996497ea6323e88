"""Who sees it: the desk of the press officers."""
