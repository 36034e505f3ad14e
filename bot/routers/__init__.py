"""What people ask of the bot, one router per area. Parse, authorise, call one use case, render."""
