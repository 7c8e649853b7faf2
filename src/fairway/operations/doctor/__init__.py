"""What `fairway doctor` finds: checks of a configuration, its key, its venue, and the machine. Places no order."""
