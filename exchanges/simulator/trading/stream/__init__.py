"""What an account is told over its private stream."""
