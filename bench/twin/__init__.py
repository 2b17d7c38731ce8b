"""The unsealed twin: the same desk on the same tables with the same log, its records kept as plain text."""
