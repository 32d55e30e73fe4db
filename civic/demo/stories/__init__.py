"""One module a story. Each has ``scenes(stage)``, which gives what happens and when, in days from today."""
