"""Trust: who may do what for which purpose, who looked at whom, and identities kept apart from cases.

``domain/`` holds rules without files, clocks or frameworks; ``handlers/`` what is done; ``adapters/`` SQL, keys and
ciphers. The least count that may be published is ``Settings.number("publication", "least", day)``; the table itself is
hidden by ``tulou.measures.statistics.suppression``.
"""
