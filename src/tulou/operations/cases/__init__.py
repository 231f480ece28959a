"""Cases: what was found gets an owner, a time limit and an end, and moves by events only.

``domain`` holds what is meant and the rules, ``handlers`` what can be done, ``adapters`` the files. Domain and handlers
know neither files nor frameworks.
"""
