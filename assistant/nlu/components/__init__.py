"""Rasa pipeline components: the only place that imports rasa."""
