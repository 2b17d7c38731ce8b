"""The pages of the archive: sources, passages, watching and handing over. One module a page."""
