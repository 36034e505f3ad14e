"""What a report says, as tables: the same words for the terminal and for the page."""
