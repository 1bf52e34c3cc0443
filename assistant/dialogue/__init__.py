"""The Rasa project and the dialogue process."""
