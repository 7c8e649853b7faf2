"""Every sentence about an event or a state, as templates by key: one file a subject, one dictionary a language."""
