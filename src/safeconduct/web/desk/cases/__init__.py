"""Cases: letters and their clocks, limits of the law, removals, tasks, how they end."""
