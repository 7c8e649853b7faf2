"""Events as they happen: the records of the journals, by Server-Sent Events and by WebSocket."""
