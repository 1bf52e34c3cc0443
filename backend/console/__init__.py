"""The console: the web pages with which caregivers, coordinators and administrators do their day's work."""
