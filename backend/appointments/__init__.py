"""Appointments: facilities, doctors, their slots, and who holds which."""
