"""Citing the archive: passages that stay where they were, and the lines that name their source."""
