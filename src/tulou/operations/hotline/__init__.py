"""The hotline 12345: requests taken in, dispatched by a person, answered, asked about again, counted honestly.

``domain`` holds what a request is and the rules, ``adapters`` files and the library that learns. Whatever has an owner,
a time limit and an end is a case of the flow ``hotline`` (``operations.cases``).
"""
