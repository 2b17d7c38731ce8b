"""Side-by-side measurements of the desk: `python -m bench`, or `./run bench`. Nothing here passes or fails."""
