"""The tray: messages, where each belongs, and incidents."""
