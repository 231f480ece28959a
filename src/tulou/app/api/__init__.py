"""The open interface of cities over HTTP: OGC API Features, Tiles and Processes, checks, changes, plans, cases, alarms.

One module a subject; each gives a router. ``application`` puts them together, ``shelf`` opens cities, ``problems`` says
what went wrong. Handlers are thin: they read what was asked, call what the command line calls, and shape the answer.
"""
