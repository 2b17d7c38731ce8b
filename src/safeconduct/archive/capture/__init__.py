"""Capturing: fetching, packing as WARC in WACZ, time-stamps, checking, watching, and handing over.

Plain Python without a database. Begin at `captured`.
"""
