"""City management (数字城管): the unit grid, parts and events, indicators of the seven steps, places where cases recur.

Cases themselves run on ``tulou.operations.cases``; here is what they are counted by.
"""
