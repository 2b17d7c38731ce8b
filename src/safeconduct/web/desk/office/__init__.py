"""What concerns the office and its members: teams, keys, settings, the log, alarms, who does what."""
