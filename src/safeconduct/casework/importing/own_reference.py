"""The office's own reference, in a form that next week's export of the same sheet can be compared by."""

import re
import unicodedata


def own_key(reference: str) -> str:
    """The reference without what typing and spreadsheets change: case, spaces, the kind of dash or slash.

    "IM/0001", "im - 0001" and "IM 0001" agree; "IM/0001" and "IM/00/01" do not. Zeros in front go only where the whole
    reference is digits (a spreadsheet turns 0012 into 12). Empty for a reference with no letter or digit.
    """
    plain = reference.lower() if reference.isascii() else unicodedata.normalize("NFKC", reference).casefold()
    parts = re.findall(r"[^\W_]+", plain)
    key = "/".join(parts)
    return key.lstrip("0") or "0" if key.isdigit() else key
