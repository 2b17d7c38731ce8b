"""Mutation testing of the rooms everything stands on: each small change to their code must fail a test.

`./run mutate` changes one expression at a time (mutmut for Python, `cedar` for the policy files), runs the rooms'
tests against each change, and writes its figures into docs/reference/mutation.md. A survivor that is neither a fault's
wording nor explained in explained.toml fails the run.
"""
