"""Communities: social grids, the staff and volunteers they need, and what owners decide together.

``domain`` holds the pure rules; it knows no files and no clock. ``adapters`` read what rulebooks and offices write.
"""
