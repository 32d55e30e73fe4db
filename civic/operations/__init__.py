"""What the operator does from the command line: back up, restore, name the first steward."""
