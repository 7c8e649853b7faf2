"""What a pilot can see: what the trader's journal, the venue, probes and files tell, as series and as one `Observation`."""
