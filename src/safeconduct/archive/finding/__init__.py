"""Finding in the archive: words and parts of words in every script, the same answers on either database."""
