"""Packages that hold a source among other things."""
