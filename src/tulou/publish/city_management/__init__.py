"""City management as pages: the unit grid, the day and the month, places where cases recur."""
