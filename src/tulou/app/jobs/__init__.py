"""Long work that outlives whoever asked for it: jobs kept on the disk, each done by a process of its own.

A job is a folder beside the city's facts. Whoever stops the server, by whatever means, stops no more than the work of
the moment: when it starts again it takes up every job that was not ended.
"""
