"""Backups: made, tried and restored. A backup holds no key; the epoch file, which it needs, is kept elsewhere.

Read in this order: ``manifest`` (what a backup says of itself), ``places`` (where it may lie), ``copying``, ``make``;
then ``restoring`` and ``compare``, which also try each new backup.
"""
