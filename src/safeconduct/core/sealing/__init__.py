"""Keys and envelopes. Constructions come from ``cryptography``, ``argon2-cffi`` and ``pyrage``; none are ours.

    passphrase ─Argon2id→ member key pair ─HPKE→ team bundle ─wraps→ subject key ─HKDF→ facet key ─AES-256-GCM→ envelope

Read in that order: ``passphrase``, ``members``, ``bundles``, ``wraps``, ``envelopes``; ``epochs`` is the layer
around every stored wrap, ``sessions`` the split key of an unlocked session, ``boxes`` the one authenticated box
that all of them use; ``agefiles`` is what leaves the desk.
"""
