"""The public record: an append-only Merkle tree that anybody can check."""
