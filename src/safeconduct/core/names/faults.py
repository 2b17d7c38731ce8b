"""What can be wrong with a stored index."""


class MalformedIndex(ValueError):
    """A sealed index opened, but what was inside is not an index this version reads.

    `fault` is a fixed word for logs and tests; the message never holds content.
    """

    def __init__(self, fault: str) -> None:
        self.fault = fault
        super().__init__(
            f"The name index could not be read ({fault}). Build it again from the people's records: "
            "nothing but the speed of search depends on it."
        )
