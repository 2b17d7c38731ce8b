"""What members do with sources: each act decides, checks the state, writes and records."""
