"""Everything a team holds, in one sealed file of an open form, and back again: docs/reference/export-format.md.

``lines`` says what a line is; ``archive`` writes and reads the records and their manifest; ``package`` is the file
around them; ``taking`` takes records out; ``sealing_anew`` and ``arriving`` bring them into another team.
"""
