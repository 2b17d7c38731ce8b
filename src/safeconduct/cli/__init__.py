"""The command `safeconduct`, one file a command."""
