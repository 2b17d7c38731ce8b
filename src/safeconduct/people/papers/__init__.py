"""Papers: files kept sealed with a record. ``media`` says what may be kept, ``files`` keeps it, ``preview`` shows it.

``render`` runs in a process of its own, without Django and without anything of this package.
"""
