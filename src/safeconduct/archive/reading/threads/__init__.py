"""Threads: posts that answer one another, as services and their readers hand them over."""
