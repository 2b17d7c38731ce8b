"""People, their households, papers, what they told, and what their records were before."""
