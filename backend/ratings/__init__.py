"""The ratings room: how a finished service was found, by the elder or by whoever asked her."""
