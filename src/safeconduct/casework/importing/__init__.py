"""Reading an office's own spreadsheet: plain Python, no database, nothing written anywhere.

The way through: `read.read_sheet` (bytes to cells), `columns.propose` (which column is what), `plan.plan` (each row
read, each fault by row) and `repeats` (which rows look like one person). What is done with the result (staging,
applying, undoing) is not here. Cell contents are in what these modules return and never in the text of an exception.
"""
