"""From a press to a confirmed intent."""
