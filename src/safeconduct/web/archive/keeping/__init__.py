"""Taking sources in, and what is done with one: stamps, masks, watching, reading anew, removing."""
