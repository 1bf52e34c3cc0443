"""The alarms room: emergencies heard, who took them on, and how they ended."""
