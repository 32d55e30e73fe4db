"""What every part of the API stands on: ids, connections, errors, context, limits, execution."""
