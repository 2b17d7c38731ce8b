"""Public sources kept as evidence: captured whole, read, found, cited, watched and handed over."""
