"""The channels that come with Fairway: each module holds one, in its line `CHANNEL`."""
