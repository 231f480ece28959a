"""Statistics: inequality, diversity, concentration, growth, questionnaires, and the intervals that go with them.

Summary measures take ``values`` (one a row) and optional ``weights``; a row whose value or weight is unknown (NaN) is
left out here, and it is the indicator's known share that says whether enough rows are left.
"""
