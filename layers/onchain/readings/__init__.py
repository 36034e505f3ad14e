"""What providers answered, kept so that it can be read as of an instant."""
