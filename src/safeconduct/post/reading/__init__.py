"""Files of mail made into letters. Nothing here opens a record, writes a file or fetches anything."""
