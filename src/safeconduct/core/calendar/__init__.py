"""Days, limits and dates as written. Plain Python; knows no database and no request.

`days`: working days of each nation. `rows`, `rules`: dated rows as data. `limits`: from a rule and an event to days.
`stops`, `running`: what stops a standard's clock, and its last day then. `written`: the shapes of a date. `typed`: what
people type. `sheets`: spreadsheet cells. `births`: as far as known.
"""
