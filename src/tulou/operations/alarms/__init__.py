"""Alarms of lifelines: readings kept, rules judged in the stream, and every alarm a case with an owner."""
