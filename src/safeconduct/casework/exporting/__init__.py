"""Everything a team holds, in one sealed file of an open form, and back again: docs/reference/export-format.md.

``lines`` says what a line is; ``archive`` writes and reads the parts and their manifest; ``taking`` takes records out;
``staging`` and ``arriving`` bring them into another team.
"""
