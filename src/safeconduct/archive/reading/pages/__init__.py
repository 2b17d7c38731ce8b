"""Pages and papers: what one reads from the top to the bottom."""
