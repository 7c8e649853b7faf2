"""What people can do with channels of messages."""
