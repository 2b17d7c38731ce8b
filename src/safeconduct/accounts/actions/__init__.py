"""What changes accounts: first use, sessions, passphrases, members and teams."""
