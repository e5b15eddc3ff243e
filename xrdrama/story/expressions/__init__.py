"""The expression language of stories: parsed, typed and compiled to closures."""
