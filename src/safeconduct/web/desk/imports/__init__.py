"""Bringing in a spreadsheet, page by page."""
