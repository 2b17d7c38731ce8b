"""What changes casework: opening and changing cases, logging what happened, deadlines, imports."""
