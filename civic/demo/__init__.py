"""The demonstration: a district's half year, played by acts of invented people on a travelled clock.

`run` builds it once into a folder of its own and serves it. Nothing here writes rows: what the demo shows was done by
somebody who may do it, at the time that the ledger says, so its ledger verifies like any other.
"""
