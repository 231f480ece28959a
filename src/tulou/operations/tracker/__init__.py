"""The tracker: from the clauses of a policy to commitments, milestones, evidence and assessments, as events.

``domain`` holds what is meant and the rules, ``handlers`` what can be done, ``adapters`` the files. Domain and handlers
know neither files nor frameworks.
"""
