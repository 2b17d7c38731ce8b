"""Files of every kind made into readings. Nothing here opens a record, writes a file or fetches anything."""
