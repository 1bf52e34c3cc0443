"""The retention room: what is no longer needed is deleted at its age; that it was done is in the audit."""
