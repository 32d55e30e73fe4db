"""Every write: one function an act, thin, readable aloud."""
