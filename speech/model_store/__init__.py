"""Speech models on this machine: which there are, how to get them, whether they are whole."""
