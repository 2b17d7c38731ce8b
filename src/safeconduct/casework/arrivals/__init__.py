"""Bringing a spreadsheet in: staged sealed, read, matched with what is here, built, and shown all at once.

``staged`` keeps the file and every decision sealed; ``reading`` reads it; ``matches`` finds what is known already;
``work`` settles what to do with each row; ``build`` makes sealed records of it.
"""
