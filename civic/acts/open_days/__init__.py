"""Public open days, from the series to the host's account of the day."""

from civic.acts.open_days import door, due, editions, places, questions, reports, series

__all__ = ["door", "due", "editions", "places", "questions", "reports", "series"]
