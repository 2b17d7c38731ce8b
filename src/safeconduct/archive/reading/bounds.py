"""How much of a source is read. Past these it is refused, or what is left out is said by a flag; never silently."""

from typing import Final

MEBI: Final = 1024 * 1024
MOST_BYTES: Final = 512 * MEBI  # of a package; nothing larger is looked at
MOST_TEXT_BYTES: Final = 24 * MEBI  # of a page, a text, a feed, a file of JSON
MOST_PDF_BYTES: Final = 100 * MEBI
MOST_PDF_PAGES: Final = 2_000
MOST_UNPACKED: Final = 512 * MEBI  # of all that is taken out of one package
MOST_MEMBER: Final = 192 * MEBI  # of one file in it
MOST_RATIO: Final = 400  # unpacked to packed; text packs 10 to 60 times
MOST_NAMES: Final = 200_000
MOST_RECORDS: Final = 100_000
MOST_RAW: Final = 6_000_000  # characters of a page, a text or a paper; a long novel has three million
MOST_RAW_OF_POSTS: Final = 24_000_000  # of all posts of an account
MOST_TAGS: Final = 250_000
MOST_DEEP: Final = 250
MOST_POSTS: Final = 200_000
MOST_LINKS: Final = 50_000
MOST_FLAGS: Final = 2_000
MOST_PARTS: Final = 2_000
MOST_TITLE: Final = 1_000
