"""What is asserted about a birth, as far as comparing people needs it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Birth:
    """One assertion of a birth: a year, and month and day where they were given. `about` marks a year estimated.

    1 January is what forms print when only the year is known, for very many Afghans and people from the Horn of
    Africa, so it counts as a year and a little less.
    """

    year: int
    month: int | None = None
    day: int | None = None
    about: bool = False

    @property
    def exact(self) -> bool:
        """Whether the day says anything: given in full, not estimated, not 1 January."""
        return self.month is not None and self.day is not None and not self.about and not self.first_of_january

    @property
    def first_of_january(self) -> bool:
        return (self.month, self.day) == (1, 1)
